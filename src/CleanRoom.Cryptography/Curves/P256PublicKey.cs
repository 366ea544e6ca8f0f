using CleanRoom.Protocol;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Math.EC.Multiplier;

namespace CleanRoom.Cryptography.Curves;

/// <summary>Public keys on P-256 in their only accepted form: 65 bytes, 0x04, x and y big-endian.</summary>
/// <remarks>Spec: SEC 1 s.2.3.3; contracts/spec/0010 s.3.</remarks>
public static class P256PublicKey
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 65;

    private const byte Uncompressed = 0x04;

    internal static X9ECParameters Parameters { get; } = CustomNamedCurves.GetByName("secp256r1");

    /// <summary>Says whether the bytes are a point on the curve other than infinity.</summary>
    /// <param name="publicKey">Trust: attacker-controlled.</param>
    public static bool IsValid(ReadOnlySpan<byte> publicKey) => TryDecode(publicKey) is not null;

    /// <summary>Computes the public key of a private scalar.</summary>
    /// <param name="privateKey">32 bytes, big-endian, in 1..n-1.</param>
    /// <returns>65 bytes.</returns>
    /// <exception cref="ArgumentException">The scalar is out of range or not 32 bytes long.</exception>
    public static Bytes Of(SecretBytes privateKey)
    {
        ArgumentNullException.ThrowIfNull(privateKey);
        if (!P256PrivateKey.IsValid(privateKey.Span))
        {
            throw new ArgumentException("wanted a scalar of 32 bytes between 1 and n-1", nameof(privateKey));
        }

        var point = new FixedPointCombMultiplier().Multiply(Parameters.G, new BigInteger(1, privateKey.Span)).Normalize();
        return new Bytes(point.GetEncoded(compressed: false));
    }

    internal static ECPoint? TryDecode(ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != Length || publicKey[0] != Uncompressed)
        {
            return null;
        }

        try
        {
            return Parameters.Curve.DecodePoint(publicKey);
        }
        catch (ArgumentException)
        {
            // A coordinate of p or more, or a point beside the curve.
            return null;
        }
    }
}
