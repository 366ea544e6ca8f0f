using System.Buffers.Binary;
using System.Collections.Immutable;
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
        IReadOnlyList<ISealedSource> readers, IReadOnlyCollection<string> columns, AnonymousFilePool pool, CancellationToken cancellationToken) =>
        (await LoadAsync(readers, columns, [], pool, cancellationToken)).Then(loaded => Result.Accept(loaded.File));

    /// <summary>Loads the columns of the row groups that may have a row within bounds. The file in memory has no other row groups.</summary>
    /// <inheritdoc cref="LoadAsync(IReadOnlyList{ISealedSource}, IReadOnlyCollection{string}, AnonymousFilePool, CancellationToken)"/>
    /// <param name="readers">The sealed file, opened once or more often.</param>
    /// <param name="columns">Names of the columns that the generated SQL references.</param>
    /// <param name="within">What every row that the query uses lies within. The query MUST have these conditions too: row groups also hold other rows.</param>
    /// <param name="pool">Where the memory comes from.</param>
    /// <param name="cancellationToken">Stops between reads.</param>
    public static async Task<Result<LoadedColumns>> LoadAsync(
        IReadOnlyList<ISealedSource> readers,
        IReadOnlyCollection<string> columns,
        IReadOnlyCollection<ColumnWithin> within,
        AnonymousFilePool pool,
        CancellationToken cancellationToken)
    {
        var length = readers[0].PlaintextLength;
        if (length < ParquetFooter.MagicBytes + ParquetFooter.TailBytes)
        {
            return new Refusal(RefusalCode.PartInvalid, "a parquet file of at least 12 bytes", $"{length} bytes");
        }

        if (!pool.Rent(length).TryGet(out var file, out var refusals))
        {
            return refusals;
        }

        var isLoaded = false;
        try
        {
            var loaded = await FillAsync(readers, columns, within, file, cancellationToken);
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

    private static async Task<Result<LoadedColumns>> FillAsync(
        IReadOnlyList<ISealedSource> readers,
        IReadOnlyCollection<string> columns,
        IReadOnlyCollection<ColumnWithin> within,
        AnonymousFile file,
        CancellationToken cancellationToken)
    {
        var tail = new ByteRange(file.Length - ParquetFooter.TailBytes, ParquetFooter.TailBytes);
        var head = new ByteRange(0, ParquetFooter.MagicBytes);
        if (await CopyAsync(readers, file, [head, tail], cancellationToken) is { } unread)
        {
            return unread;
        }

        if (!ParquetFooter.Locate(file.Read(tail.Offset, ParquetFooter.TailBytes), file.Length).TryGet(out var located, out var refusals))
        {
            return refusals;
        }

        if (await CopyAsync(readers, file, [located], cancellationToken) is { } unreadFooter)
        {
            return unreadFooter;
        }

        if (!ParquetFooter.Parse(file.Read(located.Offset, (int)located.Length), located.Offset).TryGet(out var footer, out refusals)
            || !ParquetRanges.Of(footer, columns).TryGet(out var ranges, out refusals))
        {
            return refusals;
        }

        var isWhole = true;
        if (Narrow(footer, within, file, located) is { } narrowed)
        {
            isWhole = false;
            footer = narrowed;
            ranges = ParquetRanges.Of(narrowed, columns).Value;
        }

        if (await CopyAsync(readers, file, ranges, cancellationToken) is { } unreadColumns)
        {
            return unreadColumns;
        }

        return await FillBloomFiltersAsync(readers, columns, file, footer, cancellationToken) is { } unreadFilters ? unreadFilters : new LoadedColumns(file, isWhole);
    }

    /// <summary>Leaves out row groups whose bounds say that no row of theirs is used, by a footer without them.</summary>
    /// <returns>Null where all stay.</returns>
    private static ParquetFooter? Narrow(ParquetFooter footer, IReadOnlyCollection<ColumnWithin> within, AnonymousFile file, ByteRange located)
    {
        var kept = footer.Groups.Where(group => group.MayHold(within)).ToImmutableArray();
        if (kept.Length == footer.Groups.Length
            || footer.With(file.Read(located.Offset, (int)located.Length), kept) is not { } bytes
            || bytes.Length > located.Length)
        {
            return null;
        }

        // The footer is where the tail says that it begins: right before the tail.
        var end = file.Writable(located.Offset, (int)located.Length + ParquetFooter.TailBytes).Span;
        end[..^ParquetFooter.TailBytes].Clear();
        bytes.CopyTo(end[^(bytes.Length + ParquetFooter.TailBytes)..]);
        BinaryPrimitives.WriteInt32LittleEndian(end[^ParquetFooter.TailBytes..], bytes.Length);
        return footer with { Groups = kept };
    }

    private static async Task<Refusal?> FillBloomFiltersAsync(
        IReadOnlyList<ISealedSource> readers, IReadOnlyCollection<string> columns, AnonymousFile file, ParquetFooter footer, CancellationToken cancellationToken)
    {
        foreach (var offset in ParquetRanges.BloomFiltersOfUnknownLength(footer, columns))
        {
            // Beside the file: what follows a short filter belongs to another column.
            var header = new byte[Math.Min(ParquetRanges.BloomHeaderBytes, footer.DataEnd - offset)];
            if (await readers[0].ReadAsync(offset, header, cancellationToken) is { } unreadHeader)
            {
                return unreadHeader;
            }

            var parsed = ParquetRanges.BloomFilter(header, offset, footer.DataEnd);
            CryptographicOperations.ZeroMemory(header);
            if (!parsed.TryGet(out var filter, out var refusals))
            {
                return refusals[0];
            }

            if (await CopyAsync(readers, file, [filter], cancellationToken) is { } unreadFilter)
            {
                return unreadFilter;
            }
        }

        return null;
    }

    /// <summary>Copies with every reader at once; the first that is refused ends the others.</summary>
    private static async Task<Refusal?> CopyAsync(
        IReadOnlyList<ISealedSource> readers, AnonymousFile file, IReadOnlyList<ByteRange> ranges, CancellationToken cancellationToken)
    {
        var pieces = ranges.SelectMany(Pieces).ToList();
        var next = -1;
        Refusal? refused = null;

        async Task WorkAsync(ISealedSource reader)
        {
            for (var i = Interlocked.Increment(ref next); i < pieces.Count && Volatile.Read(ref refused) is null; i = Interlocked.Increment(ref next))
            {
                if (await reader.ReadAsync(pieces[i].Offset, file.Writable(pieces[i].Offset, (int)pieces[i].Length), cancellationToken) is { } refusal)
                {
                    Interlocked.CompareExchange(ref refused, refusal, null);
                }
            }
        }

        await Task.WhenAll(readers.Take(pieces.Count).Select(reader => Task.Run(() => WorkAsync(reader), cancellationToken)));
        return refused;
    }

    private static IEnumerable<ByteRange> Pieces(ByteRange range)
    {
        for (var offset = range.Offset; offset < range.End; offset += MaxReadBytes)
        {
            yield return new ByteRange(offset, Math.Min(MaxReadBytes, range.End - offset));
        }
    }
}
