using System.Collections.Immutable;
using CleanRoom.Datasets.Source.ParquetFormat;
using ZstdSharp;

namespace CleanRoom.Datasets.Conversion;

/// <summary>Writes a Parquet file of flat columns to a stream that need not seek. The same rows give the same bytes.</summary>
/// <remarks>Spec: parquet.thrift; contracts/spec/0007 s.10. contracts/decisions/0007 says why no library writes it.</remarks>
internal sealed class ParquetFileWriter(Stream output, ImmutableArray<ColumnBuffer> columns)
{
    /// <summary>The level of the zstd library's own default.</summary>
    private const int CompressionLevel = 3;

    private readonly List<WrittenRowGroup> _groups = [];

    private static ReadOnlyMemory<byte> Magic { get; } = "PAR1"u8.ToArray();

    /// <summary>Gets the number of bytes written.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Gets the number of row groups written.</summary>
    public int RowGroups => _groups.Count;

    /// <summary>Writes what the columns hold as a row group, and empties them.</summary>
    /// <param name="rows">The number of rows that each column holds, at least 1.</param>
    /// <param name="cancellationToken">Stops between two columns.</param>
    public async Task WriteGroupAsync(int rows, CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        var chunks = ImmutableArray.CreateBuilder<WrittenChunk>(columns.Length);
        foreach (var column in columns)
        {
            cancellationToken.ThrowIfCancellationRequested();
            chunks.Add(await WriteChunkAsync(column, rows, cancellationToken));
            column.Clear();
        }

        _groups.Add(new WrittenRowGroup(rows, chunks.MoveToImmutable()));
    }

    /// <summary>Writes the footer.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
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

    private async Task<WrittenChunk> WriteChunkAsync(ColumnBuffer column, int rows, CancellationToken cancellationToken)
    {
        var page = column.ToPage();
        var (header, body) = Compress(page, rows);
        var chunk = new WrittenChunk
        {
            Offset = BytesWritten,
            CompressedBytes = header.Length + body.Length,
            Bytes = header.Length + (long)page.Length,
            Nulls = column.Nulls,
            Bounds = column.Bounds.ToWritten(),
        };
        await WriteAsync(header, cancellationToken);
        await WriteAsync(body, cancellationToken);
        return chunk;
    }

    private static (ReadOnlyMemory<byte> Header, byte[] Body) Compress(byte[] page, int rows)
    {
        using var zstd = new Compressor(CompressionLevel);
        var body = zstd.Wrap(page).ToArray();

        // Spec: parquet.thrift, PageHeader and DataPageHeader.
        var header = new ThriftWriter();
        header.Field(1, (int)ParquetPageKind.Data);
        header.Field(2, page.Length);
        header.Field(3, body.Length);
        header.Begin(5);
        header.Field(1, rows);
        header.Field(2, (int)ParquetEncoding.Plain);
        header.Field(3, (int)ParquetEncoding.RunLength);
        header.Field(4, (int)ParquetEncoding.RunLength);
        header.End();
        header.End();
        return (header.Written, body);
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await output.WriteAsync(bytes, cancellationToken);
        BytesWritten += bytes.Length;
    }
}
