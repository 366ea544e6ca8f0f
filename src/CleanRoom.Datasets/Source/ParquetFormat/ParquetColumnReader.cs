using System.Collections.Immutable;
using CleanRoom.Datasets.Problems;

namespace CleanRoom.Datasets.Source.ParquetFormat;

/// <summary>How a cell was read.</summary>
internal enum ParquetCellRead
{
    Appended = 1,

    /// <summary>The cell, or the record with it, is larger than allowed.</summary>
    TooLarge = 2,

    /// <summary>The page does not hold what its header says.</summary>
    Undecodable = 3,
}

/// <summary>Reads one column of one row group, a page in memory at a time, and hands its cells out as text.</summary>
/// <remarks>
/// Memory comes fresh and zeroed, never from a pool: a page that holds less than it claims must not show what another
/// owner's page left behind.
/// </remarks>
internal sealed class ParquetColumnReader(Stream source, ParquetColumn column, ParquetCodec codec, ImmutableArray<ParquetPage> pages)
{
    private readonly ParquetTextWriter _write = ParquetText.WriterOf(column);
    private readonly ParquetTextBuffer _text = new();
    private ParquetDictionary? _dictionary;
    private ParquetValues? _values;
    private byte[] _levels = [];
    private int _page;
    private int _row;
    private int _rows;

    /// <summary>Gets a value that says whether the next page has to be loaded before the next cell.</summary>
    public bool NeedsPage => _row == _rows;

    /// <summary>Gets the bytes of the cell that did not fit.</summary>
    public int PendingBytes { get; private set; }

    /// <summary>Loads the next page of values, and the dictionary before it.</summary>
    /// <returns>False if there is none, or it cannot be decoded.</returns>
    /// <exception cref="IOException">The source cannot be read.</exception>
    public async ValueTask<bool> LoadPageAsync(CancellationToken cancellationToken)
    {
        while (_page < pages.Length)
        {
            var page = pages[_page++];
            if (await DecompressAsync(page, cancellationToken) is not { } bytes)
            {
                return false;
            }

            if (page.Kind != ParquetPageKind.Dictionary)
            {
                return Open(page, bytes);
            }

            _dictionary = ParquetDictionary.Open(column, bytes, page.Values);
            if (_dictionary is null)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Returns the next value as it is stored.</summary>
    /// <param name="isNull">Gets whether it is NULL.</param>
    /// <param name="value">Gets its bytes in the plain encoding, text without its length.</param>
    /// <returns>False if the page does not hold what its header says.</returns>
    public bool TryNext(out bool isNull, out ReadOnlySpan<byte> value)
    {
        isNull = _levels.Length > 0 && _levels[_row] == 0;
        _row++;
        value = [];
        return isNull || (_values is not null && _values.TryNext(out value));
    }

    /// <summary>Appends the next cell to a row.</summary>
    /// <param name="row">Takes the cell.</param>
    /// <param name="place">The column's place, for what is wrong with the value.</param>
    public ParquetCellRead AppendNext(SourceRow row, int place)
    {
        if (!TryNext(out var isNull, out var value))
        {
            return ParquetCellRead.Undecodable;
        }

        if (isNull)
        {
            row.EndCell(isNull: true);
            return ParquetCellRead.Appended;
        }

        _text.Clear();
        var fault = _write(value, _text);
        var text = _text.Written;
        if (text.Length > DatasetLimits.CellBytes || row.TextBytes + text.Length > DatasetLimits.RowBytes)
        {
            PendingBytes = text.Length;
            return ParquetCellRead.TooLarge;
        }

        if (fault is { } kind)
        {
            row.AddFault(new RowFault(kind, place, "a value with a text form", "a value without one"));
        }

        row.Append(text);
        row.EndCell(isNull: false);
        return ParquetCellRead.Appended;
    }

    private bool Open(ParquetPage page, ReadOnlyMemory<byte> bytes)
    {
        (_row, _rows, _levels) = (0, page.Values, []);
        var present = page.Values;
        var runs = bytes[..page.LevelBytes];
        bytes = bytes[page.LevelBytes..];
        if (column.IsOptional)
        {
            _levels = new byte[page.Values];
            if ((page.Kind == ParquetPageKind.Data && !ParquetLevels.TryTake(ref bytes, out runs)) || !ParquetLevels.TryRead(runs, _levels))
            {
                return false;
            }

            present = _levels.AsSpan().Count((byte)1);
        }

        _values = ParquetValues.Open(column, page.Encoding, bytes, present, _dictionary);
        return _values is not null;
    }

    private async ValueTask<ReadOnlyMemory<byte>?> DecompressAsync(ParquetPage page, CancellationToken cancellationToken)
    {
        var stored = new byte[page.CompressedBytes];
        source.Position = page.Offset;
        await source.ReadExactlyAsync(stored, cancellationToken);
        if (!page.IsCompressed)
        {
            return page.CompressedBytes == page.Bytes ? stored : null;
        }

        // The levels of a page of version 2 are never compressed.
        var bytes = new byte[page.Bytes];
        stored.AsSpan(0, page.LevelBytes).CopyTo(bytes);
        return ParquetCompression.TryDecompress(codec, stored.AsMemory(page.LevelBytes), bytes.AsMemory(page.LevelBytes)) ? bytes : null;
    }
}

/// <summary>Writes the text form of one value.</summary>
/// <param name="value">The value in the bytes of the plain encoding, as long as its physical type demands.</param>
/// <param name="text">Takes the text.</param>
/// <returns>Null, or what is wrong with the value.</returns>
internal delegate ProblemKind? ParquetTextWriter(ReadOnlySpan<byte> value, ParquetTextBuffer text);
