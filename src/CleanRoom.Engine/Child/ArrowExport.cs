using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.C;
using Apache.Arrow.Ipc;
using CleanRoom.Engine.Running;
using DuckDB.NET.Native;

namespace CleanRoom.Engine.Child;

/// <summary>Rows as an Arrow IPC stream.</summary>
internal readonly record struct ArrowStream(ReadOnlyMemory<byte> Bytes, long Rows);

/// <summary>Turns a DuckDB result into an Arrow IPC stream through DuckDB's own Arrow export.</summary>
/// <remarks>HUGEINT and DECIMAL become Decimal128 with every digit: nothing passes through a floating-point or a C# decimal value.</remarks>
internal static unsafe class ArrowExport
{
    // The types whose Arrow form is exact and that the rows' reader knows. UHUGEINT, for one, is exported with loss.
    private static readonly HashSet<DuckDBType> Exportable =
    [
        DuckDBType.Boolean,
        DuckDBType.TinyInt, DuckDBType.SmallInt, DuckDBType.Integer, DuckDBType.BigInt, DuckDBType.HugeInt,
        DuckDBType.UnsignedTinyInt, DuckDBType.UnsignedSmallInt, DuckDBType.UnsignedInteger, DuckDBType.UnsignedBigInt,
        DuckDBType.Float, DuckDBType.Double, DuckDBType.Decimal,
        DuckDBType.Varchar, DuckDBType.Blob, DuckDBType.Uuid,
        DuckDBType.Date, DuckDBType.Timestamp, DuckDBType.TimestampTz,
    ];

    /// <summary>Writes all rows; the result's chunks are used up.</summary>
    public static EngineReply<ArrowStream> Write(ref DuckDBResult result, int maxBytes)
    {
        var columnCount = checked((int)NativeMethods.Query.DuckDBColumnCount(ref result));
        for (var column = 0; column < columnCount; column++)
        {
            var type = NativeMethods.Query.DuckDBColumnType(ref result, column);
            if (!Exportable.Contains(type))
            {
                return new EngineFailure(EngineFailureKind.Sql, $"output column {column}: wanted an exportable type; got {type}");
            }
        }

        using var options = NativeMethods.Arrow.DuckDBResultGetArrowOptions(ref result);
        var schema = SchemaOf(ref result, columnCount, options);
        using var output = new BoundedStream(maxBytes);
        try
        {
            var rows = WriteChunks(result, options, schema, output);
            return EngineReply<ArrowStream>.Of(new ArrowStream(output.Written, rows));
        }
        catch (OutputFullException)
        {
            return new EngineFailure(EngineFailureKind.OutputTooLarge, $"wanted at most {maxBytes} bytes; got more");
        }
    }

    private static long WriteChunks(DuckDBResult result, DuckDBArrowOptions options, Schema schema, BoundedStream output)
    {
        using var writer = new ArrowStreamWriter(output, schema, leaveOpen: true);
        writer.WriteStart();
        var rows = 0L;
        while (true)
        {
            using var chunk = NativeMethods.Query.DuckDBFetchChunk(result);
            if (chunk.IsInvalid)
            {
                writer.WriteEnd();
                return rows;
            }

            using var batch = BatchOf(chunk, options, schema);
            writer.WriteRecordBatch(batch);
            rows += batch.Length;
        }
    }

    private static RecordBatch BatchOf(DuckDBDataChunk chunk, DuckDBArrowOptions options, Schema schema)
    {
        var array = CArrowArray.Create();
        try
        {
            using var error = NativeMethods.Arrow.DuckDBDataChunkToArrow(options, chunk, (nint)array);
            ThrowIfFailed(error);
            return CArrowArrayImporter.ImportRecordBatch(array, schema);
        }
        finally
        {
            CArrowArray.Free(array);
        }
    }

    private static Schema SchemaOf(ref DuckDBResult result, int columnCount, DuckDBArrowOptions options)
    {
        var types = new DuckDBLogicalType[columnCount];
        var typePointers = new nint[columnCount];
        var namePointers = new nint[columnCount];
        var native = CArrowSchema.Create();
        try
        {
            for (var column = 0; column < columnCount; column++)
            {
                types[column] = NativeMethods.Query.DuckDBColumnLogicalType(ref result, column);
                typePointers[column] = types[column].DangerousGetHandle();
                namePointers[column] = Marshal.StringToCoTaskMemUTF8(NativeMethods.Query.DuckDBColumnName(ref result, column));
            }

            fixed (nint* typeList = typePointers, nameList = namePointers)
            {
                using var error = NativeMethods.Arrow.DuckDBToArrowSchema(
                    options, (nint)typeList, (nint)nameList, (ulong)columnCount, (nint)native);
                ThrowIfFailed(error);
            }

            return CArrowSchemaImporter.ImportSchema(native);
        }
        finally
        {
            CArrowSchema.Free(native);
            for (var column = 0; column < columnCount; column++)
            {
                Marshal.FreeCoTaskMem(namePointers[column]);
                types[column]?.Dispose();
            }
        }
    }

    private static void ThrowIfFailed(DuckDBErrorData error)
    {
        if (NativeMethods.ErrorData.DuckDBErrorDataHasError(error))
        {
            throw new InvalidOperationException(NativeMethods.ErrorData.DuckDBErrorDataMessage(error));
        }
    }
}
