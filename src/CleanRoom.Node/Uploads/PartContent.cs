using CleanRoom.Grains.Datasets;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Uploads;

/// <summary>A part as it comes in, digested on its way to the store: the store takes it no faster than it keeps it, and never whole when it is another.</summary>
/// <remarks>
/// Trust: attacker-controlled. Its last bytes come out only if the whole has the digest that names it: before that nothing can have been stored under a name.
/// </remarks>
/// <param name="body">The request's body; not disposed.</param>
/// <param name="length">How many bytes it has.</param>
/// <param name="wanted">Their SHA-256.</param>
internal sealed class PartContent(Stream body, long length, Digest wanted) : HashingStream(body)
{
    private long _read;

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

        var got = await base.ReadAsync(room, cancellationToken);
        if (got == 0)
        {
            throw new EndOfStreamException($"wanted {length} bytes; got an end after {_read}");
        }

        _read += got;
        return _read == length && Finish() is var digest && digest != wanted ? throw new PartDigestException(digest) : got;
    }
}
