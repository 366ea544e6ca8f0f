using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Protocol;
using EngineSource = CleanRoom.Engine.Loading.ISealedSource;

namespace CleanRoom.Engine.Tests.EndToEnd;

/// <summary>A file in sealed parts, as an owner uploads it, opened by range under its data key. Counts the segments that it opens.</summary>
internal sealed class SealedParts : EngineSource, IDisposable
{
    private readonly BclCryptoBackend _backend = new();
    private readonly DataKey _key = DataKey.Generate();
    private readonly List<byte[]> _parts = [];
    private readonly Dictionary<int, SealedStreamReader> _readers = [];
    private readonly int _partBytes;

    private SealedParts(int partBytes, long plaintextLength) => (_partBytes, PlaintextLength) = (partBytes, plaintextLength);

    /// <inheritdoc/>
    public long PlaintextLength { get; }

    /// <summary>Gets the segments that were read from the sealed bytes, by part and number.</summary>
    public HashSet<(int Part, long Segment)> Opened { get; } = [];

    /// <summary>Seals a file under a fresh data key.</summary>
    public static async Task<SealedParts> SealAsync(ReadOnlyMemory<byte> plaintext, int partBytes, CancellationToken cancellationToken)
    {
        var parts = new SealedParts(partBytes, plaintext.Length);
        for (var offset = 0; offset < plaintext.Length; offset += partBytes)
        {
            var part = plaintext.Slice(offset, Math.Min(partBytes, plaintext.Length - offset));
            parts._parts.Add(await SealedStream.SealAsync(
                parts._backend, parts._key.Secret, parts.Place(parts._parts.Count), part, cancellationToken));
        }

        return parts;
    }

    /// <inheritdoc/>
    public async ValueTask<Refusal?> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (!destination.IsEmpty)
        {
            var part = (int)(offset / _partBytes);
            if (!_readers.TryGetValue(part, out var reader))
            {
                var opened = await SealedStreamReader.OpenAsync(
                    _backend, _key.Secret, Place(part), new Counter(this, part), cancellationToken);
                if (!opened.TryGet(out reader, out var refusals))
                {
                    return refusals[0];
                }

                _readers.Add(part, reader);
            }

            var inside = offset % _partBytes;
            var length = (int)Math.Min(destination.Length, reader.PlaintextLength - inside);
            if (await reader.ReadAsync(inside, destination[..length], cancellationToken) is { } refusal)
            {
                return refusal;
            }

            (offset, destination) = (offset + length, destination[length..]);
        }

        return null;
    }

    /// <summary>Returns the segments that cover plaintext bytes, with the last one of every part that they touch.</summary>
    public IEnumerable<(int Part, long Segment)> SegmentsOf(long offset, long length)
    {
        for (var part = (int)(offset / _partBytes); part * (long)_partBytes < offset + length; part++)
        {
            var start = Math.Max(offset - (part * (long)_partBytes), 0);
            var end = Math.Min(offset + length - (part * (long)_partBytes), _partBytes);
            var range = SealedStreamLayout.SegmentsFor(start, end - start);
            for (var segment = range.First; segment < range.First + range.Count; segment++)
            {
                yield return (part, segment);
            }

            yield return (part, LastSegment(part));
        }
    }

    /// <summary>Returns every segment.</summary>
    public IEnumerable<(int Part, long Segment)> All() =>
        Enumerable.Range(0, _parts.Count).SelectMany(part => Enumerable.Range(0, (int)LastSegment(part) + 1).Select(segment => (part, (long)segment)));

    /// <summary>Changes one ciphertext bit of a segment.</summary>
    public void Damage((int Part, long Segment) place)
    {
        const int insideTheFirst = 100;
        _parts[place.Part][(place.Segment * SealedStreamLayout.SegmentBytes) + insideTheFirst] ^= 1;
    }

    public void Dispose()
    {
        foreach (var reader in _readers.Values)
        {
            reader.Dispose();
        }

        _key.Dispose();
    }

    private long LastSegment(int part) => (_parts[part].Length - 1) / SealedStreamLayout.SegmentBytes;

    private byte[] Place(int part) => new PartPosition
    {
        Collaboration = new string('c', 64),
        Dataset = "laboratory.tests",
        Index = part,
        Offset = part * (long)_partBytes,
        Upload = new string('0', 32),
    }.AssociatedData();

    private sealed class Counter(SealedParts owner, int part) : ISealedSource
    {
        private readonly MemorySealedSource _inner = new(owner._parts[part]);

        public long Length => _inner.Length;

        public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
        {
            // The first read is the header, which is not a segment.
            if (offset > 0 || destination.Length > SealedStreamLayout.HeaderBytes)
            {
                owner.Opened.Add((part, offset / SealedStreamLayout.SegmentBytes));
            }

            return _inner.ReadAsync(offset, destination, cancellationToken);
        }
    }
}
