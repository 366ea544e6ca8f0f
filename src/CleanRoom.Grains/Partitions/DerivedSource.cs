using System.Security.Cryptography;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Protocol;

namespace CleanRoom.Grains.Partitions;

/// <summary>A derived object as the engine's loader reads it: whole segments are opened straight into the engine's memory.</summary>
/// <remarks>Not safe for concurrent calls: one for each thread that reads. Spec: contracts/spec/0010 s.4.</remarks>
internal sealed class DerivedSource : Engine.Loading.ISealedSource, IAsyncDisposable
{
    /// <summary>Segments that are fetched from the store at once.</summary>
    private const int SegmentsAtOnce = 16;

    private readonly Stream _stored;
    private readonly BclSealedSegments _segments;
    private readonly byte[] _ciphertext = new byte[SegmentsAtOnce * SealedStreamLayout.SegmentBytes];
    private readonly byte[] _part = GC.AllocateArray<byte>(SealedStreamLayout.MaxSegmentPlaintextBytes, pinned: true);

    private DerivedSource(Stream stored, BclSealedSegments segments) => (_stored, _segments) = (stored, segments);

    /// <inheritdoc/>
    public long PlaintextLength => _segments.PlaintextLength;

    /// <summary>Reads the header and opens the last segment, which vouches for the length.</summary>
    /// <param name="stored">What the store has. Trust: attacker-controlled. Taken over, whatever comes of it.</param>
    /// <param name="dataKey">32 bytes. Not kept.</param>
    /// <param name="aad">What the object must be bound to.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The source, or <see cref="RefusalCode.SealInvalid"/>.</returns>
    public static async Task<Result<DerivedSource>> OpenAsync(Stream stored, SecretBytes dataKey, ReadOnlyMemory<byte> aad, CancellationToken cancellationToken)
    {
        DerivedSource? source = null;
        var isOpen = false;
        try
        {
            var header = new byte[SealedStreamLayout.HeaderBytes];
            if (stored.Length < header.Length)
            {
                return new Refusal(RefusalCode.SealInvalid, "the length of a whole sealed stream", $"{stored.Length} bytes");
            }

            stored.Seek(0, SeekOrigin.Begin);
            await stored.ReadExactlyAsync(header, cancellationToken);
            if (!BclSealedSegments.Create(dataKey, aad.Span, header, stored.Length).TryGet(out var segments, out var refusals))
            {
                return refusals;
            }

            source = new DerivedSource(stored, segments);
            var last = segments.PlaintextLength;
            if (await source.ReadAsync(Math.Max(0, last - 1), new byte[Math.Min(1, last)], cancellationToken) is { } refusal)
            {
                return refusal;
            }

            isOpen = true;
            return source;
        }
        finally
        {
            if (!isOpen)
            {
                await (source?.DisposeAsync() ?? stored.DisposeAsync());
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Refusal?> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var range = SealedStreamLayout.SegmentsFor(offset, destination.Length);
        for (var first = range.First; first < range.First + range.Count; first += SegmentsAtOnce)
        {
            var count = (int)Math.Min(SegmentsAtOnce, range.First + range.Count - first);
            var (begin, end) = (_segments.Place(first), _segments.Place(first + count - 1));
            var fetched = _ciphertext.AsMemory(0, (int)(end.CiphertextOffset + end.CiphertextBytes - begin.CiphertextOffset));
            _stored.Seek(begin.CiphertextOffset, SeekOrigin.Begin);
            await _stored.ReadExactlyAsync(fetched, cancellationToken);
            for (var index = first; index < first + count; index++)
            {
                var place = _segments.Place(index);
                if (!TryOpen(place, fetched.Span.Slice((int)(place.CiphertextOffset - begin.CiphertextOffset), place.CiphertextBytes), offset, destination.Span))
                {
                    CryptographicOperations.ZeroMemory(destination.Span);
                    return new Refusal(
                        RefusalCode.SealInvalid, "a segment sealed with this key at this place of this stream", $"segment {index} that does not authenticate");
                }
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _segments.Dispose();
        CryptographicOperations.ZeroMemory(_part);
        return _stored.DisposeAsync();
    }

    /// <summary>Opens a segment where it is wanted if all of it is wanted, else beside it, and copies the part.</summary>
    private bool TryOpen(SegmentPlace place, ReadOnlySpan<byte> ciphertext, long offset, Span<byte> destination)
    {
        var skip = (int)Math.Max(0, offset - place.PlaintextOffset);
        var at = (int)(place.PlaintextOffset + skip - offset);
        var take = Math.Min(place.PlaintextBytes - skip, destination.Length - at);
        if (take == place.PlaintextBytes)
        {
            return _segments.TryOpen(place.Index, ciphertext, destination.Slice(at, take));
        }

        var part = _part.AsSpan(0, place.PlaintextBytes);
        if (!_segments.TryOpen(place.Index, ciphertext, part))
        {
            return false;
        }

        part.Slice(skip, take).CopyTo(destination[at..]);
        return true;
    }
}
