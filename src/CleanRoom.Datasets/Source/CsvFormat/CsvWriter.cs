using System.Buffers;

namespace CleanRoom.Datasets.Source.CsvFormat;

/// <summary>Writes records that <see cref="CsvTable"/> reads back the same.</summary>
/// <remarks>NULL is an empty field. The format has no empty text: it reads back as NULL.</remarks>
internal sealed class CsvWriter(IBufferWriter<byte> output)
{
    private bool _within;

    /// <summary>Writes a field; empty for NULL.</summary>
    /// <param name="text">Valid UTF-8.</param>
    public void Field(ReadOnlySpan<byte> text)
    {
        if (_within)
        {
            output.Write(","u8);
        }

        _within = true;
        if (text.IndexOfAny(",\"\r\n"u8) < 0)
        {
            output.Write(text);
            return;
        }

        output.Write("\""u8);
        for (var quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
        {
            output.Write(text[..(quote + 1)]);
            output.Write("\""u8);
            text = text[(quote + 1)..];
        }

        output.Write(text);
        output.Write("\""u8);
    }

    /// <summary>Ends the record.</summary>
    public void EndRecord()
    {
        output.Write("\n"u8);
        _within = false;
    }
}
