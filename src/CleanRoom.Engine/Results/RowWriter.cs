using System.Buffers.Binary;
using System.Text;

namespace CleanRoom.Engine.Results;

/// <summary>Encodes rows, column by column. Spec: contracts/spec/0012 s.4.</summary>
/// <param name="maxBytes">The most bytes of the encoding.</param>
internal sealed class RowWriter(int maxBytes)
{
    private readonly List<RowColumnWriter> _columns = [];
    private long _leftBytes = (long)maxBytes - RowFormat.HeadBytes;
    private int _leftCells = RowFormat.MaxCells;

    /// <summary>Adds a column; its cells are written through the result.</summary>
    /// <exception cref="RowsTooLargeException">The name is too long, there are too many columns, or the limit is passed.</exception>
    public RowColumnWriter AddColumn(string name, RowCell cell, int scale)
    {
        if (RowFormat.TypeOf(cell) == EngineType.None || !RowFormat.IsScale(cell, scale))
        {
            throw new ArgumentOutOfRangeException(nameof(cell), $"wanted a form and its scale; got {cell} and {scale}");
        }

        var nameBytes = Encoding.UTF8.GetBytes(name);
        if (_columns.Count == RowFormat.MaxColumns || nameBytes.Length is 0 or > RowFormat.MaxNameBytes)
        {
            throw new RowsTooLargeException();
        }

        Take(RowFormat.ColumnHeadBytes + nameBytes.Length, cells: 0);
        var column = new RowColumnWriter(this, nameBytes, cell, scale);
        _columns.Add(column);
        return column;
    }

    /// <summary>Returns the encoding.</summary>
    /// <exception cref="InvalidOperationException">The columns do not have the same number of cells.</exception>
    public byte[] Finish(int rows)
    {
        if (_columns.Exists(column => column.Cells != rows))
        {
            throw new InvalidOperationException($"wanted {rows} cells in every column; got others");
        }

        var length = RowFormat.HeadBytes
            + _columns.Sum(column => RowFormat.ColumnHeadBytes + column.Name.Length + column.Written.Length);
        var bytes = new byte[length];
        RowFormat.Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), (ushort)_columns.Count);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(6), (uint)rows);
        var rest = bytes.AsSpan(RowFormat.HeadBytes);
        foreach (var column in _columns)
        {
            rest[0] = (byte)column.Cell;
            rest[1] = (byte)column.Scale;
            BinaryPrimitives.WriteUInt16BigEndian(rest[2..], (ushort)column.Name.Length);
            BinaryPrimitives.WriteUInt32BigEndian(rest[4..], (uint)column.Written.Length);
            column.Name.Span.CopyTo(rest[RowFormat.ColumnHeadBytes..]);
            rest = rest[(RowFormat.ColumnHeadBytes + column.Name.Length)..];
        }

        foreach (var column in _columns)
        {
            column.Written.CopyTo(rest);
            rest = rest[column.Written.Length..];
        }

        return bytes;
    }

    /// <summary>Counts what is about to be written.</summary>
    /// <exception cref="RowsTooLargeException">A limit would be passed.</exception>
    internal void Take(long bytes, int cells)
    {
        if (bytes > _leftBytes || cells > _leftCells)
        {
            throw new RowsTooLargeException();
        }

        _leftBytes -= bytes;
        _leftCells -= cells;
    }
}
