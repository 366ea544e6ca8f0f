using System.Buffers.Binary;
using CleanRoom.Datasets.Conversion.Encodings;
using CleanRoom.Datasets.Source.ParquetFormat;
using CleanRoom.TestKit;
using CsCheck;

namespace CleanRoom.Engine.Tests.Datasets.Conversion;

/// <summary>Integers that are stored as differences come back.</summary>
public sealed class DeltaWriterTests
{
    private static readonly Gen<long> _value = Gen.OneOf(Gen.Long, Gen.Long[-3, 3], Gen.Const(long.MinValue), Gen.Const(long.MaxValue), Gen.Int.Select(value => (long)value));

    [Fact]
    public void Any_integers_come_back() => Gen.OneOf(_value.Array[0, 40], _value.Array[2_040, 2_060], Gen.Long[-5, 900].Array[4_090, 4_110]).Sample(
        values => Check(values, sizeof(long)), iter: Tier.Cases(200, 20_000));

    [Fact]
    public void Any_integers_of_32_bits_come_back() => Gen.OneOf(Gen.Int, Gen.Const(int.MinValue), Gen.Const(int.MaxValue), Gen.Int[-2, 2]).Array[0, 2_100].Sample(
        values => Check([.. values.Select(value => (long)value)], sizeof(int)), iter: Tier.Cases(200, 20_000));

    [Fact]
    public void A_worked_example_has_the_bytes_of_the_format()
    {
        // Spec: parquet Encodings, example 2 of DELTA_BINARY_PACKED (7, 5, 3, 1, 2, 3, 4, 5), in blocks of 2,048 in 8.
        var output = new byte[DeltaWriter.MostBytes(8)];

        var length = DeltaWriter.Write(Plain([7, 5, 3, 1, 2, 3, 4, 5], sizeof(long)), sizeof(long), output);

        // Block 2,048; 8 miniblocks; 8 values; first 7; least difference -2; widths 2, 0, ...; differences above it 0, 0, 0, 3, 3, 3, 3 and 249 of none.
        output[..16].Should().Equal(0x80, 0x10, 0x08, 0x08, 0x0E, 0x03, 0x02, 0, 0, 0, 0, 0, 0, 0, 0xC0, 0x3F);
        output[16..length].Should().HaveCount(62).And.OnlyContain(one => one == 0);
    }

    private static bool Check(long[] values, int width)
    {
        var output = new byte[DeltaWriter.MostBytes(values.Length)];
        Array.Fill(output, (byte)0xAA);
        var length = DeltaWriter.Write(Plain(values, width), width, output);
        var read = new long[values.Length];
        return DeltaReader.TryRead(output.AsSpan(0, length), read, out var used) && used == length
            && read.Select(value => width == sizeof(int) ? (int)value : value).SequenceEqual(values);
    }

    private static byte[] Plain(long[] values, int width)
    {
        var plain = new byte[values.Length * width];
        for (var i = 0; i < values.Length; i++)
        {
            if (width == sizeof(int))
            {
                BinaryPrimitives.WriteInt32LittleEndian(plain.AsSpan(i * width), (int)values[i]);
            }
            else
            {
                BinaryPrimitives.WriteInt64LittleEndian(plain.AsSpan(i * width), values[i]);
            }
        }

        return plain;
    }
}
