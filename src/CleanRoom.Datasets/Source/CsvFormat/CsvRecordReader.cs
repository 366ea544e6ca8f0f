using System.Text.Unicode;
using CleanRoom.Datasets.Problems;

namespace CleanRoom.Datasets.Source.CsvFormat;

/// <summary>Reads the records of pieces that follow on each other, beginning with a record.</summary>
/// <remarks>
/// Says the same as <see cref="CsvTable"/>, for any bytes: records in one piece without doubled quotes and faults are cut here, where they lie, all
/// others by <see cref="CsvScanner"/>. Not safe for concurrent calls; there may be many.
/// </remarks>
internal sealed class CsvRecordReader
{
    private readonly SourceRow _row = new();
    private readonly CsvScanner _scanner;
    private readonly int _columns;
    private readonly long _mostBytes;
    private long _bytes;
    private bool _isValid;
    private bool _isWithin;
    private long _number;

    /// <summary>Makes one.</summary>
    /// <param name="columns">The number of columns of the header.</param>
    /// <param name="mostBytes">Ends reading behind the record that reaches so many bytes of text, a delimiter counted for each cell.</param>
    public CsvRecordReader(int columns, long mostBytes)
    {
        (_columns, _mostBytes) = (columns, mostBytes);
        _scanner = new CsvScanner(_row);
    }

    /// <summary>Gets why the text cannot be read on. Its row is counted from the first piece.</summary>
    public DatasetProblem? Fault { get; private set; }

    /// <summary>Gets where the record under way begins in the source, in bytes.</summary>
    public long RecordOffset { get; private set; }

    /// <summary>Begins with the first piece of others.</summary>
    public void Begin() => (_isWithin, _number, Fault) = (false, 0, null);

    /// <summary>Reads the records that end in a piece.</summary>
    /// <param name="piece">The next piece. Whoever checks the batch keeps it until then.</param>
    /// <param name="batch">Gets the records.</param>
    /// <returns>False when it must not be read on: what is wanted was read, or there is a <see cref="Fault"/>.</returns>
    public bool Read(CsvPiece piece, RecordBatch batch)
    {
        var at = 0;
        var text = piece.Buffer.AsSpan(0, piece.Length);
        _isValid = IsValid(text);
        while (at < piece.Length)
        {
            if (!_isWithin)
            {
                at = ReadEasy(piece, at, batch);
                RecordOffset = piece.Offset + at;
                if (_bytes >= _mostBytes)
                {
                    return false;
                }

                if (at == piece.Length)
                {
                    break;
                }

                _row.Begin(_number + 1);
                _scanner.Begin();
                _isWithin = true;
            }

            var state = _scanner.Scan(text[at..], out var used);
            at += used;
            if (state == CsvScanState.Failed)
            {
                Fault = _scanner.Failure;
                return false;
            }

            if (state == CsvScanState.RecordEnded)
            {
                RecordOffset = piece.Offset + at;
                TakeScanned(batch);
                if (_bytes >= _mostBytes)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Ends the text behind the last piece.</summary>
    /// <param name="batch">Gets the last record if nothing ends it.</param>
    public void End(RecordBatch batch)
    {
        if (!_isWithin)
        {
            return;
        }

        var state = _scanner.End();
        Fault = _scanner.Failure;
        if (state == CsvScanState.RecordEnded)
        {
            TakeScanned(batch);
        }
    }

    // Whole records, or whole pieces of them: a sequence that is broken over two cells has a delimiter in it.
    private static bool IsValid(ReadOnlySpan<byte> text) => Utf8.IsValid(text) && !text.Contains((byte)0);

    private void TakeScanned(RecordBatch batch)
    {
        _isWithin = false;
        _number++;
        CsvText.CheckFields(_row, _scanner.FieldCount, _columns);
        if (!CsvText.IsPlain(_row.Text))
        {
            CsvText.Check(_row);
        }

        _bytes += _row.TextBytes + _row.CellCount;
        batch.Add(_row);
    }

    /// <summary>Reads records as long as they are easy.</summary>
    /// <returns>Where the first is that is not.</returns>
    private int ReadEasy(CsvPiece piece, int start, RecordBatch batch)
    {
        var (buffer, length) = (piece.Buffer, piece.Length);
        var marks = new CsvMarks(buffer, start, length);
        while (start < length && _bytes < _mostBytes)
        {
            var places = batch.Open();
            var end = CutRecord(ref marks, buffer, length, start, places);
            if (end < 0 || !(_isValid || IsValid(buffer.AsSpan(start, end - start))))
            {
                break;
            }

            batch.Close();
            (start, _number) = (end, _number + 1);
            if (_mostBytes != long.MaxValue)
            {
                foreach (var place in places)
                {
                    _bytes += 1 + (place.IsNull ? 0 : place.Length);
                }
            }
        }

        return start;
    }

    /// <summary>Cuts one record into cells.</summary>
    /// <returns>Where the next begins; -1 if this one is not easy.</returns>
    private static int CutRecord(ref CsvMarks marks, byte[] buffer, int length, int start, Span<CellPlace> places)
    {
        for (var i = 0; i < places.Length; i++)
        {
            var mark = marks.Next();
            if (mark < 0)
            {
                return -1;
            }

            var (from, to) = (start, mark);
            if (buffer[mark] == '"')
            {
                // Only a field that is quoted as a whole, without quotes in it.
                if (mark != start)
                {
                    return -1;
                }

                do
                {
                    mark = marks.Next();
                }
                while (mark >= 0 && buffer[mark] != '"');

                (from, to) = (start + 1, mark);
                if (mark < 0 || mark + 1 >= length || buffer[mark + 1] is not ((byte)',' or (byte)'\n' or (byte)'\r'))
                {
                    return -1;
                }

                mark = marks.Next();
            }

            if (buffer[mark] == '\r')
            {
                if (mark + 1 >= length || buffer[mark + 1] != '\n')
                {
                    return -1;
                }

                mark = marks.Next();
            }

            places[i] = CellPlace.Lent(from, to);
            if (buffer[mark] == '\n')
            {
                return i == places.Length - 1 ? mark + 1 : -1;
            }

            start = mark + 1;
        }

        return -1;
    }
}
