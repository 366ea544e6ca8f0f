namespace CleanRoom.Datasets.Conversion;

/// <summary>Says which derived file holds the rows of a unit. Spec: contracts/spec/0007 s.12.</summary>
/// <remarks>MUST be safe for concurrent calls: an ingest asks from all its threads.</remarks>
public interface IUnitPartitioner
{
    /// <summary>Gets the number of partitions: a power of two from 1 to <see cref="Protocol.Contracts.DatasetPartitions.Most"/>.</summary>
    int Count { get; }

    /// <summary>Returns the partition of a unit.</summary>
    /// <param name="unit">
    /// As it is stored: a number, date or time as 8 bytes, little-endian; a uuid as 16 bytes, big-endian; a digest or token as 32 bytes; text as UTF-8.
    /// </param>
    /// <returns>0 to <see cref="Count"/> - 1.</returns>
    int Of(ReadOnlySpan<byte> unit);
}
