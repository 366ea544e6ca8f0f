using System.Collections.Immutable;

namespace CleanRoom.Datasets.Check;

/// <summary>Takes checked records, a block at a time.</summary>
internal interface IRowSink
{
    /// <summary>Learns the columns, before the first record.</summary>
    /// <param name="rules">In the contract's order.</param>
    /// <param name="unitColumn">The unit's place among them; -1 without a unit.</param>
    void Begin(ImmutableArray<ColumnRule> rules, int unitColumn);

    /// <summary>Makes memory for the cells of a block. Safe for concurrent calls.</summary>
    ICellStore NewCells();

    /// <summary>Takes the cells of the next block; MUST copy what it keeps. Every record in it is good.</summary>
    ValueTask AddAsync(ICellStore cells, CancellationToken cancellationToken);
}

/// <summary>Keeps the cells of a block of records. Used by one thread at a time.</summary>
internal interface ICellStore
{
    /// <summary>Begins more records, whose cells follow column by column.</summary>
    void Begin(int rows);

    /// <summary>Copies the numbers of a column.</summary>
    /// <param name="column">The column's place.</param>
    /// <param name="numbers">One for each of the records that were begun last; of no meaning for NULL.</param>
    /// <param name="levels">1 for a number, 0 for NULL.</param>
    void AddNumbers(int column, ReadOnlySpan<long> numbers, ReadOnlySpan<byte> levels);

    /// <summary>Copies a cell of a column.</summary>
    /// <param name="column">The column's place.</param>
    /// <param name="row">The record, from 0 for the first of those that were begun last.</param>
    /// <param name="cell">The cell.</param>
    void Add(int column, int row, in CheckedCell cell);

    /// <summary>Forgets all cells, and zeroes them.</summary>
    void Clear();
}
