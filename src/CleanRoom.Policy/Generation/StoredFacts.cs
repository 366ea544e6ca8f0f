using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Generation;

/// <summary>What is known of the stored rows before a run: it makes the same answer cheaper, never another one.</summary>
/// <remarks>Measured when the datasets were taken in, or checked then. Spec: contracts/spec/0008 s.10.</remarks>
public sealed record StoredFacts
{
    /// <summary>Gets the facts of rows of which nothing is known.</summary>
    public static StoredFacts None { get; } = new() { EveryRowHasUnit = [], OneRowPerUnit = [], NeverNull = [] };

    /// <summary>Gets the SQL names of the datasets in which no row is of nobody.</summary>
    public required ImmutableSortedSet<string> EveryRowHasUnit { get; init; }

    /// <summary>Gets the SQL names of the datasets in which nobody has a second row.</summary>
    public required ImmutableSortedSet<string> OneRowPerUnit { get; init; }

    /// <summary>Gets the columns without NULL: a dataset's SQL name and the column's name.</summary>
    public required ImmutableHashSet<(string Dataset, string Column)> NeverNull { get; init; }

    /// <summary>Reads them.</summary>
    /// <param name="contract">The contract, by which every row was checked.</param>
    /// <param name="ingests">One accepted statement of each dataset that is read.</param>
    public static StoredFacts Of(Contract contract, IReadOnlyCollection<IngestStatement> ingests)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(ingests);
        return new StoredFacts
        {
            EveryRowHasUnit = [.. ingests.Where(ingest => ingest.EveryRowHasUnit).Select(ingest => ingest.Dataset)],
            OneRowPerUnit = [.. ingests.Where(ingest => ingest.MaxRowsPerUnit <= 1 && HasUnit(ingest)).Select(ingest => ingest.Dataset)],
            NeverNull = [.. contract.Datasets.SelectMany(dataset => dataset.Schema.Where(column => !column.Nullable).Select(column => (dataset.SqlName, column.Name)))],
        };

        bool HasUnit(IngestStatement ingest) => contract.Datasets.Single(dataset => dataset.SqlName == ingest.Dataset).Policy.Unit is not null;
    }
}
