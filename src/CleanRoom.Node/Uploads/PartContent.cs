using System.Security.Cryptography;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Uploads;

/// <summary>A part as it comes in, digested on its way to the store: the store takes it no faster than it keeps it, and never whole when it is another.</summary>
/// <remarks>
/// Trust: attacker-controlled. Its last bytes come out only if the whole has the digest that names it: before that nothing can have been stored under a name.
/// </remarks>
/// <param name="body">The request's body; not disposed.</param>
/// <param name="length">How many bytes it has.</param>
/// <param name="wanted">Their SHA-256.</param>
internal sealed class PartContent(Stream body, long length, Digest wanted) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads on.</summary>
    /// <exception cref="PartDigestException">These would be the last bytes, and the part has another digest.</exception>
    /// <exception cref="EndOfStreamException">The body ended before its length.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var room = buffer[..(int)Math.Min(buffer.Length, length - _read)];
        if (room.IsEmpty)
        {
            return 0;
        }

        var got = await body.ReadAsync(room, cancellationToken);
        if (got == 0)
        {
            throw new EndOfStreamException($"wanted {length} bytes; got an end after {_read}");
        }

        _hash.AppendData(room.Span[..got]);
        _read += got;
        if (_read == length && new Digest(_hash.GetHashAndReset()) is var digest && digest != wanted)
        {
            throw new PartDigestException(digest);
        }

        return got;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("wanted ReadAsync: the bytes come from a network");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        _hash.Dispose();
        base.Dispose(disposing);
    }
}
