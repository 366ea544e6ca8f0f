using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Datasets.Inspect;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Datasets;

/// <summary>What a source was when its upload began. A source that is anything else later is refused.</summary>
public sealed record SourceFacts
{
    /// <summary>The plaintext bytes of a part: 8 MiB; the last is shorter.</summary>
    public const int PartBytes = 8 << 20;

    /// <summary>Gets the length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Gets the time of the last change.</summary>
    public required Timestamp Modified { get; init; }

    /// <summary>Gets the format, told from the content.</summary>
    public required SourceFormat Format { get; init; }

    /// <summary>Gets the column names in file order.</summary>
    public required ImmutableArray<string> Columns { get; init; }

    /// <summary>Gets the SHA-256 of each part's plaintext, in order.</summary>
    public required ImmutableArray<Digest> Parts { get; init; }

    /// <summary>Reads a source once.</summary>
    /// <returns>The facts; or <see cref="RefusalCode.DatasetRejected"/> for a file that is no table, or <see cref="RefusalCode.SourceChanged"/>.</returns>
    public static Task<Result<SourceFacts>> ReadAsync(DatasetSource source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.ReadAsync(
            async stream =>
            {
                if (!(await DatasetHeader.ReadAsync(stream, cancellationToken)).TryGet(out var header, out var refusals))
                {
                    return refusals;
                }

                stream.Position = 0;
                var parts = ImmutableArray.CreateBuilder<Digest>();
                var total = 0L;
                await foreach (var part in PartsOfAsync(stream, cancellationToken))
                {
                    parts.Add(Digest.Of(part.Span));
                    total += part.Length;
                }

                return total == source.Length
                    ? Result.Accept(new SourceFacts
                    {
                        Length = source.Length,
                        Modified = source.Modified,
                        Format = header.Format,
                        Columns = header.Columns,
                        Parts = parts.ToImmutable(),
                    })
                    : new Refusal(RefusalCode.SourceChanged, $"a source of {source.Length} bytes", $"{total} bytes");
            },
            cancellationToken);
    }

    /// <summary>Reads the head of a source here, and has its parts digested by whoever has its bytes.</summary>
    /// <param name="source">The source.</param>
    /// <param name="carrier">Has the source's bytes.</param>
    /// <param name="progress">Told after every part; null for nobody.</param>
    /// <param name="cancellationToken">Stops between parts.</param>
    /// <returns>As <see cref="ReadAsync(DatasetSource, CancellationToken)"/>.</returns>
    public static async Task<Result<SourceFacts>> ReadAsync(
        DatasetSource source, IPartCarrier carrier, IProgress<UploadProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(carrier);
        if (!(await source.ReadAsync(stream => DatasetHeader.ReadAsync(stream, cancellationToken), cancellationToken)).TryGet(out var header, out var refusals))
        {
            return refusals;
        }

        var count = CountOf(source.Length);
        var parts = ImmutableArray.CreateBuilder<Digest>(count);
        var read = await InOrder.RunAsync(
            count,
            index => carrier.DigestAsync(PartAt(source.Length, index), cancellationToken).AsTask(),
            (index, digest) =>
            {
                parts.Add(digest);
                progress?.Report(new UploadProgress(index + 1, count, PartAt(source.Length, index).End, source.Length));
                return ValueTask.FromResult<Refusal?>(null);
            });
        return read.IsEmpty
            ? new SourceFacts
            {
                Length = source.Length,
                Modified = source.Modified,
                Format = header.Format,
                Columns = header.Columns,
                Parts = parts.MoveToImmutable(),
            }
            : read;
    }

    /// <summary>Returns a part of this source.</summary>
    internal SourcePart PartAt(int index) => PartAt(Length, index) with { Digest = Parts[index] };

    private static int CountOf(long length) => checked((int)((length + PartBytes - 1) / PartBytes));

    private static SourcePart PartAt(long length, int index)
    {
        var offset = (long)index * PartBytes;
        return new SourcePart(index, offset, (int)Math.Min(PartBytes, length - offset), Digest: null);
    }

    /// <summary>Says why a source is not the one that the upload began with, as far as its place tells; null when it is.</summary>
    public Refusal? WhyChanged(DatasetSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Length == Length && source.Modified == Modified
            ? null
            : new(
                RefusalCode.SourceChanged,
                $"the source that the upload began with: {Length} bytes, changed {Modified}",
                $"{source.Length} bytes, changed {source.Modified}");
    }

    /// <summary>Says why a part is not the one that the upload began with; null when it is.</summary>
    internal Refusal? WhyChanged(int index, ReadOnlySpan<byte> plaintext) =>
        index < Parts.Length && Digest.Of(plaintext) == Parts[index]
            ? null
            : Changed(index);

    /// <summary>Returns the refusal of a part that is another than the upload began with.</summary>
    public static Refusal Changed(int index) =>
        new(RefusalCode.SourceChanged, $"part {index} as it was when the upload began", "other bytes under the same length and time");

    /// <summary>Reads a stream in parts. Each is valid until the next; the buffer is zeroed at the end, for it held the owner's rows.</summary>
    internal static async IAsyncEnumerable<ReadOnlyMemory<byte>> PartsOfAsync(
        Stream stream, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(PartBytes, pinned: true);
        try
        {
            int length;
            while ((length = await stream.ReadAtLeastAsync(buffer, PartBytes, throwOnEndOfStream: false, cancellationToken)) > 0)
            {
                yield return buffer.AsMemory(0, length);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }
}
