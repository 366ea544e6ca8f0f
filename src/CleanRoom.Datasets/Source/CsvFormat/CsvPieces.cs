using System.Collections.Concurrent;

namespace CleanRoom.Datasets.Source.CsvFormat;

/// <summary>Reads CSV text in pieces that end with a record wherever one ends in them. Not safe for concurrent reads; pieces may be given back by any thread.</summary>
/// <remarks>Holds as many buffers as are not given back. All are zeroed at the end: an owner's rows must not be found in them.</remarks>
internal sealed class CsvPieces : IDisposable
{
    /// <summary>The usual text of a piece, in bytes: no cell that fits in one is larger than <see cref="DatasetLimits.CellBytes"/>.</summary>
    public const int PieceBytes = 256 << 10;

    private readonly ConcurrentBag<byte[]> _free = [];
    private readonly ConcurrentBag<byte[]> _all = [];
    private readonly CsvSplitter _splitter = new();
    private readonly Stream _source;
    private readonly int _pieceBytes;
    private readonly byte[] _rest;
    private ReadOnlyMemory<byte> _first;
    private int _restBytes;
    private long _offset;
    private bool _isAtEnd;

    /// <summary>Begins behind the header.</summary>
    /// <param name="source">The rest of the text; stays open.</param>
    /// <param name="first">What was read of it already; valid until the first read.</param>
    /// <param name="offset">Where <paramref name="first"/> is in the source, in bytes.</param>
    /// <param name="pieceBytes">The text of a piece, in bytes: from 1 to <see cref="DatasetLimits.CellBytes"/>.</param>
    public CsvPieces(Stream source, ReadOnlyMemory<byte> first, long offset, int pieceBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pieceBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pieceBytes, DatasetLimits.CellBytes);
        (_source, _first, _offset, _pieceBytes, _rest) = (source, first, offset, pieceBytes, new byte[pieceBytes]);
    }

    /// <summary>Reads the next piece.</summary>
    /// <returns>Null at the end.</returns>
    public async ValueTask<CsvPiece?> ReadAsync(CancellationToken cancellationToken)
    {
        if (_isAtEnd)
        {
            return null;
        }

        // One read: what the source gave before it fails is looked at first.
        var buffer = Rent();
        _rest.AsSpan(0, _restBytes).CopyTo(buffer);
        var got = await FillAsync(buffer.AsMemory(_restBytes, _pieceBytes - _restBytes), cancellationToken);
        var filled = _restBytes + got;
        _isAtEnd = got == 0;

        // What was left of the last piece has no end of a record in it.
        var end = _splitter.Scan(buffer.AsSpan(_restBytes, got));
        var length = _isAtEnd || end == 0 ? filled : _restBytes + end;
        buffer.AsSpan(length, filled - length).CopyTo(_rest);
        _restBytes = filled - length;
        var piece = new CsvPiece(buffer, length, _offset, _isAtEnd || end > 0);
        _offset += length;
        return piece;
    }

    /// <summary>Gives a piece back; its buffer is used again.</summary>
    public void Return(CsvPiece piece) => _free.Add(piece.Buffer);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _all)
        {
            Array.Clear(buffer);
        }

        Array.Clear(_rest);
    }

    private async ValueTask<int> FillAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (_first.IsEmpty)
        {
            return await _source.ReadAsync(destination, cancellationToken);
        }

        var taken = Math.Min(_first.Length, destination.Length);
        _first[..taken].CopyTo(destination);
        _first = _first[taken..];
        return taken;
    }

    private byte[] Rent()
    {
        if (_free.TryTake(out var free))
        {
            return free;
        }

        var buffer = new byte[_pieceBytes + CsvMarks.WindowBytes];
        _all.Add(buffer);
        return buffer;
    }
}
