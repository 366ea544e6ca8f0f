using System.Buffers;
using System.Buffers.Text;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Jose;

/// <summary>Reads base64url without padding in its one written form. Spec: RFC 7515 s.2.</summary>
internal static class Base64UrlText
{
    private static readonly SearchValues<byte> s_letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    /// <summary>Returns the bytes; null for padding, spaces, other letters, or bits that the last letter should not have.</summary>
    public static Bytes? Read(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAnyExcept(s_letters) || text.Length % 4 == 1)
        {
            return null;
        }

        byte[] bytes;
        try
        {
            bytes = Base64Url.DecodeFromUtf8(text);
        }
        catch (FormatException)
        {
            return null;
        }

        return text.SequenceEqual(Base64Url.EncodeToUtf8(bytes)) ? new Bytes(bytes) : null;
    }
}
