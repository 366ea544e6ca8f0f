using System.Security.Cryptography;
using CleanRoom.Cryptography.Curves;

namespace CleanRoom.Cryptography.Bcl;

/// <summary>P-256 keys in the form that the class library takes.</summary>
internal static class BclEcParameters
{
    private const int CoordinateBytes = 32;

    /// <summary>Returns parameters of a checked public key and, when given, its private scalar in <paramref name="pinned"/>.</summary>
    internal static ECParameters Of(ReadOnlySpan<byte> publicKey, byte[]? pinned = null) => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        D = pinned,
        Q = new ECPoint
        {
            X = publicKey.Slice(1, CoordinateBytes).ToArray(),
            Y = publicKey.Slice(1 + CoordinateBytes, CoordinateBytes).ToArray(),
        },
    };

    /// <summary>Hands the parameters of a private key to an import and zeroes the copy of the scalar.</summary>
    internal static TKey Import<TKey>(SecretBytes privateKey, ReadOnlySpan<byte> publicKey, Func<ECParameters, TKey> import)
    {
        // The class library wants an array; a pinned one is never moved, so zeroing it leaves nothing behind.
        var scalar = GC.AllocateArray<byte>(P256PrivateKey.Length, pinned: true);
        try
        {
            privateKey.Span.CopyTo(scalar);
            return import(Of(publicKey, scalar));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }
}
