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
    /// <summary>Copies the cells of a record.</summary>
    void Add(ReadOnlySpan<CheckedCell> cells);

    /// <summary>Forgets all cells, and zeroes them.</summary>
    void Clear();
}
