using CleanRoom.Cryptography.Channel;
using CleanRoom.Protocol;

namespace CleanRoom.Client.Rooms;

/// <summary>The authenticated bytes of an answer. A frame that does not hold is told by <see cref="Refusal"/> and an <see cref="IOException"/>.</summary>
internal sealed class RoomReplyStream(ChannelStreamReader frames) : Stream
{
    private ReadOnlyMemory<byte> _rest;
    private bool _isEnded;

    /// <summary>Gets why reading failed; null while it did not.</summary>
    public Refusal? Refusal { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_rest.IsEmpty && !_isEnded)
        {
            var read = await RoomReply.ReadFrameAsync(frames, cancellationToken);
            if (!read.TryGet(out var frame, out var refusals))
            {
                (_isEnded, Refusal) = (true, refusals[0]);
                throw new IOException(refusals[0].ToString());
            }

            (_rest, _isEnded) = (frame.Data, frame.IsLast);
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("use ReadAsync");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
