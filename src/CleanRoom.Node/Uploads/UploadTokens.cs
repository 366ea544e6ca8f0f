using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Uploads;

/// <summary>Tokens that let sealed parts in from outside the channel. They say nothing of content and open nothing.</summary>
/// <remarks>Token = <c>expiry.mac</c>, mac = HMAC-SHA256(key of this start, "cleanroom/v1/upload" || 0x00 || upload || 0x00 || expiry).</remarks>
internal sealed class UploadTokens(TimeProvider time) : IDisposable
{
    private const int KeyBytes = 32;

    private static readonly TimeSpan _life = TimeSpan.FromHours(12);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(KeyBytes);

    /// <summary>Makes a token for an upload.</summary>
    public (string Token, Timestamp Expires) Issue(string upload)
    {
        var expires = Timestamp.From(time.GetUtcNow() + _life);
        return ($"{expires.Value.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}.{Mac(upload, expires)}", expires);
    }

    /// <summary>Says whether a token is of this start, for this upload, and in time.</summary>
    public bool IsValid(string upload, string token)
    {
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        if (dot < 1 || token[0] == '0' || !long.TryParse(token.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return false;
        }

        var expires = Timestamp.From(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
        var wanted = Encoding.ASCII.GetBytes(Mac(upload, expires));
        return CryptographicOperations.FixedTimeEquals(wanted, Encoding.UTF8.GetBytes(token[(dot + 1)..])) && expires.Value > time.GetUtcNow();
    }

    /// <summary>Zeroes the key.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    private string Mac(string upload, Timestamp expires) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"cleanroom/v1/upload\0{upload}\0{expires}")));
}
