using System.Text;
using CleanRoom.Policy;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Commands.Query;

/// <summary>Reads one query's text.</summary>
internal static class QueryFile
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file of UTF-8 text of at most <see cref="QueryAnalyzer.MaxTextBytes"/>; a byte order mark is left out.</summary>
    public static Result<string> Read(FileInfo file)
    {
        if (!file.Exists)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "a file of SQL text", $"nothing at {file.FullName}");
        }

        try
        {
            using var stream = file.OpenRead();
            var bytes = new byte[QueryAnalyzer.MaxTextBytes + Encoding.UTF8.Preamble.Length + 1];
            var text = bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
            if (text.StartsWith(Encoding.UTF8.Preamble))
            {
                text = text[Encoding.UTF8.Preamble.Length..];
            }

            return text.Length > QueryAnalyzer.MaxTextBytes
                ? new Refusal(RefusalCode.DocumentTooLarge, $"at most {QueryAnalyzer.MaxTextBytes} bytes of SQL text", $"more in {file.FullName}")
                : _strict.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "SQL text in UTF-8", $"other bytes in {file.FullName}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "a file that can be read", $"{file.FullName}: {exception.Message}");
        }
    }
}
