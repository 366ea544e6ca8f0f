using System.Collections.Immutable;
using CleanRoom.Datasets.Source;
using CleanRoom.Datasets.Source.CsvFormat;

namespace CleanRoom.Datasets.Check.Blocks;

/// <summary>What one thread needs to check a block of records, and the block. Used by one thread at a time, for one block after the other.</summary>
internal sealed class CheckLane
{
    private readonly CsvRecordReader _reader;
    private readonly RowChecker _checker;
    private readonly CheckProgress _progress;
    private readonly CsvRecordReader.RecordTaker _take;
    private readonly long _mostBytes;
    private long _bytes;
    private bool _keepsCells;

    /// <summary>Makes one.</summary>
    /// <param name="columns">The names of the source's columns.</param>
    /// <param name="plan">The same for all lanes.</param>
    /// <param name="options">How to check. Where not everything is checked, there is one lane.</param>
    /// <param name="sink">Gets the cells; null for nobody.</param>
    /// <param name="progress">What is known of all lanes.</param>
    public CheckLane(ImmutableArray<string> columns, DatasetPlan plan, CheckOptions options, IRowSink? sink, CheckProgress progress)
    {
        (_reader, _checker, _progress, _mostBytes) = (new CsvRecordReader(columns.Length), new RowChecker(columns, plan, options), progress, options.Bytes);
        Block = new RowBlock(plan.Rules.Select(rule => rule.IsUnique), sink?.NewCells());
        IsEnded = _mostBytes <= 0;
        _take = Take;
    }

    /// <summary>Gets the block that was filled last.</summary>
    public RowBlock Block { get; }

    /// <summary>Gets a value that says whether nothing behind the block is to be read.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Begins a block.</summary>
    public void Begin()
    {
        Block.Clear();
        _reader.Begin();
        _keepsCells = !_progress.HasProblem;
    }

    /// <summary>Checks the records that end in a piece of text. Not once <see cref="IsEnded"/>.</summary>
    public void Read(CsvPiece piece)
    {
        IsEnded = !_reader.Read(piece, _take);
        Block.BytesRead = IsEnded ? _reader.RecordOffset : piece.Offset + piece.Length;
        Block.Fault = _reader.Fault;
    }

    /// <summary>Ends the block behind its last piece.</summary>
    public void End()
    {
        if (IsEnded)
        {
            return;
        }

        _reader.End(_take);
        Block.Fault = _reader.Fault;
        if (Block.Fault is not null)
        {
            (IsEnded, Block.BytesRead) = (true, _reader.RecordOffset);
        }
    }

    /// <summary>Checks a record.</summary>
    /// <returns>False if no more are to be read.</returns>
    public bool Take(SourceRow row)
    {
        _bytes += row.TextBytes + row.CellCount;
        _checker.Check(row, Block, _keepsCells && Block.Counts.Count == 0);
        return _bytes < _mostBytes;
    }
}
