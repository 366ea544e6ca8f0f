using System.IO.Compression;
using K4os.Compression.LZ4;
using Snappier;
using ZstdSharp;

namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>Decompresses pages into memory of the size that was agreed before.</summary>
internal static class ParquetCompression
{
    /// <summary>Fills the destination.</summary>
    /// <param name="codec">The codec of the chunk.</param>
    /// <param name="compressed">The whole page. Trust: collaborator-controlled.</param>
    /// <param name="destination">Exactly as long as the page claims to be.</param>
    /// <returns>False if the bytes are not of the codec, or give more or fewer bytes.</returns>
    public static bool TryDecompress(ParquetCodec codec, ReadOnlyMemory<byte> compressed, Memory<byte> destination)
    {
        // Some writers leave out the empty frame of an empty page.
        if (destination.IsEmpty && compressed.IsEmpty)
        {
            return true;
        }

        try
        {
            return codec switch
            {
                ParquetCodec.Snappy => Snappy.GetUncompressedLength(compressed.Span) == destination.Length
                    && Snappy.TryDecompress(compressed.Span, destination.Span, out var written) && written == destination.Length,
                ParquetCodec.Gzip => Gunzip(compressed, destination.Span),
                ParquetCodec.Zstd => Unwrap(compressed.Span, destination.Span),
                ParquetCodec.Lz4Raw => LZ4Codec.Decode(compressed.Span, destination.Span) == destination.Length,
                _ => false,
            };
        }
        catch (Exception bad) when (bad is InvalidDataException or ZstdException or ArgumentException or IndexOutOfRangeException)
        {
            // Everything here is in memory: what a decompressor throws says something of the bytes alone.
            return false;
        }
    }

    private static bool Gunzip(ReadOnlyMemory<byte> compressed, Span<byte> destination)
    {
        using var source = new MemoryStream(compressed.ToArray(), writable: false);
        using var gzip = new GZipStream(source, CompressionMode.Decompress);
        return gzip.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) == destination.Length && gzip.ReadByte() < 0;
    }

    private static bool Unwrap(ReadOnlySpan<byte> compressed, Span<byte> destination)
    {
        using var zstd = new Decompressor();
        return zstd.TryUnwrap(compressed, destination, out var written) && written == destination.Length;
    }
}
