using System.Security.Cryptography;
using System.Text;

namespace CleanRoom.Cryptography.Keys;

/// <summary>Turns identifiers into tokens of one collaboration: equal ones stay equal, and nobody without the key can try them by dictionary.</summary>
/// <remarks>
/// token = HMAC-SHA256(K, label || 0x00 || profile || 0x00 || identifier), K = HKDF-SHA256(guest-only key, no salt, label). The key
/// never leaves the guest. Spec: contracts/spec/0007 s.11.
/// </remarks>
public sealed class IdentifierTokens : IDisposable
{
    /// <summary>Length of a token in bytes.</summary>
    public const int TokenBytes = HMACSHA256.HashSizeInBytes;

    private readonly SecretBytes _key;

    private IdentifierTokens(SecretBytes key) => _key = key;

    /// <summary>Derives the key of a collaboration.</summary>
    /// <param name="guestOnlyKey">Of the collaboration.</param>
    public static IdentifierTokens Of(SecretBytes guestOnlyKey)
    {
        ArgumentNullException.ThrowIfNull(guestOnlyKey);
        return new IdentifierTokens(SecretKdf.Derive(guestOnlyKey.Span, salt: [], Labels.IdentifierKey));
    }

    /// <summary>Writes the token of an identifier.</summary>
    /// <param name="profile">The profile's name, ASCII.</param>
    /// <param name="identifier">The normal form as text, or the 32 bytes of a digest.</param>
    /// <param name="token">Gets 32 bytes.</param>
    /// <exception cref="ArgumentException">The destination is not 32 bytes long.</exception>
    public void Write(string profile, ReadOnlySpan<byte> identifier, Span<byte> token)
    {
        ArgumentNullException.ThrowIfNull(profile);
        if (token.Length != TokenBytes)
        {
            throw new ArgumentException($"wanted {TokenBytes} bytes, got {token.Length}", nameof(token));
        }

        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key.Span);
        mac.AppendData(Labels.IdentifierToken);
        mac.AppendData([0]);
        mac.AppendData(Encoding.ASCII.GetBytes(profile));
        mac.AppendData([0]);
        mac.AppendData(identifier);
        mac.GetHashAndReset(token);
    }

    /// <summary>Zeroes the key.</summary>
    public void Dispose() => _key.Dispose();

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
