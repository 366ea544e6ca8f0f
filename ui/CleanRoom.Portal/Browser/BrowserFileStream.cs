using System.Security.Cryptography;

namespace CleanRoom.Portal.Browser;

/// <summary>Reads a picked file piece by piece, one piece in memory at a time. Asynchronously alone, as a page must.</summary>
internal sealed class BrowserFileStream(BrowserFile file) : Stream
{
    private const int PieceBytes = 256 * 1024;

    private byte[] _piece = [];
    private long _pieceOffset;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => file.Facts.Size;

    /// <inheritdoc/>
    public override long Position { get; set; }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Position >= Length || buffer.Length == 0)
        {
            return 0;
        }

        if (Position < _pieceOffset || Position >= _pieceOffset + _piece.Length)
        {
            Forget();
            _piece = await file.ReadAsync(Position, (int)Math.Min(PieceBytes, Length - Position), cancellationToken);
            _pieceOffset = Position;
        }

        var from = (int)(Position - _pieceOffset);
        var count = Math.Min(buffer.Length, _piece.Length - from);
        _piece.AsSpan(from, count).CopyTo(buffer.Span);
        Position += count;
        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("a page cannot wait for a file");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("a picked file is read");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("a picked file is read");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Forget();
        base.Dispose(disposing);
    }

    /// <summary>It held the owner's rows.</summary>
    private void Forget()
    {
        CryptographicOperations.ZeroMemory(_piece);
        _piece = [];
    }
}
