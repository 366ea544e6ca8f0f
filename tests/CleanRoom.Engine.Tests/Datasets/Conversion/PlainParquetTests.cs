using CleanRoom.Datasets.Conversion;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Engine.Tests.Datasets.Conversion;

/// <summary>An answer leaves as Parquet, and DuckDB reads it.</summary>
public sealed class PlainParquetTests
{
    [Fact]
    public async Task File_holds_every_type_and_no_value()
    {
        using var folder = new TemporaryDirectory();
        var written = await PlainParquet.WriteAsync(
            [
                new PlainColumn("yes", ColumnType.Boolean, 0, ["true", null, "false"]),
                new PlainColumn("small", ColumnType.Int32, 0, ["-7", null, "2147483647"]),
                new PlainColumn("large", ColumnType.Int64, 0, ["9223372036854775807", null, "-1"]),
                new PlainColumn("exact", ColumnType.Decimal, 4, ["-50.8844", null, "0.0001"]),
                new PlainColumn("word", ColumnType.String, 0, ["a \"quoted\", word", null, string.Empty]),
                new PlainColumn("day", ColumnType.Date, 0, ["2026-01-31", null, "1969-12-31"]),
                new PlainColumn("moment", ColumnType.Timestamp, 0, ["2026-01-31 08:00:00.5", null, "1970-01-01 00:00:00"]),
            ],
            TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder.File("answer.parquet"), written.Value, TestContext.Current.CancellationToken);

        var read = TouchedColumns.Query(
            $"SELECT yes::VARCHAR, small::VARCHAR, large::VARCHAR, exact::VARCHAR, word, day::VARCHAR, epoch_us(moment)::VARCHAR FROM read_parquet('{folder.File("answer.parquet")}')");

        read.Should().HaveCount(3);
        read[0].Should().Equal("true", "-7", "9223372036854775807", "-50.8844", "a \"quoted\", word", "2026-01-31", "1769846400500000");
        read[1].Should().OnlyContain(cell => cell == null);
        read[2].Should().Equal("false", "2147483647", "-1", "0.0001", string.Empty, "1969-12-31", "0");
    }

    [Theory]
    [InlineData(ColumnType.Decimal, 4, "0.00001", "a decimal of at most 14 digits before the point")]
    [InlineData(ColumnType.Decimal, 20, "1", "a scale from 0 to 18")]
    [InlineData(ColumnType.Decimal, 0, "9223372036854775808", "a decimal of at most 18 digits before the point")]
    [InlineData(ColumnType.Int32, 0, "x", "an integer of 32 bits")]
    public async Task Cell_that_cannot_be_held_exactly_refuses(ColumnType type, int scale, string cell, string wanted)
    {
        var written = await PlainParquet.WriteAsync([new PlainColumn("value", type, scale, [cell])], TestContext.Current.CancellationToken);

        written.Refusals.Should().ContainSingle().Which.Should().Match<Refusal>(refusal => refusal.Code == RefusalCode.DocumentInvalid && refusal.Wanted.Contains(wanted));
    }

    [Fact]
    public async Task Table_without_a_row_refuses()
    {
        var written = await PlainParquet.WriteAsync([new PlainColumn("value", ColumnType.Int32, 0, [])], TestContext.Current.CancellationToken);

        written.Refusals.Should().ContainSingle().Which.Got.Should().Be("no row");
    }
}
