using CleanRoom.Protocol.Fold;

namespace CleanRoom.Grains.Messages;

/// <summary>What is kept for a room: its dataset versions that nobody has withdrawn.</summary>
/// <param name="Bytes">Their bytes before sealing, which adds less than a thousandth.</param>
/// <param name="Uploads">The uploads that brought them: 32 lower-case hex digits each.</param>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.room-storage")]
public sealed record RoomStorage(long Bytes, string[] Uploads)
{
    internal static RoomStorage Of(CollaborationState state)
    {
        var kept = state.Datasets.Values.Where(dataset => dataset.WithdrawnSequence is null).ToList();
        return new(kept.Sum(dataset => dataset.Manifest.PlaintextBytes), [.. kept.Select(dataset => dataset.Manifest.Upload).Distinct(StringComparer.Ordinal)]);
    }
}
