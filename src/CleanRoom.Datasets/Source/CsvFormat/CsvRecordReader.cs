using CleanRoom.Datasets.Problems;

namespace CleanRoom.Datasets.Source.CsvFormat;

/// <summary>Reads the records of pieces that follow on each other, beginning with a record.</summary>
/// <remarks>
/// Says the same as <see cref="CsvTable"/>, for any bytes: records in one piece without doubled quotes and faults are cut here, where they lie, all
/// others by <see cref="CsvScanner"/>. Not safe for concurrent calls; there may be many.
/// </remarks>
internal sealed class CsvRecordReader
{
    private readonly CsvScanner _scanner;
    private readonly int _columns;
    private CsvPiece _piece;
    private int _at;
    private bool _isPlain;
    private bool _isWithin;
    private long _number;

    /// <summary>Makes one.</summary>
    /// <param name="columns">The number of columns of the header.</param>
    public CsvRecordReader(int columns)
    {
        _columns = columns;
        _scanner = new CsvScanner(Row);
    }

    /// <summary>Takes a record when it is complete.</summary>
    /// <returns>False to read no more.</returns>
    public delegate bool RecordTaker(SourceRow row);

    /// <summary>Gets the record under way.</summary>
    public SourceRow Row { get; } = new();

    /// <summary>Gets why the text cannot be read on. Its row is counted from the first piece.</summary>
    public DatasetProblem? Fault { get; private set; }

    /// <summary>Gets where the record under way begins in the source, in bytes.</summary>
    public long RecordOffset { get; private set; }

    /// <summary>Begins with the first piece of others.</summary>
    public void Begin() => (_isWithin, _number, Fault) = (false, 0, null);

    /// <summary>Reads the records that end in a piece.</summary>
    /// <returns>False when it must not be read on: the taker wants no more, or there is a <see cref="Fault"/>.</returns>
    public bool Read(CsvPiece piece, RecordTaker take)
    {
        (_piece, _at) = (piece, 0);
        _isPlain = CsvText.IsPlain(piece.Buffer.AsSpan(0, piece.Length));
        while (_at < piece.Length)
        {
            if (!_isWithin)
            {
                RecordOffset = piece.Offset + _at;
                if (!ReadPlain(take))
                {
                    return false;
                }

                if (_at == piece.Length)
                {
                    break;
                }

                RecordOffset = piece.Offset + _at;
                Row.Begin(_number + 1);
                _scanner.Begin();
                _isWithin = true;
            }

            var state = _scanner.Scan(piece.Buffer.AsSpan(_at, piece.Length - _at), out var used);
            _at += used;
            if (state == CsvScanState.Failed)
            {
                Fault = _scanner.Failure;
                return false;
            }

            if (state == CsvScanState.RecordEnded && !TakeScanned(take))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Ends the text behind the last piece.</summary>
    public void End(RecordTaker take)
    {
        if (!_isWithin)
        {
            return;
        }

        var state = _scanner.End();
        Fault = _scanner.Failure;
        if (state == CsvScanState.RecordEnded)
        {
            TakeScanned(take);
        }
    }

    private bool TakeScanned(RecordTaker take)
    {
        _isWithin = false;
        _number++;
        CsvText.CheckFields(Row, _scanner.FieldCount, _columns);
        if (!CsvText.IsPlain(Row.Text))
        {
            CsvText.Check(Row);
        }

        return take(Row);
    }

    /// <summary>Reads records as long as they are easy; <see cref="_at"/> is then at the first that is not.</summary>
    private bool ReadPlain(RecordTaker take)
    {
        var (buffer, length) = (_piece.Buffer, _piece.Length);
        var marks = new CsvMarks(buffer, _at, length);
        while (_at < length)
        {
            Row.Lend(_number + 1, buffer);
            var end = CutRecord(ref marks, buffer, length, _at);
            if (end < 0)
            {
                return true;
            }

            CsvText.CheckFields(Row, Row.CellCount, _columns);
            if (!_isPlain && !CsvText.IsPlain(buffer.AsSpan(_at, end - _at)))
            {
                CsvText.Check(Row);
            }

            (_at, _number) = (end, _number + 1);
            RecordOffset = _piece.Offset + end;
            if (!take(Row))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Cuts one record into cells.</summary>
    /// <returns>Where the next begins; -1 if this one is not easy.</returns>
    private int CutRecord(ref CsvMarks marks, byte[] buffer, int length, int start)
    {
        while (true)
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

            Row.AddLent(from, to);
            if (buffer[mark] == '\n')
            {
                return mark + 1;
            }

            if (Row.CellCount == DatasetLimits.Columns)
            {
                return -1;
            }

            start = mark + 1;
        }
    }
}
