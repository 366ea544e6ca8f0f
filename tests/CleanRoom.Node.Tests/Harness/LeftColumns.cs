using CleanRoom.Engine.Memory;
using CleanRoom.Grains.Partitions;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>Columns that a run has left in clear.</summary>
internal static class LeftColumns
{
    private const int Bytes = 1_000;

    /// <summary>Leaves some of a collaboration, and returns the file that they are in.</summary>
    public static AnonymousFile Leave(this KeptColumns kept, AnonymousFilePool pool, string collaboration)
    {
        var file = pool.Rent(Bytes).Value;
        file.Writable(0, Bytes).Span.Fill(1);
        var key = ColumnKey.Of(collaboration, "object", ["id"]);
        kept.Take(key, out var moment).Should().BeNull();
        kept.Keep(key, file, moment).Dispose();
        return file;
    }
}
