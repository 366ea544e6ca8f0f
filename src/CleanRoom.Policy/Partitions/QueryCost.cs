using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Partitions;

/// <summary>What one run of a plan costs the machines, as far as the ledger says: an estimate for people. Spec: contracts/spec/0008 s.16.</summary>
public sealed record QueryCost
{
    // Of the committed figures of tests/CleanRoom.Benchmarks on two processors: from an approval to the row of the answer.
    private const long FixedMicroseconds = 50_000;
    private const long PicosecondsOfByte = 700;
    private const long PicosecondsOfRow = 9_000;
    private const long PicosecondsOfJoinedRow = 42_000;
    private const long PicosecondsOfMicrosecond = 1_000_000;

    /// <summary>Gets how many rows are stored in the datasets that are read; a dataset that is named twice counts twice.</summary>
    public required long Rows { get; init; }

    /// <summary>Gets about how many bytes of columns are decrypted, if none are in clear already.</summary>
    public required long Bytes { get; init; }

    /// <summary>Gets how many partitions are read.</summary>
    public required int Partitions { get; init; }

    /// <summary>Gets about how long it takes on two processors that have nothing else to do, without the wait for an answer's moment.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Estimates it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="contract">Its contract.</param>
    /// <param name="ingests">One accepted statement of each dataset that is read.</param>
    public static QueryCost Of(QueryPlan plan, Contract contract, IReadOnlyCollection<IngestStatement> ingests)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(ingests);
        var rows = plan.Tables.Sum(table => ingests.Single(ingest => ingest.Dataset == table.Dataset).Rows);
        var bytes = StoredSize.Of(plan, contract, ingests).Values.Sum();
        var picoseconds = ((Int128)bytes * PicosecondsOfByte) + ((Int128)rows * (plan.Joins.IsEmpty ? PicosecondsOfRow : PicosecondsOfJoinedRow));
        return new QueryCost
        {
            Rows = rows,
            Bytes = bytes,
            Partitions = plan.Tables.Select(table => table.Dataset).Distinct(StringComparer.Ordinal).Sum(dataset => ingests.Single(ingest => ingest.Dataset == dataset).Derived.Length),
            Time = TimeSpan.FromMicroseconds(FixedMicroseconds + (long)(picoseconds / PicosecondsOfMicrosecond)),
        };
    }
}
