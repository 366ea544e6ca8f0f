using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using CleanRoom.Engine.Results;
using CleanRoom.Engine.Tests.Support;
using CleanRoom.Protocol;
using CsCheck;

namespace CleanRoom.Engine.Tests.Results;

public class EngineRowsTests
{
    private const int CellsStart = RowFormat.HeadBytes + RowFormat.ColumnHeadBytes + 1;

    [Fact]
    public void Read_encodedRows_givesTheSameColumnsAndValues() =>
        RowSamples.Any.Sample(
            columns =>
            {
                var rows = EngineRows.Read(RowSamples.Encode(columns), maxRows: 12).Value;
                rows.Columns.Should().Equal(columns.Select(column => new EngineColumn(column.Name, RowFormat.TypeOf(column.Cell), column.Scale)));
                rows.Rows.Select(row => string.Join('|', row.Select(RowSamples.Show))).Should().Equal(
                    Enumerable.Range(0, columns[0].Values.Length)
                        .Select(row => string.Join('|', columns.Select(column => RowSamples.Show(column.Values[row])))));
            },
            iter: 3_000);

    [Fact]
    public void Read_changedBytes_givesTheRowsOfExactlyTheseBytesOrRefuses() =>
        Gen.Select(RowSamples.Any, Changes).Sample(
            (columns, changes) => ShouldBeSound(changes.Aggregate(RowSamples.Encode(columns), Change)),
            iter: 100_000);

    [Fact]
    public void Read_anyBytes_givesTheRowsOfExactlyTheseBytesOrRefuses() =>
        Gen.Byte.Array[0, 200].Sample(bytes => ShouldBeSound([.. RowFormat.Magic, .. bytes]), iter: 20_000);

    [Fact]
    public void Read_everyPrefixAndATrailingByte_isRefused() =>
        RowSamples.Any.Sample(
            columns =>
            {
                var bytes = RowSamples.Encode(columns);
                for (var length = 0; length < bytes.Length; length++)
                {
                    ShouldRefuse(bytes[..length]);
                }

                ShouldRefuse([.. bytes, 0]);
            },
            iter: 100);

    [Theory]
    [InlineData(uint.MaxValue, 1)]
    [InlineData(int.MaxValue, 1_024)]
    [InlineData(RowFormat.MaxCells, 1)]
    [InlineData(RowFormat.MaxCells / 1_024, 1_024)]
    [InlineData(0, ushort.MaxValue)]
    public void Read_countsThatTheBytesCannotHold_areRefusedBeforeAnythingIsAllocated(uint rowCount, int columnCount)
    {
        var bytes = Columns(new RowSampleColumn("n", RowCell.WholeNumber, 0, [1L, 2L]));
        ShouldRefuse(bytes, columnCount, rowCount);
        var before = GC.GetAllocatedBytesForCurrentThread();
        ShouldRefuse(bytes, columnCount, rowCount);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(10_000);
    }

    [Fact]
    public void Read_moreRowsThanAllowed_isRefused()
    {
        var bytes = Columns(new RowSampleColumn("n", RowCell.WholeNumber, 0, [1L, null, 3L]));
        EngineRows.Read(bytes, maxRows: 3).Value.Rows.Should().HaveCount(3);
        EngineRows.Read(bytes, maxRows: 2).Refusals.Should().Equal(new Refusal(RefusalCode.QueryFailed, "a completed run", "a failed run"));
    }

    [Fact]
    public void Read_moreCellsThanTheFormatHolds_isRefused()
    {
        // Honest in every other way: absent values are one zero byte each.
        const int rows = (RowFormat.MaxCells / 2) + 1;
        byte[] head = [(byte)RowCell.Text, 0, 0, 1, 0, 0x20, 0, 1, (byte)'a'];
        var bytes = new byte[RowFormat.HeadBytes + (2 * head.Length) + (2 * rows)];
        RowFormat.Magic.CopyTo(bytes);
        bytes[5] = 2;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(6), rows);
        head.CopyTo(bytes, RowFormat.HeadBytes);
        head.CopyTo(bytes, RowFormat.HeadBytes + head.Length);
        ShouldRefuse(bytes);
    }

    [Fact]
    public void Read_mostCells_areTaken()
    {
        var bytes = Columns(new RowSampleColumn("a", RowCell.Boolean, 0, new object?[RowFormat.MaxCells]), maxBytes: int.MaxValue);
        EngineRows.Read(bytes, int.MaxValue).Value.Rows.Length.Should().Be(RowFormat.MaxCells);
    }

    [Theory]
    [InlineData(RowCell.Boolean, 0, "0102")]
    [InlineData(RowCell.Boolean, 0, "02")]
    [InlineData(RowCell.Boolean, 0, "0100ff")]
    [InlineData(RowCell.WholeNumber, 0, "0100000000000000")]
    [InlineData(RowCell.ScaledDecimal, 2, "014b3b4ca85a86c47a098a224000000000")]
    [InlineData(RowCell.ScaledDecimal, 2, "01b4c4b357a5793b85f675ddc000000000")]
    [InlineData(RowCell.ScaledDecimal, 0, "0100000000000000000000000000000000")]
    [InlineData(RowCell.ScaledDecimal, 39, "0100000000000000000000000000000000")]
    [InlineData(RowCell.WholeNumber, 1, "010000000000000000")]
    [InlineData(RowCell.Text, 0, "0100000002c328")]
    [InlineData(RowCell.Text, 0, "0100000003eda080")]
    [InlineData(RowCell.Text, 0, "0100000002c080")]
    [InlineData(RowCell.Text, 0, "0100000002c3")]
    [InlineData(RowCell.Text, 0, "01ffffffff61")]
    [InlineData(RowCell.Binary, 0, "0180000000")]
    [InlineData(RowCell.Date, 0, "01fff506c5")]
    [InlineData(RowCell.Date, 0, "01002cc0a1")]
    [InlineData(RowCell.Timestamp, 0, "01ff23400100d43fff")]
    [InlineData(RowCell.UtcTimestamp, 0, "010384440ccc736000")]
    [InlineData((RowCell)0, 0, "00")]
    [InlineData(RowCell.Numbers, 0, "01000000020000000500000006000000")]
    [InlineData(RowCell.Numbers, 0, "01000000020000000500000005")]
    [InlineData(RowCell.Numbers, 0, "01000000020000000500000004")]
    [InlineData(RowCell.Numbers, 0, "010000000300000005ffffffff00000006")]
    [InlineData(RowCell.Numbers, 0, "0100000001000000")]
    [InlineData(RowCell.Numbers, 0, "0100000001")]
    [InlineData(RowCell.Numbers, 0, "010000000000000005")]
    [InlineData(RowCell.Numbers, 0, "01ffffffff00000005")]
    [InlineData(RowCell.Numbers, 0, "014000000100000005")]
    [InlineData(RowCell.Numbers, 1, "0100000000")]
    [InlineData((RowCell)12, 0, "00")]
    [InlineData((RowCell)255, 0, "00")]
    public void Read_oneCellThatNoWriterGives_isRefused(object cell, int scale, string hex)
    {
        var cells = Convert.FromHexString(hex);
        ShouldRefuse([.. RowFormat.Magic, 0, 1, 0, 0, 0, 1, (byte)(RowCell)cell, (byte)scale, 0, 1, 0, 0, 0, (byte)cells.Length, (byte)'a', .. cells]);
    }

    [Theory]
    [InlineData("0100000000", "")]
    [InlineData("010000000300000000000000057fffffff", "0 5 2147483647")]
    [InlineData("0100000002fffffffeffffffff", "4294967294 4294967295")]
    public void Read_numbers_areTaken(string hex, string expected)
    {
        var cells = Convert.FromHexString(hex);
        byte[] bytes = [.. RowFormat.Magic, 0, 1, 0, 0, 0, 1, (byte)RowCell.Numbers, 0, 0, 1, 0, 0, 0, (byte)cells.Length, (byte)'a', .. cells];

        string.Join(' ', ((ReadOnlyMemory<uint>)EngineRows.Read(bytes, maxRows: 1).Value.Rows[0][0]!).ToArray()).Should().Be(expected);
    }

    [Fact]
    public void Write_numbersThatDoNotAscend_areNotWritten()
    {
        var column = new RowWriter(100).AddColumn("a", RowCell.Numbers, 0);

        column.TryWrite([1, 1]).Should().BeFalse();
        column.TryWrite([2, 1]).Should().BeFalse();
        column.Cells.Should().Be(0);
        column.TryWrite([1, 2]).Should().BeTrue();
        column.Cells.Should().Be(1);
    }

    [Theory]
    [InlineData("014b3b4ca85a86c47a098a223fffffffff", "999999999999999999999999999999999999.99")]
    [InlineData("01b4c4b357a5793b85f675ddc000000001", "-999999999999999999999999999999999999.99")]
    public void Read_decimalOfMostDigits_isTaken(string hex, string expected)
    {
        byte[] bytes =
        [
            .. RowFormat.Magic, 0, 1, 0, 0, 0, 1, (byte)RowCell.ScaledDecimal, 2, 0, 1, 0, 0, 0, 17, (byte)'a', .. Convert.FromHexString(hex),
        ];
        EngineRows.Read(bytes, maxRows: 1).Value.Rows[0][0]!.ToString().Should().Be(expected);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(5, 0)]
    [InlineData(5, 2)]
    [InlineData(9, 2)]
    [InlineData(13, 0)]
    [InlineData(13, 2)]
    [InlineData(17, 8)]
    [InlineData(17, 10)]
    [InlineData(14, 1)]
    [InlineData(18, 0xff)]
    public void Read_headWithAnotherByte_isRefused(int position, byte value)
    {
        var bytes = Columns(new RowSampleColumn("n", RowCell.WholeNumber, 0, [7L]));
        bytes[position].Should().NotBe(value);
        bytes[position] = value;
        ShouldRefuse(bytes);
    }

    [Fact]
    public void Finish_columnsOfDifferentLength_isTheCallersBug()
    {
        var writer = new RowWriter(100);
        writer.AddColumn("a", RowCell.Boolean, 0).WriteAbsent();
        writer.AddColumn("b", RowCell.Boolean, 0);
        writer.Invoking(one => one.Finish(1)).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Write_valueOfAnotherForm_isTheCallersBug() =>
        new RowWriter(100).AddColumn("a", RowCell.Boolean, 0).Invoking(column => column.Write(1L)).Should().Throw<InvalidOperationException>();

    [Fact]
    public void Write_lastByteThatFits_isTheLast()
    {
        var column = new RowSampleColumn("n", RowCell.WholeNumber, 0, [1L, null]);
        var length = RowSamples.Encode([column]).Length;
        RowSamples.Encode([column], maxBytes: length).Should().HaveCount(length);
        FluentActions.Invoking(() => RowSamples.Encode([column], maxBytes: length - 1)).Should().Throw<RowsTooLargeException>();
        FluentActions.Invoking(() => RowSamples.Encode([column], maxBytes: CellsStart - 1)).Should().Throw<RowsTooLargeException>();
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void AddColumn_nameOfNoBytesOrTooMany_isRefused(string? name) =>
        FluentActions.Invoking(() => new RowWriter(10_000).AddColumn(name ?? new string('n', 1_025), RowCell.Text, 0))
            .Should().Throw<RowsTooLargeException>();

    [Theory]
    [InlineData("0", 0, "0")]
    [InlineData("-5", 2, "-0.05")]
    [InlineData("12345", 3, "12.345")]
    [InlineData("-12345", 0, "-12345")]
    public void ToString_scaledDecimal_hasExactlyTheScale(string unscaled, int scale, string expected) =>
        new ScaledDecimal(BigInteger.Parse(unscaled, CultureInfo.InvariantCulture), scale).ToString().Should().Be(expected);

    private static Gen<(int Kind, int Position, byte Value)[]> Changes =>
        Gen.Select(Gen.Int[0, 4], Gen.OneOf(Gen.Int[0, 40], Gen.Int[0, 2_000]), Gen.OneOf(Gen.Byte, Gen.Byte[0, 12])).Array[1, 4];

    private static byte[] Change(byte[] bytes, (int Kind, int Position, byte Value) change)
    {
        var at = bytes.Length == 0 ? 0 : change.Position % bytes.Length;
        return change.Kind switch
        {
            0 => [.. bytes[..at], change.Value, .. bytes[at..]],
            1 => bytes[..at],
            2 => [.. bytes[..at], .. bytes[Math.Min(at + change.Value, bytes.Length)..]],
            3 => [.. bytes, .. bytes[at..]],
            _ => [.. bytes.Select((value, index) => index == at ? change.Value : value)],
        };
    }

    // What is accepted is the one encoding of its rows, and costs memory in proportion to its length.
    private static void ShouldBeSound(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var decoded = RowDecoder.Decode(bytes, maxRows: 1_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > 16_384 + (128L * bytes.Length))
        {
            allocated.Should().BeLessThan(16_384 + (128L * bytes.Length));
        }

        if (decoded is not null && RowSamples.EncodeAgain(decoded) is { } again && !again.AsSpan().SequenceEqual(bytes))
        {
            again.Should().Equal(bytes);
        }
    }

    private static void ShouldRefuse(byte[] bytes) => EngineRows.Read(bytes, int.MaxValue).IsAccepted.Should().BeFalse();

    private static void ShouldRefuse(byte[] bytes, int columnCount, uint rowCount)
    {
        var changed = (byte[])bytes.Clone();
        BinaryPrimitives.WriteUInt16BigEndian(changed.AsSpan(4), (ushort)columnCount);
        BinaryPrimitives.WriteUInt32BigEndian(changed.AsSpan(6), rowCount);
        if (EngineRows.Read(changed, int.MaxValue).IsAccepted)
        {
            Assert.Fail("wanted a refusal; got rows");
        }
    }

    private static byte[] Columns(RowSampleColumn column, int maxBytes = 1 << 20) => RowSamples.Encode([column], maxBytes);
}
