namespace CleanRoom.Grains.Messages;

/// <summary>A piece of the encoded rows of an engine, small enough for one message between silos.</summary>
/// <param name="Bytes">At most <see cref="MostBytes"/>.</param>
/// <param name="TotalBytes">How many there are in all.</param>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.partition-rows")]
public sealed record PartitionRows([property: Id(0)] byte[] Bytes, [property: Id(1)] int TotalBytes)
{
    /// <summary>The most bytes of a piece: a message stays below 1 MiB with what is around it.</summary>
    public const int MostBytes = (1 << 20) - (16 << 10);
}
