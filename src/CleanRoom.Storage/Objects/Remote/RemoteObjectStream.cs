namespace CleanRoom.Storage.Objects.Remote;

/// <summary>An object read by ranges: it can seek, and keeps one range in memory.</summary>
internal sealed class RemoteObjectStream(IObjectStore store, ObjectContainer container, ObjectName name, long length, int rangeBytes) : Stream
{
    private byte[] _range = [];
    private long _rangeAt;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, length - _position);
        if (wanted <= 0)
        {
            return 0;
        }

        if (_position < _rangeAt || _position >= _rangeAt + _range.Length)
        {
            await FetchAsync(cancellationToken);
        }

        var held = _range.AsMemory((int)(_position - _rangeAt));
        var got = Math.Min(wanted, held.Length);
        held[..got].CopyTo(buffer);
        _position += got;
        return got;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("wanted ReadAsync: the object is on a server");

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        SeekOrigin.End => length,
        _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, "wanted begin, current or end"),
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async Task FetchAsync(CancellationToken cancellationToken)
    {
        var range = new byte[(int)Math.Min(rangeBytes, length - _position)];
        var got = await store.ReadRangeAsync(container, name, _position, range, cancellationToken);
        if (got < range.Length)
        {
            // Objects never change: one that is shorter now is not the one that was opened.
            throw new StorageException(StorageFailure.Damaged, $"wanted {length} bytes of {container.Slug()}/{name}; got an end at {_position + got}", null);
        }

        (_range, _rangeAt) = (range, _position);
    }
}
