using System.Collections.Immutable;
using CleanRoom.Datasets.Source;
using CleanRoom.Datasets.Source.CsvFormat;

namespace CleanRoom.Datasets.Check.Blocks;

/// <summary>What one thread needs to check a block of records, and the block. Used by one thread at a time, for one block after the other.</summary>
internal sealed class CheckLane
{
    private readonly CsvRecordReader _reader;
    private readonly BatchChecker _checker;
    private readonly RecordBatch _batch;
    private readonly CheckProgress _progress;
    private bool _keepsCells;

    /// <summary>Makes one.</summary>
    /// <param name="columns">The names of the source's columns.</param>
    /// <param name="plan">The same for all lanes.</param>
    /// <param name="options">How to check. Where not everything is checked, there is one lane.</param>
    /// <param name="sink">Gets the cells; null for nobody.</param>
    /// <param name="progress">What is known of all lanes.</param>
    public CheckLane(ImmutableArray<string> columns, DatasetPlan plan, CheckOptions options, IRowSink? sink, CheckProgress progress)
    {
        (_checker, _batch, _progress) = (new BatchChecker(columns, plan, options), new RecordBatch(columns.Length), progress);
        _reader = new CsvRecordReader(columns.Length, options.Bytes);
        Block = new RowBlock(plan.Rules.Select(rule => rule.IsUnique), sink?.NewCells());
        IsEnded = options.Bytes <= 0;
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
        _batch.Begin([]);
        _keepsCells = !_progress.HasProblem;
    }

    /// <summary>Checks the records that end in a piece of text. Not once <see cref="IsEnded"/>.</summary>
    public void Read(CsvPiece piece)
    {
        _batch.Begin(piece.Buffer);
        IsEnded = !_reader.Read(piece, _batch);
        Block.BytesRead = IsEnded ? _reader.RecordOffset : piece.Offset + piece.Length;
        Block.Fault = _reader.Fault;
        Check();
    }

    /// <summary>Ends the block behind its last piece.</summary>
    public void End()
    {
        if (IsEnded)
        {
            return;
        }

        _reader.End(_batch);
        Block.Fault = _reader.Fault;
        if (Block.Fault is not null)
        {
            (IsEnded, Block.BytesRead) = (true, _reader.RecordOffset);
        }

        Check();
    }

    /// <summary>Takes a record, to be checked with others by <see cref="Check"/>.</summary>
    public void Take(SourceRow row) => _batch.Add(row);

    /// <summary>Checks the records that were taken.</summary>
    public void Check()
    {
        _checker.Check(_batch, Block, _keepsCells && Block.Counts.Count == 0);
        _batch.Begin([]);
    }
}
