using System.Collections.Immutable;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Partitions;

/// <summary>How much a plan reads, as far as the ledger says: an estimate, by which nothing but effort is decided.</summary>
public static class StoredSize
{
    // A value of a text is a number in a dictionary, or a short text.
    private const int TextBytes = 16;

    /// <summary>Returns how many bytes of columns a plan reads of each dataset.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="contract">Its contract.</param>
    /// <param name="ingests">One accepted statement of each dataset that is read.</param>
    /// <returns>SQL name to bytes: rows times the widths of the columns, and no more than is stored.</returns>
    public static ImmutableSortedDictionary<string, long> Of(QueryPlan plan, Contract contract, IReadOnlyCollection<IngestStatement> ingests)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(ingests);
        return PlanColumns.Of(plan).ToImmutableSortedDictionary(
            input => input.Key,
            input =>
            {
                var dataset = contract.Datasets.Single(dataset => dataset.SqlName == input.Key);
                var ingest = ingests.Single(ingest => ingest.Dataset == input.Key);
                return Math.Min(ingest.Rows * input.Value.Sum(column => Width(contract, dataset, column)), ingest.Derived.Sum(derived => derived.PlaintextBytes));
            },
            StringComparer.Ordinal);
    }

    private static long Width(Contract contract, Dataset dataset, string column) => RekeyedProfiles.Contains(contract, dataset, column)
        ? Digest.Length
        : dataset.Policy.Columns[column].Type switch
        {
            ColumnType.Boolean => 1,
            ColumnType.Int32 or ColumnType.Date => sizeof(int),
            ColumnType.Int64 or ColumnType.Timestamp or ColumnType.Decimal => sizeof(long),
            ColumnType.Uuid => 16,
            ColumnType.Sha256 => Digest.Length,
            ColumnType.String => TextBytes,
            var type => throw new ArgumentOutOfRangeException(nameof(column), type, "a type of no column"),
        };
}
