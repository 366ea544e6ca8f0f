using System.Collections.Immutable;
using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Grains.Queries;

/// <summary>Writes what the gate released as an Arrow IPC stream of one batch: the payload of a result. The same table, the same bytes.</summary>
/// <remarks>Spec: contracts/spec/0009 s.2; Apache Arrow columnar format, IPC streaming.</remarks>
internal static class ReleasedArrow
{
    private const int DecimalPrecision = 38;

    /// <summary>Returns the bytes.</summary>
    public static byte[] Encode(ReleasedTable table)
    {
        var fields = table.Columns.Select(column => new Field(column.Name, TypeOf(column.Type), nullable: true));
        var schema = new Schema(fields, metadata: null);
        var arrays = table.Columns.Select((column, index) => ArrayOf(column.Type, table.Rows, index)).ToList();
        using var batch = new RecordBatch(schema, arrays, table.Rows.Length);
        using var bytes = new MemoryStream();
        using var writer = new ArrowStreamWriter(bytes, schema, leaveOpen: true);
        writer.WriteStart();
        writer.WriteRecordBatch(batch);
        writer.WriteEnd();
        return bytes.ToArray();
    }

    private static IArrowType TypeOf(CellType type) => type.Type switch
    {
        ColumnType.Boolean => BooleanType.Default,
        ColumnType.Int32 => Int32Type.Default,
        ColumnType.Int64 => Int64Type.Default,
        ColumnType.Decimal => new Decimal128Type(DecimalPrecision, type.Scale),
        ColumnType.Date => Date32Type.Default,
        ColumnType.Timestamp => new TimestampType(TimeUnit.Microsecond, (string?)null),
        ColumnType.String or ColumnType.Uuid or ColumnType.Sha256 => StringType.Default,
        _ => throw new ArgumentOutOfRangeException(nameof(type), "wanted a type of the contract format"),
    };

    private static IArrowArray ArrayOf(CellType type, ImmutableArray<ImmutableArray<CellValue>> rows, int column)
    {
        var values = rows.Select(row => row[column] is CellValue.Null ? null : row[column]);
        switch (type.Type)
        {
            case ColumnType.Boolean:
                return values.Aggregate(new BooleanArray.Builder(), (b, v) => v is null ? b.AppendNull() : b.Append(((CellValue.Boolean)v).Value)).Build();
            case ColumnType.Int32:
                return values.Aggregate(new Int32Array.Builder(), (b, v) => v is null ? b.AppendNull() : b.Append((int)Whole(v))).Build();
            case ColumnType.Int64:
                return values.Aggregate(new Int64Array.Builder(), (b, v) => v is null ? b.AppendNull() : b.Append((long)Whole(v))).Build();
            case ColumnType.Decimal:
                return Decimals((Decimal128Type)TypeOf(type), type.Scale, values);
            case ColumnType.Date:
                return values.Aggregate(new Date32Array.Builder(), (b, v) => v is null ? b.AppendNull() : b.Append(((CellValue.Date)v).Value)).Build();
            case ColumnType.Timestamp:
                return values.Aggregate(
                    new TimestampArray.Builder((TimestampType)TypeOf(type)),
                    (b, v) => v is null ? b.AppendNull() : b.Append(new DateTimeOffset(((CellValue.Timestamp)v).Value, TimeSpan.Zero))).Build();
            default:
                return values.Aggregate(new StringArray.Builder(), (b, v) => v is null ? b.AppendNull() : b.Append(v.ToString())).Build();
        }
    }

    private static BigInteger Whole(CellValue value) =>
        value is CellValue.Number { Scale: 0 } number ? number.Unscaled : throw new ArgumentException("wanted a whole number", nameof(value));

    /// <summary>Written byte by byte: the library's builder goes through types that do not hold 38 digits.</summary>
    private static Decimal128Array Decimals(Decimal128Type type, int scale, IEnumerable<CellValue?> values)
    {
        var bytes = new ArrowBuffer.Builder<byte>();
        var validity = new ArrowBuffer.BitmapBuilder();
        var (length, nulls) = (0, 0);
        Span<byte> slot = stackalloc byte[type.ByteWidth];
        foreach (var value in values)
        {
            slot.Clear();
            if (value is CellValue.Number number)
            {
                var unscaled = number.Unscaled * BigInteger.Pow(10, scale - number.Scale);
                if (unscaled.Sign < 0)
                {
                    slot.Fill(0xff);
                }

                unscaled.TryWriteBytes(slot, out _);
            }

            validity.Append(value is not null);
            nulls += value is null ? 1 : 0;
            bytes.Append(slot);
            length++;
        }

        return new Decimal128Array(new ArrayData(type, length, nulls, 0, [nulls == 0 ? ArrowBuffer.Empty : validity.Build(), bytes.Build()]));
    }
}
