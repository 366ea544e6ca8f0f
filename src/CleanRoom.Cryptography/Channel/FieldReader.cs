using System.Text;

namespace CleanRoom.Cryptography.Channel;

/// <summary>Reads the fixed fields at the head of a channel message; every read says whether there was enough.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Gets what was not read yet.</summary>
    internal ReadOnlySpan<byte> Rest { get; private set; } = bytes;

    internal bool TryTake(int length, out ReadOnlySpan<byte> field)
    {
        field = default;
        if (Rest.Length < length)
        {
            return false;
        }

        field = Rest[..length];
        Rest = Rest[length..];
        return true;
    }

    /// <summary>Reads a text behind its two-byte length.</summary>
    internal bool TryTakeText(int maxBytes, out string text)
    {
        text = "";
        if (!TryTake(sizeof(ushort), out var length))
        {
            return false;
        }

        var bytes = (length[0] << 8) | length[1];
        if (bytes > maxBytes || !TryTake(bytes, out var utf8))
        {
            return false;
        }

        try
        {
            text = s_utf8.GetString(utf8);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
