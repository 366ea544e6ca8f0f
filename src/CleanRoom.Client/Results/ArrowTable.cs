using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace CleanRoom.Client.Results;

/// <summary>An answer as text, for people: column names, and rows of cells of which null is no value.</summary>
/// <param name="Columns">In the order of the answer.</param>
/// <param name="Rows">As many cells a row as there are columns.</param>
public sealed record ArrowTable(ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<string?>> Rows)
{
    /// <summary>Reads the payload of an opened answer.</summary>
    /// <param name="arrowIpc">An Arrow IPC stream. Trust: from an attested node, under the commitment of a receipt.</param>
    public static ArrowTable Read(ReadOnlyMemory<byte> arrowIpc)
    {
        using var reader = new ArrowStreamReader(arrowIpc);
        var columns = reader.Schema.FieldsList.Select(field => field.Name).ToImmutableArray();
        var rows = ImmutableArray.CreateBuilder<ImmutableArray<string?>>();
        while (reader.ReadNextRecordBatch() is { } batch)
        {
            using (batch)
            {
                for (var row = 0; row < batch.Length; row++)
                {
                    rows.Add([.. batch.Arrays.Select(array => Text(array, row))]);
                }
            }
        }

        return new ArrowTable(columns, rows.ToImmutable());
    }

    private static string? Text(IArrowArray array, int row) => array.IsNull(row)
        ? null
        : array switch
        {
            BooleanArray values => values.GetValue(row)!.Value ? "true" : "false",
            Int32Array values => values.GetValue(row)!.Value.ToString(CultureInfo.InvariantCulture),
            Int64Array values => values.GetValue(row)!.Value.ToString(CultureInfo.InvariantCulture),
            Decimal128Array values => Decimal(values, row),
            StringArray values => values.GetString(row),
            Date32Array values => values.GetDateOnly(row)!.Value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            TimestampArray values => values.GetTimestamp(row)!.Value.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
            _ => throw new InvalidDataException($"wanted a type that answers have; got {array.Data.DataType.Name}"),
        };

    /// <summary>From the bytes: the library's decimals hold 28 digits, answers 38.</summary>
    private static string Decimal(Decimal128Array values, int row)
    {
        var scale = ((Decimal128Type)values.Data.DataType).Scale;
        var unscaled = new BigInteger(values.GetBytes(row));
        var digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var text = scale == 0 ? digits : $"{digits[..^scale]}.{digits[^scale..]}";
        return unscaled.Sign < 0 ? "-" + text : text;
    }
}
