using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using CleanRoom.Datasets.Problems;

namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>Reads a Parquet footer. Spec: parquet.thrift, FileMetaData; contracts/spec/0007 s.3.2.</summary>
internal static class ParquetFooter
{
    private static readonly DatasetProblem Unreadable =
        DatasetProblem.OfFile(ProblemKind.FormatUnreadable, "a parquet footer", "other bytes");

    /// <summary>Parses the footer, or says why not. Exactly one of the two is null.</summary>
    public static (ParquetMetadata? Metadata, DatasetProblem? Problem) Parse(ReadOnlySpan<byte> footer)
    {
        var reader = new ThriftReader(footer);
        var columns = ImmutableArray<ParquetColumn>.Empty;
        var groups = ImmutableArray.CreateBuilder<ParquetRowGroup>();
        DatasetProblem? problem = null;
        for (var id = 0; problem is null && reader.NextField(ref id, out var type);)
        {
            switch (id, type)
            {
                case (2, ThriftReader.List):
                    (columns, problem) = ReadSchema(ref reader);
                    break;
                case (4, ThriftReader.List):
                    problem = ReadRowGroups(ref reader, groups);
                    break;
                case (8, _):
                    problem = Unsupported("parquet without modular encryption", "an encryption algorithm");
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        problem ??= reader.HasFailed || columns.IsEmpty || groups.Any(group => group.Chunks.Length != columns.Length) ? Unreadable : null;
        return problem is null
            ? (new ParquetMetadata { Columns = columns, RowGroups = groups.ToImmutable() }, null)
            : (null, problem);
    }

    private static (ImmutableArray<ParquetColumn> Columns, DatasetProblem? Problem) ReadSchema(ref ThriftReader reader)
    {
        var count = reader.ReadList(out var elementType);
        if (elementType != ThriftReader.Struct || count < 1)
        {
            return ([], Unreadable);
        }

        if (count - 1 > DatasetLimits.Columns)
        {
            return ([], DatasetProblem.OfFile(
                ProblemKind.TooManyColumns, $"at most {DatasetLimits.Columns} columns", $"{count - 1} columns"));
        }

        var columns = ImmutableArray.CreateBuilder<ParquetColumn>(count - 1);
        for (var i = 0; i < count; i++)
        {
            var element = ParquetSchemaElement.Read(ref reader);
            if (reader.HasFailed || element is null)
            {
                return ([], Unreadable);
            }

            if (i == 0)
            {
                continue;
            }

            // A tree of groups would have to be walked by recursion, as deep as the file says.
            if (element.Children > 0 || element.Column is not { } column)
            {
                return ([], Unsupported("flat columns", $"a nested or repeated column at place {i}"));
            }

            columns.Add(column);
        }

        return (columns.MoveToImmutable(), null);
    }

    private static DatasetProblem? ReadRowGroups(ref ThriftReader reader, ImmutableArray<ParquetRowGroup>.Builder groups)
    {
        var count = reader.ReadList(out var elementType);
        if (count > 0 && elementType != ThriftReader.Struct)
        {
            return Unreadable;
        }

        for (var i = 0; i < count; i++)
        {
            var chunks = ImmutableArray.CreateBuilder<ParquetChunk>();
            var rows = -1L;
            for (var id = 0; reader.NextField(ref id, out var type);)
            {
                switch (id, type)
                {
                    case (1, ThriftReader.List):
                        if (ReadChunks(ref reader, chunks) is { } problem)
                        {
                            return problem;
                        }

                        break;
                    case (3, ThriftReader.I64):
                        rows = reader.ReadI64();
                        break;
                    default:
                        reader.Skip(type);
                        break;
                }
            }

            if (reader.HasFailed || rows < 0)
            {
                return Unreadable;
            }

            groups.Add(new ParquetRowGroup { Rows = rows, Chunks = chunks.ToImmutable() });
        }

        return null;
    }

    private static DatasetProblem? ReadChunks(ref ThriftReader reader, ImmutableArray<ParquetChunk>.Builder chunks)
    {
        var count = reader.ReadList(out var elementType);
        if (elementType != ThriftReader.Struct || count > DatasetLimits.Columns)
        {
            return Unreadable;
        }

        for (var i = 0; i < count; i++)
        {
            ParquetChunk? chunk = null;
            for (var id = 0; reader.NextField(ref id, out var type);)
            {
                switch (id, type)
                {
                    case (1, _):
                        return Unsupported("column chunks in the file itself", "a chunk in another file");
                    case (3, ThriftReader.Struct):
                        chunk = ReadChunk(ref reader);
                        if (chunk is not null && !Enum.IsDefined(chunk.Codec))
                        {
                            return Unsupported("column chunks without compression, or compressed with snappy, gzip, zstd or lz4-raw", $"codec {(int)chunk.Codec}");
                        }

                        break;
                    default:
                        reader.Skip(type);
                        break;
                }
            }

            if (reader.HasFailed || chunk is null)
            {
                return Unreadable;
            }

            chunks.Add(chunk);
        }

        return null;
    }

    private static ParquetChunk? ReadChunk(ref ThriftReader reader)
    {
        long values = -1, compressed = -1, data = -1, dictionary = -1;
        var codec = -1;
        for (var id = 0; reader.NextField(ref id, out var type);)
        {
            switch (id, type)
            {
                case (4, ThriftReader.I32):
                    codec = reader.ReadI32();
                    break;
                case (5, ThriftReader.I64):
                    values = reader.ReadI64();
                    break;
                case (7, ThriftReader.I64):
                    compressed = reader.ReadI64();
                    break;
                case (9, ThriftReader.I64):
                    data = reader.ReadI64();
                    break;
                case (11, ThriftReader.I64):
                    dictionary = reader.ReadI64();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return values < 0 || compressed < 0 || data < 0 || codec < 0
            ? null
            : new ParquetChunk
            {
                Values = values,
                CompressedBytes = compressed,
                Offset = dictionary > 0 ? Math.Min(dictionary, data) : data,
                Codec = (ParquetCodec)codec,
            };
    }

    private static DatasetProblem Unsupported(string wanted, string got) =>
        DatasetProblem.OfFile(ProblemKind.FormatUnsupported, wanted, got);

    /// <summary>Returns a name that is valid UTF-8; null otherwise.</summary>
    internal static string? Name(ReadOnlySpan<byte> name) =>
        name.Length <= DatasetLimits.CellBytes && Utf8.IsValid(name) ? Encoding.UTF8.GetString(name) : null;
}
