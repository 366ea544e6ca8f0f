using System.Numerics;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts;

/// <summary>How many partitions a dataset version has. Spec: contracts/spec/0007 s.12.</summary>
public static class DatasetPartitions
{
    /// <summary>The most partitions of a version.</summary>
    public const int Most = 64;

    /// <summary>Returns how many a version is split into: the least power of two with which none is expected to be larger than wanted.</summary>
    /// <param name="dataset">The dataset; without a unit it is one partition.</param>
    /// <param name="plaintextBytes">The size of the file.</param>
    /// <param name="wantedBytes">How large a partition should be, from 1.</param>
    public static int CountFor(Dataset dataset, long plaintextBytes, long wantedBytes)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(wantedBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(plaintextBytes);
        var wanted = Math.Min(Most, (plaintextBytes / wantedBytes) + (plaintextBytes % wantedBytes == 0 ? 0 : 1));
        return dataset.Policy.Unit is null ? 1 : (int)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1, wanted));
    }

    /// <summary>Says what is wrong with the derived objects of a statement; null when they are a version's partitions, or none of a refused one.</summary>
    public static Refusal? WhyWrong(IngestStatement ingest, Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(ingest);
        ArgumentNullException.ThrowIfNull(dataset);
        var count = ingest.Derived.Length;
        if (ingest.Accepted == ingest.Derived.IsEmpty)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "derived objects exactly when accepted", $"{count} objects");
        }

        var most = dataset.Policy.Unit is null ? 1 : Most;
        if (count > most || (count > 0 && !BitOperations.IsPow2(count)))
        {
            return new Refusal(RefusalCode.DocumentInvalid, $"partitions of {dataset.SqlName}, a power of two, at most {most}", $"{count} objects");
        }

        return ingest.Derived.Select((derived, index) => derived.Partition == index).All(isInOrder => isInOrder)
            ? null
            : new Refusal(RefusalCode.DocumentInvalid, $"the partitions 0 to {count - 1} in order", string.Join(", ", ingest.Derived.Select(derived => derived.Partition)));
    }
}
