using System.Collections.Immutable;
using CleanRoom.Datasets.Conversion.Encodings;

namespace CleanRoom.Datasets.Conversion;

/// <summary>Writes a Parquet file of flat columns to a stream that need not seek. The same rows give the same bytes.</summary>
/// <remarks>Spec: parquet.thrift; contracts/spec/0007 s.10. contracts/decisions/0007 says why no library writes it. Not safe for concurrent calls.</remarks>
internal sealed class ParquetFileWriter(Stream output)
{
    private readonly List<WrittenRowGroup> _groups = [];
    private ImmutableArray<WrittenChunk>.Builder _chunks = ImmutableArray.CreateBuilder<WrittenChunk>();

    private static ReadOnlyMemory<byte> Magic { get; } = "PAR1"u8.ToArray();

    /// <summary>Gets the number of bytes written.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Gets the number of row groups written.</summary>
    public int RowGroups => _groups.Count;

    /// <summary>Writes the next column of the row group under way.</summary>
    public async Task WriteChunkAsync(EncodedChunk chunk, CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        _chunks.Add(new WrittenChunk
        {
            Offset = BytesWritten,
            DictionaryBytes = chunk.DictionaryBytes,
            Encoding = chunk.Encoding,
            Codec = chunk.Codec,
            CompressedBytes = chunk.BodyBytes,
            Bytes = chunk.PlainBytes,
            Nulls = chunk.Nulls,
            Bounds = chunk.Bounds,
        });
        await WriteAsync(chunk.Body.AsMemory(0, chunk.BodyBytes), cancellationToken);
    }

    /// <summary>Ends the row group under way.</summary>
    /// <param name="rows">The number of rows of each of its columns, at least 1.</param>
    public void EndGroup(int rows)
    {
        _groups.Add(new WrittenRowGroup(rows, _chunks.ToImmutable()));
        _chunks = ImmutableArray.CreateBuilder<WrittenChunk>();
    }

    /// <summary>Writes the footer.</summary>
    /// <param name="columns">The columns, of whatever content.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task FinishAsync(ImmutableArray<ColumnBuffer> columns, CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        var footer = ParquetFooterWriter.Write(columns, _groups);
        await WriteAsync(footer, cancellationToken);
        await WriteAsync(BitConverter.GetBytes(footer.Length), cancellationToken);
        await WriteAsync(Magic, cancellationToken);
        await output.FlushAsync(cancellationToken);
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (BytesWritten == 0)
        {
            await WriteAsync(Magic, cancellationToken);
        }
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await output.WriteAsync(bytes, cancellationToken);
        BytesWritten += bytes.Length;
    }
}
