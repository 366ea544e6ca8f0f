using CleanRoom.Engine.Results;
using CleanRoom.Engine.Running;
using DuckDB.NET.Native;

namespace CleanRoom.Engine.Child;

/// <summary>Encodes a DuckDB result for the node.</summary>
/// <remarks>HUGEINT and DECIMAL keep every digit: nothing passes through a floating-point or a C# decimal value.</remarks>
internal static unsafe class RowExport
{
    /// <summary>Encodes all rows; the result's chunks are used up.</summary>
    public static EngineReply<byte[]> Write(ref DuckDBResult result, int maxBytes)
    {
        try
        {
            var writer = new RowWriter(maxBytes);
            var columns = new VectorCells[checked((int)NativeMethods.Query.DuckDBColumnCount(ref result))];
            for (var column = 0; column < columns.Length; column++)
            {
                using var type = NativeMethods.Query.DuckDBColumnLogicalType(ref result, column);
                var name = NativeMethods.Query.DuckDBColumnName(ref result, column);
                if (VectorCells.Create(writer, name, type) is not { } cells)
                {
                    return new EngineFailure(
                        EngineFailureKind.Sql,
                        $"output column {column}: wanted an exportable type; got {NativeMethods.LogicalType.DuckDBGetTypeId(type)}");
                }

                columns[column] = cells;
            }

            return WriteChunks(result, columns) is { } rows
                ? EngineReply<byte[]>.Of(writer.Finish(rows))
                : new EngineFailure(EngineFailureKind.Sql, "wanted days and moments of the years 1 to 9999 and ascending lists; got another");
        }
        catch (RowsTooLargeException)
        {
            return new EngineFailure(
                EngineFailureKind.OutputTooLarge, $"wanted at most {maxBytes} bytes and {RowFormat.MaxCells} cells; got more");
        }
    }

    private static int? WriteChunks(DuckDBResult result, VectorCells[] columns)
    {
        var rows = 0;
        while (true)
        {
            using var chunk = NativeMethods.Query.DuckDBFetchChunk(result);
            if (chunk.IsInvalid)
            {
                return rows;
            }

            var size = checked((int)NativeMethods.DataChunks.DuckDBDataChunkGetSize(chunk));
            for (var column = 0; column < columns.Length; column++)
            {
                var vector = NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, column);
                var data = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(vector);
                if (!columns[column].TryWrite(vector, data, NativeMethods.Vectors.DuckDBVectorGetValidity(vector), size))
                {
                    return null;
                }
            }

            rows = checked(rows + size);
        }
    }
}
