namespace CleanRoom.Datasets.Source.CsvFormat;

/// <summary>Finds where records end without cutting them into fields, across any division of the text into pieces.</summary>
/// <remarks>
/// Says the same as <see cref="CsvScanner"/>, for any bytes: LF ends a record but within quotes, and a quote opens only a field that begins with it
/// or one that it closed just before.
/// </remarks>
internal sealed class CsvSplitter
{
    private bool _isQuoted;
    private bool _hasJustClosed;
    private byte _previous = (byte)'\n';

    /// <summary>Reads the next bytes.</summary>
    /// <returns>How many of them end with the last record that ends in them; 0 if none does.</returns>
    public int Scan(ReadOnlySpan<byte> bytes)
    {
        var (at, ended) = (0, 0);
        while (at < bytes.Length)
        {
            var quote = bytes[at..].IndexOf((byte)'"');
            var stretch = quote < 0 ? bytes[at..] : bytes.Slice(at, quote);
            if (!stretch.IsEmpty)
            {
                var end = _isQuoted ? -1 : stretch.LastIndexOf((byte)'\n');
                ended = end < 0 ? ended : at + end + 1;
                (_previous, _hasJustClosed) = (stretch[^1], false);
            }

            if (quote < 0)
            {
                break;
            }

            TakeQuote();
            at += quote + 1;
        }

        return ended;
    }

    private void TakeQuote()
    {
        if (_isQuoted)
        {
            (_isQuoted, _hasJustClosed) = (false, true);
        }
        else
        {
            (_isQuoted, _hasJustClosed) = (_hasJustClosed || _previous is (byte)',' or (byte)'\n', false);
        }

        _previous = (byte)'"';
    }
}
