using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using CleanRoom.Engine.Results;
using CsCheck;

namespace CleanRoom.Engine.Tests.Support;

/// <summary>A column to encode, its values in the form that <see cref="EngineType"/> names.</summary>
internal sealed record RowSampleColumn(string Name, RowCell Cell, int Scale, object?[] Values);

/// <summary>Rows to encode, and how to write and compare them.</summary>
internal static class RowSamples
{
    private static readonly RowCell[] Forms = [.. Enum.GetValues<RowCell>().Where(cell => cell != RowCell.None)];

    // No surrogates: every string of these is valid.
    private static readonly Gen<string> Texts = Gen.String[Gen.Char['\0', '\u2603'], 0, 20];

    /// <summary>Gets one to five columns of up to twelve rows, of every form.</summary>
    public static Gen<RowSampleColumn[]> Any { get; } = Gen.Int[0, 12].SelectMany(rows => Column(rows).Array[1, 5]);

    /// <summary>Encodes columns of the same length.</summary>
    public static byte[] Encode(IReadOnlyList<RowSampleColumn> columns, int maxBytes = 1 << 20)
    {
        var writer = new RowWriter(maxBytes);
        foreach (var column in columns)
        {
            var target = writer.AddColumn(column.Name, column.Cell, column.Scale);
            foreach (var value in column.Values)
            {
                Write(target, value);
            }
        }

        return writer.Finish(columns[0].Values.Length);
    }

    /// <summary>Encodes decoded rows again; null when no value tells the form of a column of moments.</summary>
    public static byte[]? EncodeAgain(EngineRows rows)
    {
        var columns = rows.Columns.Select((column, index) =>
        {
            object?[] values = [.. rows.Rows.Select(row => row[index])];
            RowCell? cell = column.Type != EngineType.Timestamp
                ? (RowCell)column.Type
                : values.OfType<DateTime>().Select(moment => (RowCell?)(moment.Kind == DateTimeKind.Utc ? RowCell.UtcTimestamp : RowCell.Timestamp))
                    .FirstOrDefault();
            return (column, cell, values);
        }).ToArray();
        return columns.Any(column => column.cell is null)
            ? null
            : Encode([.. columns.Select(one => new RowSampleColumn(one.column.Name, one.cell!.Value, one.column.Scale, one.values))]);
    }

    /// <summary>Returns a text that is equal exactly for equal values of the same type.</summary>
    public static string Show(object? value) => value switch
    {
        null => "absent",
        ReadOnlyMemory<uint> numbers => "numbers " + string.Join(' ', numbers.ToArray()),
        ReadOnlyMemory<byte> bytes => "bytes " + Convert.ToHexStringLower(bytes.Span),
        double number => "double " + BitConverter.DoubleToInt64Bits(number).ToString(CultureInfo.InvariantCulture),
        DateTime moment => $"{moment.Kind} {moment.Ticks}",
        _ => $"{value.GetType().Name} {value}",
    };

    private static Gen<RowSampleColumn> Column(int rows) =>
        Gens.OneOf(Forms).SelectMany(cell =>
            (cell == RowCell.ScaledDecimal ? Gen.Int[1, RowFormat.MaxScale] : Gen.Const(0)).SelectMany(scale =>
                Gen.Select(
                    Gen.String[Gen.Char['a', '\u2603'], 1, 12],
                    Gen.Select(Gen.Bool, Value(cell, scale), (isPresent, value) => isPresent ? value : null).Array[rows],
                    (name, values) => new RowSampleColumn(name, cell, scale, values))));

    private static Gen<object> Value(RowCell cell, int scale) => cell switch
    {
        RowCell.Boolean => Gen.Bool.Select(value => (object)value),
        RowCell.WholeNumber => Gen.Long.Select(value => (object)value),
        RowCell.BigInteger => Wide.Select(value => (object)(BigInteger)value),
        RowCell.ScaledDecimal => Wide.Select(value => (object)new ScaledDecimal(value % RowFormat.DecimalEnd, scale)),
        RowCell.FloatingPoint => Gen.Double.Select(value => (object)value),
        RowCell.Text => Texts.Select(value => (object)value),
        RowCell.Binary => Gen.Byte.Array[0, 20].Select(value => (object)new ReadOnlyMemory<byte>(value)),
        RowCell.Date => Gen.Int[RowFormat.FirstDay, RowFormat.LastDay].Select(day => (object)new DateOnly(1970, 1, 1).AddDays(day)),
        RowCell.Timestamp => Moment(DateTimeKind.Unspecified),
        RowCell.UtcTimestamp => Moment(DateTimeKind.Utc),
        RowCell.Numbers => Gen.UInt.Array[0, 20].Select(numbers => (object)new ReadOnlyMemory<uint>([.. numbers.Distinct().Order()])),
        _ => throw new SwitchExpressionException(cell),
    };

    private static Gen<Int128> Wide => Gen.Select(Gen.ULong, Gen.ULong, (high, low) => new Int128(high, low));

    private static Gen<object> Moment(DateTimeKind kind) => Gen.Long[RowFormat.FirstMicrosecond, RowFormat.LastMicrosecond]
        .Select(moment => (object)DateTime.SpecifyKind(DateTime.UnixEpoch.AddTicks(moment * TimeSpan.TicksPerMicrosecond), kind));

    private static void Write(RowColumnWriter target, object? value)
    {
        switch (value)
        {
            case null:
                target.WriteAbsent();
                break;
            case bool truth:
                target.Write(truth);
                break;
            case long number:
                target.Write(number);
                break;
            case BigInteger number:
                target.Write((Int128)number);
                break;
            case ScaledDecimal number:
                target.Write((Int128)number.Unscaled);
                break;
            case double number:
                target.Write(number);
                break;
            case string text:
                target.Write(System.Text.Encoding.UTF8.GetBytes(text));
                break;
            case ReadOnlyMemory<uint> numbers:
                target.TryWrite(numbers.Span).Should().BeTrue();
                break;
            case ReadOnlyMemory<byte> bytes:
                target.Write(bytes.Span);
                break;
            case DateOnly day:
                target.Write(day.DayNumber - new DateOnly(1970, 1, 1).DayNumber);
                break;
            case DateTime moment:
                target.Write((moment.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
                break;
            default:
                throw new SwitchExpressionException(value);
        }
    }
}
