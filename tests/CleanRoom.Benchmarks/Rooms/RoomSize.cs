using CleanRoom.Benchmarks.Running;

namespace CleanRoom.Benchmarks.Rooms;

/// <summary>How many rows there are.</summary>
internal sealed record RoomSize(long People, long Rows)
{
    private static readonly RoomSize s_full = new(5_000_000, 20_000_000);
    private static readonly RoomSize s_quick = new(50_000, 200_000);

    /// <summary>Returns the size of a tier.</summary>
    public static RoomSize Of(Choice choice) => choice.IsFull ? s_full : s_quick;
}
