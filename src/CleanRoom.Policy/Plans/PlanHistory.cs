using System.Collections.Immutable;

namespace CleanRoom.Policy.Plans;

/// <summary>What the audit of earlier answers is offered of a plan's result. A function of contract and text alone.</summary>
/// <remarks>Spec: contracts/spec/0015 s.3 and s.8.</remarks>
public sealed record PlanHistory
{
    /// <summary>Gets the datasets whose owners want earlier answers remembered, in ordinal order; never empty.</summary>
    public required ImmutableArray<string> Datasets { get; init; }

    /// <summary>Gets the aggregates, ascending, that can have fewer people behind them than their row, since a column of theirs may be absent.</summary>
    public required ImmutableArray<int> Aggregates { get; init; }

    /// <summary>Gets the most rows that are offered, and so released: what the keys' declared values make, at most the contract's rows of an answer.</summary>
    public required int Rows { get; init; }

    /// <summary>Gets how many cells count as offered, whatever becomes of them: each row is one, and so is each of <see cref="Aggregates"/> in it.</summary>
    public int Cells => (int)Math.Min(int.MaxValue, Rows * (1L + Aggregates.Length));

    /// <summary>Says whether an occurrence's people are remembered.</summary>
    public bool Covers(PlanTable table) => table.IsProtected && Datasets.Contains(table.Dataset, StringComparer.Ordinal);
}
