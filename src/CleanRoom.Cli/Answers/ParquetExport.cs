using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using CleanRoom.Protocol;
using Parquet;
using Parquet.Schema;
using ArrowField = Apache.Arrow.Field;

namespace CleanRoom.Cli.Answers;

/// <summary>An answer as one Parquet row group with the same columns and types.</summary>
internal static class ParquetExport
{
    /// <summary>Converts the payload of an opened answer.</summary>
    /// <param name="arrowIpc">An Arrow IPC stream.</param>
    /// <param name="cancellationToken">Stops between columns.</param>
    /// <returns>The file's bytes, or <see cref="RefusalCode.DocumentInvalid"/> for a decimal that Parquet's writer cannot hold.</returns>
    public static async Task<Result<byte[]>> OfAsync(ReadOnlyMemory<byte> arrowIpc, CancellationToken cancellationToken)
    {
        using var reader = new ArrowStreamReader(arrowIpc);
        var columns = reader.Schema.FieldsList.Select(Create).ToImmutableArray();
        while (reader.ReadNextRecordBatch() is { } batch)
        {
            using (batch)
            {
                foreach (var (column, array) in columns.Zip(batch.Arrays))
                {
                    if (!column.TryAdd(array))
                    {
                        return new Refusal(RefusalCode.DocumentInvalid, "decimals of at most 28 digits for parquet", "a longer one: take csv or arrow");
                    }
                }
            }
        }

        var schema = new ParquetSchema(columns.Select(column => column.Field));
        using var output = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(schema, output, new ParquetOptions(), append: false, cancellationToken))
        {
            using var group = writer.CreateRowGroup();
            foreach (var (column, field) in columns.Zip(schema.GetDataFields()))
            {
                await column.WriteAsync(group, field, cancellationToken);
            }

            group.CompleteValidate();
        }

        return output.ToArray();
    }

    private static Column Create(ArrowField field) => field.DataType switch
    {
        BooleanType => new Column<bool>(Plain<bool>(field), static (array, row) => ((BooleanArray)array).GetValue(row)!.Value),
        Int32Type => new Column<int>(Plain<int>(field), static (array, row) => ((Int32Array)array).GetValue(row)!.Value),
        Int64Type => new Column<long>(Plain<long>(field), static (array, row) => ((Int64Array)array).GetValue(row)!.Value),
        Decimal128Type type => new Column<decimal>(
            new DecimalDataField(field.Name, type.Precision, type.Scale, isNullable: true), (array, row) => Decimal((Decimal128Array)array, row, type.Scale)),
        StringType => new Column<ReadOnlyMemory<char>>(
            Plain<ReadOnlyMemory<char>>(field), static (array, row) => ((StringArray)array).GetString(row).AsMemory()),
        Date32Type => new Column<DateOnly>(Plain<DateOnly>(field), static (array, row) => ((Date32Array)array).GetDateOnly(row)!.Value),
        TimestampType => new Column<DateTime>(
            new DateTimeDataField(field.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: false, DateTimeTimeUnit.Micros, isNullable: true),
            static (array, row) => ((TimestampArray)array).GetTimestamp(row)!.Value.UtcDateTime),
        var other => throw new InvalidDataException($"wanted a type that answers have; got {other.Name}"),
    };

    private static DataField Plain<T>(ArrowField field) => new(field.Name, typeof(T), isNullable: true);

    /// <summary>From the bytes, as the text forms do; null when .NET's decimal is too short for it.</summary>
    private static decimal? Decimal(Decimal128Array values, int row, int scale)
    {
        const int MaxScale = 28;
        var unscaled = new BigInteger(values.GetBytes(row));
        if (scale is < 0 or > MaxScale || BigInteger.Abs(unscaled) >= BigInteger.One << 96)
        {
            return null;
        }

        var digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var value = decimal.Parse(scale == 0 ? digits : $"{digits[..^scale]}.{digits[^scale..]}", CultureInfo.InvariantCulture);
        return unscaled.Sign < 0 ? -value : value;
    }

    private abstract class Column(DataField field)
    {
        public DataField Field { get; } = field;

        public abstract bool TryAdd(IArrowArray array);

        public abstract Task WriteAsync(ParquetRowGroupWriter group, DataField written, CancellationToken cancellationToken);
    }

    private sealed class Column<T>(DataField field, Func<IArrowArray, int, T?> get) : Column(field)
        where T : struct
    {
        private readonly List<T> _values = [];

        // Definition level: 1 for a value, 0 for none.
        private readonly List<int> _levels = [];

        public override bool TryAdd(IArrowArray array)
        {
            for (var row = 0; row < array.Length; row++)
            {
                if (array.IsNull(row))
                {
                    _levels.Add(0);
                    continue;
                }

                if (get(array, row) is not { } value)
                {
                    return false;
                }

                _levels.Add(1);
                _values.Add(value);
            }

            return true;
        }

        public override Task WriteAsync(ParquetRowGroupWriter group, DataField written, CancellationToken cancellationToken) =>
            group.WriteAllPartsAsync<T>(written, _values.ToArray(), _levels.ToArray(), repetitionLevels: null, cancellationToken);
    }
}
