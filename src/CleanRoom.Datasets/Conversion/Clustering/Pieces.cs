namespace CleanRoom.Datasets.Conversion.Clustering;

/// <summary>What was written, in pieces, until its length is known and it can be copied to where it belongs.</summary>
internal sealed class Pieces : Stream
{
    private readonly List<byte[]> _pieces = [];
    private long _length;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => _length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _pieces.Add(buffer.ToArray());
        _length += buffer.Length;
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <summary>Hands the pieces out in order.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> All() => _pieces.Select(piece => (ReadOnlyMemory<byte>)piece);

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Zeroes the pieces.</summary>
    protected override void Dispose(bool disposing)
    {
        _pieces.ForEach(Array.Clear);
        base.Dispose(disposing);
    }
}
