using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using CleanRoom.Datasets.Problems;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Source.CsvFormat;

/// <summary>Reads comma-separated UTF-8 text with a header. Spec: contracts/spec/0007 s.3.1; RFC 4180.</summary>
/// <remarks>An empty field is NULL, also where it is quoted. A record may end in LF or CR LF; the last one need not end.</remarks>
internal sealed class CsvTable : SourceTable
{
    private const int BufferBytes = 1 << 16;

    private readonly Stream _source;
    private readonly CsvScanner _scanner;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _at;
    private int _filled;
    private long _rows;
    private ImmutableArray<string> _columns = [];

    private CsvTable(Stream source, ReadOnlySpan<byte> start)
    {
        _source = source;
        _scanner = new CsvScanner(Row);
        var text = start.StartsWith(Encoding.UTF8.Preamble) ? start[3..] : start;
        text.CopyTo(_buffer);
        (_filled, BytesRead) = (text.Length, start.Length);
    }

    /// <inheritdoc/>
    public override SourceFormat Format => SourceFormat.Csv;

    /// <inheritdoc/>
    public override ImmutableArray<string> Columns => _columns;

    /// <summary>Gets where the rows begin, in bytes: what stands before is the header, its line end and a byte order mark.</summary>
    public long RowsAt { get; private set; }

    /// <summary>Reads the header.</summary>
    /// <param name="source">The rest of the text.</param>
    /// <param name="start">The first bytes, already taken from the source; 0 to 4.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<(SourceTable? Table, DatasetProblem? Problem)> OpenAsync(
        Stream source, ReadOnlyMemory<byte> start, CancellationToken cancellationToken)
    {
        var table = new CsvTable(source, start.Span);
        var problem = await table.ReadHeaderAsync(cancellationToken);
        if (problem is null)
        {
            return (table, null);
        }

        table.Dispose();
        return (null, problem);
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (Fault is not null || !await ReadRecordAsync(_rows + 1, cancellationToken))
        {
            return false;
        }

        _rows++;
        CsvText.CheckFields(Row, _scanner.FieldCount, _columns.Length);
        CheckText();
        return true;
    }

    /// <summary>Gives the source away, to be read in another way than record by record.</summary>
    /// <returns>The source, and what was read of it behind the header; the bytes are valid until this table is disposed.</returns>
    public (Stream Source, ReadOnlyMemory<byte> Read) HandOver() => (_source, _buffer.AsMemory(_at, _filled - _at));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // The array goes back to a shared pool; an owner's rows must not be found there.
        ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = [];
        base.Dispose(disposing);
    }

    private async Task<DatasetProblem?> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        if (!await ReadRecordAsync(0, cancellationToken))
        {
            return Fault ?? HeaderRules.Check([]);
        }

        RowsAt = BytesRead - (_filled - _at);
        if (_scanner.FieldCount > DatasetLimits.Columns)
        {
            return DatasetProblem.OfFile(
                ProblemKind.TooManyColumns, $"at most {DatasetLimits.Columns} columns", $"{_scanner.FieldCount} columns");
        }

        CheckText();
        if (Row.Faults is [var fault, ..])
        {
            return DatasetProblem.OfRow(fault.Kind, 0, fault.Wanted, fault.Got);
        }

        if (Row is { CellCount: 1, TextBytes: 0 })
        {
            return HeaderRules.Check([]);
        }

        _columns = [.. Enumerable.Range(0, Row.CellCount).Select(i => Encoding.UTF8.GetString(Row.Cell(i).Span))];
        return HeaderRules.Check(_columns);
    }

    private async ValueTask<bool> ReadRecordAsync(long number, CancellationToken cancellationToken)
    {
        Row.Begin(number);
        _scanner.Begin();
        while (true)
        {
            var state = _scanner.Scan(_buffer.AsSpan(_at, _filled - _at), out var used);
            _at += used;
            switch (state)
            {
                case CsvScanState.RecordEnded:
                    return true;
                case CsvScanState.Failed:
                    Fault = _scanner.Failure;
                    return false;
                default:
                    (_at, _filled) = (0, await _source.ReadAsync(_buffer, cancellationToken));
                    BytesRead += _filled;
                    if (_filled == 0)
                    {
                        return EndOfText();
                    }

                    break;
            }
        }
    }

    private bool EndOfText()
    {
        var state = _scanner.End();
        Fault = _scanner.Failure;
        return state == CsvScanState.RecordEnded;
    }

    private void CheckText()
    {
        if (!CsvText.IsPlain(Row.Text))
        {
            CsvText.Check(Row);
        }
    }
}
