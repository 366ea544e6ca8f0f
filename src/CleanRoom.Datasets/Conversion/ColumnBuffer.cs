using System.Buffers.Binary;
using System.Text;
using CleanRoom.Datasets.Check;
using CleanRoom.Protocol.Documents;
using Parquet;
using Parquet.Schema;

namespace CleanRoom.Datasets.Conversion;

/// <summary>The values of one column of one row group. Spec: contracts/spec/0007 s.10, table of physical types.</summary>
internal abstract class ColumnBuffer
{
    private const int DecimalPrecision = 18;
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMillisecond / 1_000;

    /// <summary>Gets the column of the Parquet schema.</summary>
    public abstract DataField Field { get; }

    /// <summary>Makes the buffer for a column's type.</summary>
    public static ColumnBuffer Create(ColumnRule rule) => rule.Type switch
    {
        ColumnType.Boolean => new Typed<bool>(Plain<bool>(rule), static (in cell) => cell.Number != 0),
        ColumnType.Int32 => new Typed<int>(Plain<int>(rule), static (in cell) => (int)cell.Number),
        ColumnType.Int64 => new Typed<long>(Plain<long>(rule), static (in cell) => cell.Number),
        ColumnType.Decimal => new Typed<decimal>(
            new DecimalDataField(rule.Name, DecimalPrecision, rule.Scale, isNullable: rule.IsNullable),
            (in cell) => ColumnRule.ToDecimal(cell.Number, rule.Scale)),
        ColumnType.Date => new Typed<DateOnly>(
            Plain<DateOnly>(rule), static (in cell) => DateOnly.FromDayNumber((int)cell.Number + LexicalForms.EpochDayNumber)),

        // Not "adjusted to UTC": the engine would read a zoned type, whose truncation depends on the session's time zone.
        ColumnType.Timestamp => new Typed<DateTime>(
            new DateTimeDataField(rule.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: false, DateTimeTimeUnit.Micros, isNullable: rule.IsNullable),
            static (in cell) => DateTime.UnixEpoch.AddTicks(cell.Number * TicksPerMicrosecond)),
        ColumnType.Uuid => new Typed<Guid>(Plain<Guid>(rule), static (in cell) => ToGuid(cell.Wide)),
        ColumnType.Sha256 => Arena<byte>(rule, static (bytes, arena) => arena.Copy(bytes.Span)),
        _ => Arena<char>(rule, static (bytes, arena) =>
        {
            var text = arena.Take(Encoding.UTF8.GetCharCount(bytes.Span));
            Encoding.UTF8.GetChars(bytes.Span, text.Span);
            return text;
        }),
    };

    /// <summary>Copies a cell.</summary>
    public abstract void Add(in CheckedCell cell);

    /// <summary>Writes the values as one column chunk and empties the buffer.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group, DataField field, CancellationToken cancellationToken);

    private static DataField Plain<T>(ColumnRule rule) => new(rule.Name, typeof(T), rule.IsNullable);

    private static Typed<ReadOnlyMemory<T>> Arena<T>(ColumnRule rule, Func<ReadOnlyMemory<byte>, Arena<T>, ReadOnlyMemory<T>> copy)
    {
        var arena = new Arena<T>();
        return new Typed<ReadOnlyMemory<T>>(Plain<ReadOnlyMemory<T>>(rule), (in cell) => copy(cell.Bytes, arena), arena.Clear);
    }

    private static Guid ToGuid(UInt128 value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return new Guid(bytes, bigEndian: true);
    }

    private delegate T Getter<out T>(in CheckedCell cell);

    private sealed class Typed<T>(DataField declared, Getter<T> get, Action? clear = null) : ColumnBuffer
        where T : struct
    {
        private readonly List<T> _values = [];
        private readonly List<int> _levels = [];

        public override DataField Field => declared;

        public override void Add(in CheckedCell cell)
        {
            // Definition level: 1 for a value, 0 for NULL.
            if (declared.IsNullable)
            {
                _levels.Add(cell.IsNull ? 0 : 1);
            }

            if (!cell.IsNull)
            {
                _values.Add(get(cell));
            }
        }

        public override async Task WriteAsync(ParquetRowGroupWriter group, DataField field, CancellationToken cancellationToken)
        {
            await group.WriteAllPartsAsync<T>(
                field, _values.ToArray(), field.IsNullable ? _levels.ToArray() : null, repetitionLevels: null, cancellationToken);
            _values.Clear();
            _levels.Clear();
            clear?.Invoke();
        }
    }
}
