using System.Buffers.Binary;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using CleanRoom.Engine.Results;
using CleanRoom.Protocol;
using CsCheck;

namespace CleanRoom.Engine.Tests.Results;

public class EngineRowsTests
{
    [Fact]
    public void Read_stream_givesValues()
    {
        var rows = EngineRows.Read(Stream(), maxRows: 3).Value;
        rows.Columns.Should().Equal(new EngineColumn("n", EngineType.WholeNumber, 0), new EngineColumn("t", EngineType.Text, 0));
        rows.Rows.Select(row => (row[0], row[1])).Should().Equal((1L, "a"), (null, "b"), (3L, null));
    }

    [Fact]
    public void Read_moreRowsThanAllowed_isRefused() =>
        EngineRows.Read(Stream(), maxRows: 2).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.QueryFailed);

    [Fact]
    public void Read_changedBytes_givesRowsOrRefuses()
    {
        var stream = Stream();
        Gen.Select(Gen.Int[0, stream.Length - 1], Gen.Byte).Array[1, 6].Sample(
            changes =>
            {
                var changed = (byte[])stream.Clone();
                foreach (var (position, value) in changes)
                {
                    changed[position] = value;
                }

                _ = EngineRows.Read(changed, maxRows: 1_000);
            },
            iter: 20_000);
    }

    [Fact]
    public void Read_everyPrefix_givesNoMoreRowsThanTheWhole()
    {
        var stream = Stream();
        for (var length = 0; length < stream.Length; length++)
        {
            if (EngineRows.Read(stream.AsMemory(0, length), maxRows: 1_000).TryGet(out var rows, out _))
            {
                rows.Rows.Length.Should().BeLessThanOrEqualTo(3);
            }
        }
    }

    [Fact]
    public void Read_schemaMessageBeyondTheBound_isRefusedUnread()
    {
        var stream = new byte[ArrowFraming.MaxSchemaBytes + 100];
        BinaryPrimitives.WriteUInt32LittleEndian(stream, uint.MaxValue);
        BinaryPrimitives.WriteInt32LittleEndian(stream.AsSpan(4), ArrowFraming.MaxSchemaBytes + 1);
        ArrowFraming.IsBounded(stream).Should().BeFalse();
        EngineRows.Read(stream, maxRows: 1).IsAccepted.Should().BeFalse();
    }

    [Fact]
    public void Read_nestedColumn_isRefused()
    {
        var type = new ListType(Int32Type.Default);
        var list = new ListArray.Builder(Int32Type.Default).Append().Build();
        EngineRows.Read(Written(new RecordBatch(new Schema([new Field("l", type, true)], null), [list], 1)), maxRows: 1)
            .IsAccepted.Should().BeFalse();
    }

    [Theory]
    [InlineData("0", 0, "0")]
    [InlineData("-5", 2, "-0.05")]
    [InlineData("12345", 3, "12.345")]
    [InlineData("-12345", 0, "-12345")]
    public void ToString_scaledDecimal_hasExactlyTheScale(string unscaled, int scale, string expected) =>
        new ScaledDecimal(System.Numerics.BigInteger.Parse(unscaled, System.Globalization.CultureInfo.InvariantCulture), scale)
            .ToString().Should().Be(expected);

    private static byte[] Stream()
    {
        var schema = new Schema([new Field("n", Int64Type.Default, true), new Field("t", StringType.Default, true)], null);
        return Written(new RecordBatch(
            schema,
            [new Int64Array.Builder().Append(1).AppendNull().Append(3).Build(), new StringArray.Builder().Append("a").Append("b").AppendNull().Build()],
            3));
    }

    private static byte[] Written(RecordBatch batch)
    {
        using var memory = new MemoryStream();
        using var writer = new ArrowStreamWriter(memory, batch.Schema, leaveOpen: true);
        writer.WriteRecordBatch(batch);
        writer.WriteEnd();
        return memory.ToArray();
    }
}
