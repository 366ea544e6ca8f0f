using System.Collections.Immutable;

namespace CleanRoom.Policy.Plans;

/// <summary>What the audit of earlier answers is offered of a plan's result. A function of contract and text alone.</summary>
/// <remarks>Spec: contracts/spec/0015 s.3 and s.8.</remarks>
public sealed record PlanHistory
{
    /// <summary>Gets the datasets whose owners want earlier answers remembered, in ordinal order; never empty.</summary>
    public required ImmutableArray<AuditedDataset> Datasets { get; init; }

    /// <summary>
    /// Gets the aggregates, ascending, that can have fewer people behind them than their row, since a column of theirs may be absent; of those over
    /// the same columns the first, which have the same people behind them.
    /// </summary>
    public required ImmutableArray<int> Aggregates { get; init; }

    /// <summary>Gets the most rows that are offered, and so released: what the keys' declared values make, at most the contract's rows of an answer.</summary>
    public required int Rows { get; init; }

    /// <summary>Gets how many cells count as offered, whatever becomes of them: each row is one, and so is each of <see cref="Aggregates"/> in it.</summary>
    public int Cells => (int)Math.Min(int.MaxValue, Rows * (1L + Aggregates.Length));

    /// <summary>Says whether an occurrence's people are remembered.</summary>
    public bool Covers(PlanTable table) => table.IsProtected && IndexOf(table.Dataset) >= 0;

    /// <summary>Returns the aggregates over the same columns as one of <see cref="Aggregates"/>, that one among them.</summary>
    public static IEnumerable<int> Alike(ImmutableArray<PlanAggregate> aggregates, int aggregate) => Enumerable.Range(0, aggregates.Length)
        .Where(other => aggregates[other].Columns.ToHashSet().SetEquals(aggregates[aggregate].Columns));

    /// <summary>Returns the place of a dataset among <see cref="Datasets"/>; -1 for one that is not there.</summary>
    public int IndexOf(string dataset)
    {
        for (var i = 0; i < Datasets.Length; i++)
        {
            if (Datasets[i].Name == dataset)
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>A dataset whose owner wants earlier answers remembered.</summary>
/// <param name="Name">Its SQL name.</param>
/// <param name="MinUnits">The owner's own threshold: what answers together may show some people but fewer of.</param>
/// <param name="MaxCells">The most cells that are offered over the life of a version.</param>
public sealed record AuditedDataset(string Name, int MinUnits, int MaxCells);
