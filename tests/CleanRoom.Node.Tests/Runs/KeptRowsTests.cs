using CleanRoom.Grains.Messages;
using CleanRoom.Grains.Partitions;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Tests.Runs;

/// <summary>The rows of a partition, handed over in messages of less than 1 MiB.</summary>
public sealed class KeptRowsTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(PartitionRows.MostBytes, 1)]
    [InlineData(PartitionRows.MostBytes + 1, 2)]
    [InlineData((3 * PartitionRows.MostBytes) - 1, 3)]
    public void Keep_rows_areHandedOverPieceByPiece(int length, int pieces)
    {
        var bytes = Bytes(length);
        var kept = new KeptRows();
        var taken = new List<byte>();
        var piece = kept.Keep("run", [.. bytes]);
        taken.AddRange(piece.Bytes);
        for (var count = 1; count < pieces; count++)
        {
            piece.Bytes.Should().HaveCount(PartitionRows.MostBytes).And.HaveCountLessThan(1 << 20);
            piece = kept.Rest("run", taken.Count).Value;
            taken.AddRange(piece.Bytes);
        }

        piece.TotalBytes.Should().Be(length);
        taken.Should().Equal(bytes);
        kept.Rest("run", 0).Refusals[0].Code.Should().Be(RefusalCode.Unavailable, "all were handed over");
    }

    [Fact]
    public void Rest_ofAnotherRunOrPlace_isRefused()
    {
        var kept = new KeptRows();
        kept.Keep("run", new byte[PartitionRows.MostBytes + 1]);

        kept.Rest("other", PartitionRows.MostBytes).Refusals[0].Code.Should().Be(RefusalCode.Unavailable);
        kept.Rest("run", -1).Refusals[0].Code.Should().Be(RefusalCode.Unavailable);
        kept.Rest("run", PartitionRows.MostBytes + 1).Refusals[0].Code.Should().Be(RefusalCode.Unavailable);
        kept.Rest("run", PartitionRows.MostBytes).Value.Bytes.Should().HaveCount(1);
    }

    [Fact]
    public void Forget_rows_areZeroed()
    {
        var rows = Bytes(PartitionRows.MostBytes + 1);
        var kept = new KeptRows();
        kept.Keep("run", rows);

        kept.Forget();

        rows.Should().OnlyContain(value => value == 0);
        kept.Rest("run", 0).IsAccepted.Should().BeFalse();
    }

    private static byte[] Bytes(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(1 + (i % 251)))];
}
