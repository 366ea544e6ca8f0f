using System.Security.Cryptography;
using CleanRoom.Engine.Memory;
using CleanRoom.Engine.ParquetFormat;
using CleanRoom.Protocol;

namespace CleanRoom.Engine.Loading;

/// <summary>Decrypts of a sealed Parquet file only what a query's columns need; the rest of the file stays zero.</summary>
/// <remarks>Minimum disclosure to the engine: a query that the engine misreads still finds no byte of any other column.</remarks>
public static class EngineInputLoader
{
    private const int MaxReadBytes = 4 * 1_048_576;

    /// <summary>Loads the columns into anonymous memory.</summary>
    /// <param name="readers">The sealed file, opened once or more often: as many as there are read at once.</param>
    /// <param name="columns">Names of the columns that the generated SQL references; none for a bare row count.</param>
    /// <param name="pool">Where the memory comes from.</param>
    /// <param name="cancellationToken">Stops between reads.</param>
    /// <returns>
    /// The lease, or the source's refusal, <see cref="RefusalCode.TooManyRequests"/> without memory, or
    /// <see cref="RefusalCode.PartInvalid"/> for a file that is not Parquet or lacks a column.
    /// </returns>
    public static async Task<Result<AnonymousFile>> LoadAsync(
        IReadOnlyList<ISealedSource> readers, IReadOnlyCollection<string> columns, AnonymousFilePool pool, CancellationToken cancellationToken)
    {
        var source = readers[0];
        if (source.PlaintextLength < ParquetFooter.MagicBytes + ParquetFooter.TailBytes)
        {
            return new Refusal(RefusalCode.PartInvalid, "a parquet file of at least 12 bytes", $"{source.PlaintextLength} bytes");
        }

        if (!pool.Rent(source.PlaintextLength).TryGet(out var file, out var refusals))
        {
            return refusals;
        }

        var isLoaded = false;
        try
        {
            var loaded = await FillAsync(readers, columns, file, cancellationToken);
            isLoaded = loaded.IsAccepted;
            return loaded;
        }
        finally
        {
            if (!isLoaded)
            {
                file.Dispose();
            }
        }
    }

    private static async Task<Result<AnonymousFile>> FillAsync(
        IReadOnlyList<ISealedSource> readers, IReadOnlyCollection<string> columns, AnonymousFile file, CancellationToken cancellationToken)
    {
        var source = readers[0];
        var tail = new ByteRange(file.Length - ParquetFooter.TailBytes, ParquetFooter.TailBytes);
        var head = new ByteRange(0, ParquetFooter.MagicBytes);
        if (await CopyAsync(source, file, [head, tail], cancellationToken) is { } unread)
        {
            return unread;
        }

        if (!ParquetFooter.Locate(file.Read(tail.Offset, ParquetFooter.TailBytes), file.Length).TryGet(out var located, out var refusals))
        {
            return refusals;
        }

        if (await CopyAsync(source, file, [located], cancellationToken) is { } unreadFooter)
        {
            return unreadFooter;
        }

        if (!ParquetFooter.Parse(file.Read(located.Offset, (int)located.Length), located.Offset).TryGet(out var footer, out refusals)
            || !ParquetRanges.Of(footer, columns).TryGet(out var ranges, out refusals))
        {
            return refusals;
        }

        if (await CopyAllAsync(readers, file, ranges, cancellationToken) is { } unreadColumns)
        {
            return unreadColumns;
        }

        return await FillBloomFiltersAsync(source, columns, file, footer, cancellationToken);
    }

    private static async Task<Result<AnonymousFile>> FillBloomFiltersAsync(
        ISealedSource source, IReadOnlyCollection<string> columns, AnonymousFile file, ParquetFooter footer, CancellationToken cancellationToken)
    {
        foreach (var offset in ParquetRanges.BloomFiltersOfUnknownLength(footer, columns))
        {
            // Beside the file: what follows a short filter belongs to another column.
            var header = new byte[Math.Min(ParquetRanges.BloomHeaderBytes, footer.DataEnd - offset)];
            if (await source.ReadAsync(offset, header, cancellationToken) is { } unreadHeader)
            {
                return unreadHeader;
            }

            var parsed = ParquetRanges.BloomFilter(header, offset, footer.DataEnd);
            CryptographicOperations.ZeroMemory(header);
            if (!parsed.TryGet(out var filter, out var refusals))
            {
                return refusals;
            }

            if (await CopyAsync(source, file, [filter], cancellationToken) is { } unreadFilter)
            {
                return unreadFilter;
            }
        }

        return file;
    }

    /// <summary>Copies with every reader at once; the first that is refused ends the others.</summary>
    private static async Task<Refusal?> CopyAllAsync(
        IReadOnlyList<ISealedSource> readers, AnonymousFile file, IReadOnlyList<ByteRange> ranges, CancellationToken cancellationToken)
    {
        var pieces = ranges.SelectMany(Pieces).ToList();
        var workers = Math.Min(readers.Count, pieces.Count);
        if (workers <= 1)
        {
            return await CopyAsync(readers[0], file, pieces, cancellationToken);
        }

        var next = -1;
        Refusal? refused = null;
        await Task.WhenAll(readers.Take(workers).Select(reader => Task.Run(
            async () =>
            {
                for (var piece = Interlocked.Increment(ref next); piece < pieces.Count && Volatile.Read(ref refused) is null; piece = Interlocked.Increment(ref next))
                {
                    if (await CopyAsync(reader, file, [pieces[piece]], cancellationToken) is { } refusal)
                    {
                        Interlocked.CompareExchange(ref refused, refusal, null);
                    }
                }
            },
            cancellationToken)));
        return refused;
    }

    private static IEnumerable<ByteRange> Pieces(ByteRange range)
    {
        for (var offset = range.Offset; offset < range.End; offset += MaxReadBytes)
        {
            yield return new ByteRange(offset, Math.Min(MaxReadBytes, range.End - offset));
        }
    }

    private static async ValueTask<Refusal?> CopyAsync(
        ISealedSource source, AnonymousFile file, IReadOnlyList<ByteRange> ranges, CancellationToken cancellationToken)
    {
        foreach (var piece in ranges.SelectMany(Pieces))
        {
            if (await source.ReadAsync(piece.Offset, file.Writable(piece.Offset, (int)piece.Length), cancellationToken) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }
}
