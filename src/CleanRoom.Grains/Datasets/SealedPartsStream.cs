using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Grains.Datasets;

/// <summary>The plaintext of an upload, opened part by part as it is read; only parts that authenticate at their place give a byte.</summary>
/// <remarks>
/// Holds at most <see cref="KeptParts"/> parts in clear, in memory that is used again, zeroed when they make room and at the end. A part that does not open ends the
/// reading with <see cref="PartRefusedException"/>. Not safe for concurrent calls. Spec: contracts/spec/0010 s.6.
/// </remarks>
internal sealed class SealedPartsStream(ICryptoBackend backend, IObjectStore objects, DataKey key, DatasetManifest manifest) : Stream
{
    /// <summary>The most plaintext of one part that the guest opens: 8 MiB.</summary>
    public const int MaxPartBytes = 8 << 20;

    private const int KeptParts = 4;

    private readonly LinkedList<(int Index, Memory<byte> Plaintext)> _kept = new();
    private readonly Stack<byte[]> _free = new();
    private byte[] _ciphertext = [];
    private readonly ImmutableArray<SealedPart> _parts = manifest.Parts;
    private long _position;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => manifest.PlaintextBytes;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= Length || buffer.IsEmpty)
        {
            return 0;
        }

        var index = PartAt(_position);
        var plaintext = await OpenAsync(index, cancellationToken);
        var skip = (int)(_position - _parts[index].Offset);
        var take = Math.Min(buffer.Length, plaintext.Length - skip);
        plaintext.Slice(skip, take).CopyTo(buffer);
        _position += take;
        return take;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => Length + offset,
    };

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("use ReadAsync");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var (_, plaintext) in _kept)
        {
            CryptographicOperations.ZeroMemory(plaintext.Span);
        }

        _kept.Clear();
        base.Dispose(disposing);
    }

    /// <summary>Parts lie without gaps in order of offset: the fold has checked it.</summary>
    private int PartAt(long position)
    {
        var (low, high) = (0, _parts.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = _parts[middle].Offset <= position ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    private async ValueTask<Memory<byte>> OpenAsync(int index, CancellationToken cancellationToken)
    {
        for (var node = _kept.First; node is not null; node = node.Next)
        {
            if (node.Value.Index == index)
            {
                return node.Value.Plaintext;
            }
        }

        if (_kept.Count == KeptParts)
        {
            Free(_kept.First!.Value.Plaintext);
            _kept.RemoveFirst();
        }

        var plaintext = await OpenPartAsync(_parts[index], cancellationToken);
        _kept.AddLast((index, plaintext));
        return plaintext;
    }

    private void Free(Memory<byte> plaintext)
    {
        CryptographicOperations.ZeroMemory(plaintext.Span);
        if (MemoryMarshal.TryGetArray<byte>(plaintext, out var array))
        {
            _free.Push(array.Array!);
        }
    }

    private async Task<Memory<byte>> OpenPartAsync(SealedPart part, CancellationToken cancellationToken)
    {
        if (part.Bytes > MaxPartBytes)
        {
            throw Refused(part, $"at most {MaxPartBytes} bytes", $"{part.Bytes} bytes");
        }

        var length = (int)SealedStreamLayout.CiphertextLength(part.Bytes);
        _ciphertext = _ciphertext.Length < length ? new byte[length] : _ciphertext;
        var sealedPart = _ciphertext.AsMemory(0, length);
        if (await ReadAsync(part, sealedPart, cancellationToken) is var got && got != length)
        {
            throw Refused(part, $"{length} sealed bytes", $"{got}");
        }

        if (Digest.Of(sealedPart.Span) is var digest && digest != part.Digest)
        {
            throw Refused(part, $"SHA-256 {part.Digest}", $"SHA-256 {digest}");
        }

        var position = new PartPosition
        {
            Collaboration = manifest.Collaboration,
            Dataset = manifest.Dataset,
            Index = part.Index,
            Offset = part.Offset,
            Upload = manifest.Upload,
        };

        // Parts of one upload are of one length, but for the last.
        var plaintext = (_free.TryPop(out var free) && free.Length >= part.Bytes ? free : new byte[part.Bytes]).AsMemory(0, part.Bytes);
        var refusal = await SealedStream.OpenAsync(backend, key.Secret, position.AssociatedData(), sealedPart, plaintext, cancellationToken);
        return refusal is null ? plaintext : throw Refused(part, refusal.Wanted, refusal.Got);
    }

    private async Task<int> ReadAsync(SealedPart part, Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            return await objects.ReadRangeAsync(
                ObjectContainer.Uploads, PartNames.Of(manifest.Upload, part.Digest), 0, destination, cancellationToken);
        }
        catch (StorageException exception) when (exception.Failure == StorageFailure.NotFound)
        {
            throw Refused(part, "the sealed part that was uploaded", "no such object in the store");
        }
    }

    private PartRefusedException Refused(SealedPart part, string wanted, string got) =>
        new(new Refusal(RefusalCode.PartInvalid, $"part {part.Index} of {manifest.Dataset}: {wanted}", got));
}
