using CleanRoom.Datasets.Problems;

namespace CleanRoom.Datasets.Source.CsvFormat;

/// <summary>Where a scan stands when it returns.</summary>
internal enum CsvScanState
{
    /// <summary>The bytes are used up within a record.</summary>
    NeedsBytes = 1,

    /// <summary>A record is complete in the row.</summary>
    RecordEnded = 2,

    /// <summary>There is nothing more.</summary>
    Ended = 3,

    /// <summary>The text cannot be read on; see the failure.</summary>
    Failed = 4,
}

/// <summary>Cuts bytes into fields of one record, across any division of the bytes into pieces.</summary>
/// <remarks>Limits hold before memory is taken: a field or record that grows past its limit ends the scan.</remarks>
internal sealed class CsvScanner(SourceRow row)
{
    private enum Place
    {
        RecordStart = 0,
        FieldStart = 1,
        Bare = 2,
        Quoted = 3,
        AfterQuote = 4,
        AfterReturn = 5,
    }

    private Place _place;

    /// <summary>Gets the number of fields of the record, also of those beyond the column limit, which are not kept.</summary>
    public long FieldCount { get; private set; }

    /// <summary>Gets why the scan failed.</summary>
    public DatasetProblem? Failure { get; private set; }

    /// <summary>Begins a record.</summary>
    public void Begin() => (_place, FieldCount, Failure) = (Place.RecordStart, 0, null);

    /// <summary>Reads until the record ends or the bytes do.</summary>
    public CsvScanState Scan(ReadOnlySpan<byte> bytes, out int used)
    {
        used = 0;
        while (used < bytes.Length)
        {
            var rest = bytes[used..];
            var run = _place == Place.Quoted ? rest.IndexOf((byte)'"') : rest.IndexOfAny(",\"\r\n"u8);
            run = run < 0 ? rest.Length : run;
            if (run > 0)
            {
                TakeText(rest[..run]);
            }

            used += run;
            var ended = used < bytes.Length && TakeMark(bytes[used++]);
            if (Failure is not null)
            {
                return CsvScanState.Failed;
            }

            if (ended)
            {
                return CsvScanState.RecordEnded;
            }
        }

        return CsvScanState.NeedsBytes;
    }

    /// <summary>Ends the text.</summary>
    public CsvScanState End()
    {
        switch (_place)
        {
            case Place.RecordStart:
                return CsvScanState.Ended;
            case Place.Quoted:
                Fail(ProblemKind.QuoteUnterminated, "a quote that ends the field", "the end of the file");
                return CsvScanState.Failed;
            case Place.AfterReturn:
                StrayReturn();
                break;
        }

        EndField();
        return CsvScanState.RecordEnded;
    }

    private void TakeText(ReadOnlySpan<byte> text)
    {
        switch (_place)
        {
            case Place.AfterQuote:
                Misplaced("a comma or the end of the record after a closing quote", "other text");
                break;
            case Place.AfterReturn:
                StrayReturn();
                break;
        }

        if (_place != Place.Quoted)
        {
            _place = Place.Bare;
        }

        Append(text);
    }

    // Fields past the column limit are counted and not kept; the limits still end a record that never does.
    private void Append(ReadOnlySpan<byte> text)
    {
        if (row.OpenCellBytes + text.Length > DatasetLimits.CellBytes)
        {
            Fail(ProblemKind.CellTooLarge, $"at most {DatasetLimits.CellBytes} bytes in a cell", "more");
        }
        else if (row.TextBytes + text.Length > DatasetLimits.RowBytes)
        {
            Fail(ProblemKind.RowTooLarge, $"at most {DatasetLimits.RowBytes} bytes in a record", "more");
        }
        else
        {
            row.Append(text);
        }
    }

    /// <summary>Takes one of the four marks; says whether it ended the record.</summary>
    private bool TakeMark(byte mark)
    {
        if (_place == Place.AfterReturn && mark != '\n')
        {
            StrayReturn();
        }

        switch (mark)
        {
            case (byte)'"':
                TakeQuote();
                return false;
            case (byte)',':
                EndField();
                _place = Place.FieldStart;
                return false;
            case (byte)'\r':
                _place = Place.AfterReturn;
                return false;
            default:
                EndField();
                return true;
        }
    }

    private void TakeQuote()
    {
        switch (_place)
        {
            case Place.Quoted:
                _place = Place.AfterQuote;
                break;
            case Place.AfterQuote:
                Append("\""u8);
                _place = Place.Quoted;
                break;
            case Place.RecordStart or Place.FieldStart:
                _place = Place.Quoted;
                break;
            default:
                Misplaced("quotes only around a whole field", "a quote inside a bare field");
                break;
        }
    }

    private void EndField()
    {
        FieldCount++;
        if (FieldCount <= DatasetLimits.Columns)
        {
            row.EndCell(isNull: row.OpenCellBytes == 0);
        }
    }

    private void StrayReturn()
    {
        AddFaultOnce(new RowFault(ProblemKind.BadLineEnd, -1, "records that end in lf or cr lf", "cr alone"));
        _place = Place.Bare;
    }

    private void Misplaced(string wanted, string got) => AddFaultOnce(new RowFault(ProblemKind.QuoteMisplaced, -1, wanted, got));

    // Otherwise a record of a million quotes would make a list of a million faults.
    private void AddFaultOnce(RowFault fault)
    {
        if (!row.Faults.Any(known => known.Kind == fault.Kind))
        {
            row.AddFault(fault);
        }
    }

    private void Fail(ProblemKind kind, string wanted, string got) =>
        Failure ??= DatasetProblem.OfRow(kind, row.Number, wanted, got);
}
