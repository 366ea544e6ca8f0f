using CleanRoom.Cryptography.Curves;
using CleanRoom.Cryptography.Signatures;

namespace CleanRoom.Cryptography.Keys;

/// <summary>The private parts of a member's three keys, where they are extractable: on a command line.</summary>
public sealed class MemberSecrets : IDisposable
{
    internal const int EncodedBytes = (2 * P256PrivateKey.Length) + Ed25519Key.SeedBytes;

    private MemberSecrets(SecretBytes sign, SecretBytes receive, SecretBytes witness) =>
        (Sign, Receive, Witness) = (sign, receive, witness);

    /// <summary>Gets the ES256 scalar: 32 bytes.</summary>
    public SecretBytes Sign { get; }

    /// <summary>Gets the HPKE scalar: 32 bytes.</summary>
    public SecretBytes Receive { get; }

    /// <summary>Gets the Ed25519 seed: 32 bytes.</summary>
    public SecretBytes Witness { get; }

    /// <summary>Makes fresh keys.</summary>
    public static MemberSecrets Generate() =>
        new(P256PrivateKey.Generate(), P256PrivateKey.Generate(), SecretBytes.Random(Ed25519Key.SeedBytes));

    /// <summary>Zeroes the keys.</summary>
    public void Dispose()
    {
        Sign.Dispose();
        Receive.Dispose();
        Witness.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";

    /// <summary>Returns sign, receive and witness in a row.</summary>
    internal SecretBytes Encode()
    {
        var encoded = SecretBytes.Allocate(EncodedBytes, out var bytes);
        Sign.Span.CopyTo(bytes);
        Receive.Span.CopyTo(bytes[P256PrivateKey.Length..]);
        Witness.Span.CopyTo(bytes[(2 * P256PrivateKey.Length)..]);
        return encoded;
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; null when a scalar is out of range.</summary>
    internal static MemberSecrets? Decode(ReadOnlySpan<byte> encoded)
    {
        var sign = encoded[..P256PrivateKey.Length];
        var receive = encoded.Slice(P256PrivateKey.Length, P256PrivateKey.Length);
        return P256PrivateKey.IsValid(sign) && P256PrivateKey.IsValid(receive)
            ? new MemberSecrets(
                SecretBytes.CopyOf(sign),
                SecretBytes.CopyOf(receive),
                SecretBytes.CopyOf(encoded[(2 * P256PrivateKey.Length)..]))
            : null;
    }
}
