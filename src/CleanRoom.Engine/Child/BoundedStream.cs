namespace CleanRoom.Engine.Child;

/// <summary>The output was longer than the query may give.</summary>
internal sealed class OutputFullException : IOException
{
}

/// <summary>Memory that takes bytes up to a limit and refuses the first one beyond.</summary>
internal sealed class BoundedStream(int maxBytes) : Stream
{
    private readonly MemoryStream _memory = new();

    /// <summary>Gets what was written so far; valid until the next write.</summary>
    public ReadOnlyMemory<byte> Written => _memory.GetBuffer().AsMemory(0, (int)_memory.Length);

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => _memory.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _memory.Position;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="OutputFullException">The limit would be passed; nothing of this write was taken.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length > maxBytes - _memory.Length)
        {
            throw new OutputFullException();
        }

        _memory.Write(buffer);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

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

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _memory.Dispose();
        }

        base.Dispose(disposing);
    }
}
