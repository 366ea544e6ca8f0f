using System.Collections.Immutable;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using CleanRoom.Datasets.Conversion;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Results;

/// <summary>An answer as a Parquet file with the same columns, by the writer that derived files have: no library more for a browser to load.</summary>
public static class AnswerParquet
{
    /// <summary>Converts the payload of an opened answer.</summary>
    /// <param name="arrowIpc">An Arrow IPC stream.</param>
    /// <param name="cancellationToken">Stops between columns.</param>
    /// <returns>The file's bytes; or <see cref="RefusalCode.DocumentInvalid"/> for no row, or a decimal of more than 18 digits.</returns>
    public static async Task<Result<byte[]>> OfAsync(ReadOnlyMemory<byte> arrowIpc, CancellationToken cancellationToken)
    {
        ImmutableArray<(string Name, IArrowType Type)> fields;
        using (var reader = new ArrowStreamReader(arrowIpc))
        {
            fields = [.. reader.Schema.FieldsList.Select(field => (field.Name, field.DataType))];
        }

        var table = ArrowTable.Read(arrowIpc);
        return await PlainParquet.WriteAsync(
            [
                .. fields.Select((field, index) => new PlainColumn(
                    field.Name,
                    TypeOf(field.Type),
                    field.Type is Decimal128Type exact ? exact.Scale : 0,
                    [.. table.Rows.Select(row => row[index])])),
            ],
            cancellationToken);
    }

    private static ColumnType TypeOf(IArrowType type) => type switch
    {
        BooleanType => ColumnType.Boolean,
        Int32Type => ColumnType.Int32,
        Int64Type => ColumnType.Int64,
        Decimal128Type => ColumnType.Decimal,
        StringType => ColumnType.String,
        Date32Type => ColumnType.Date,
        TimestampType => ColumnType.Timestamp,
        _ => throw new InvalidDataException($"wanted a type that answers have; got {type.Name}"),
    };
}
