namespace CleanRoom.Node.Tests.Storage;

/// <summary>Content that breaks off, as a connection does.</summary>
internal sealed class BreakingStream(byte[] content, int breakAt) : Stream
{
    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_position >= breakAt)
        {
            throw new EndOfStreamException("the connection broke");
        }

        var got = Math.Min(count, breakAt - _position);
        content.AsSpan(_position, got).CopyTo(buffer.AsSpan(offset));
        _position += got;
        return got;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
