using System.Collections.Immutable;

namespace CleanRoom.Datasets.Check;

/// <summary>Takes checked records.</summary>
internal interface IRowSink
{
    /// <summary>Learns the columns, before the first record.</summary>
    /// <param name="rules">In the contract's order.</param>
    /// <param name="unitColumn">The unit's place among them; -1 without a unit.</param>
    void Begin(ImmutableArray<ColumnRule> rules, int unitColumn);

    /// <summary>Takes the cells of a record; MUST copy what it keeps.</summary>
    ValueTask AddAsync(RowChecker row, CancellationToken cancellationToken);
}
