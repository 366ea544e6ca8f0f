using System.Collections.Immutable;

namespace CleanRoom.Datasets.Check;

/// <summary>Takes checked records.</summary>
internal interface IRowSink
{
    /// <summary>Learns the columns, before the first record.</summary>
    void Begin(ImmutableArray<ColumnRule> rules);

    /// <summary>Takes the cells of a record; MUST copy what it keeps.</summary>
    ValueTask AddAsync(RowChecker row, CancellationToken cancellationToken);
}
