using CleanRoom.Datasets.Problems;

namespace CleanRoom.Datasets.Source;

/// <summary>One record: cells of UTF-8 text or NULL, in source order. The table reuses it for the next record.</summary>
internal sealed class SourceRow
{
    private readonly List<RowFault> _faults = [];
    private byte[] _own = new byte[4096];
    private Place[] _cells = new Place[16];

    /// <summary>Gets the number: 1 is the first record after the header, or after the block before.</summary>
    public long Number { get; private set; }

    /// <summary>Gets the number of cells.</summary>
    public int CellCount { get; private set; }

    /// <summary>Gets the bytes of all cells together.</summary>
    public int TextBytes { get; private set; }

    /// <summary>Gets what the reader found wrong with this record; its cells are then not to be used.</summary>
    public IReadOnlyList<RowFault> Faults => _faults;

    /// <summary>Gets a value that says whether the reader found something wrong.</summary>
    public bool IsFaulty => _faults.Count > 0;

    /// <summary>Gets the bytes of all cells without gaps.</summary>
    public ReadOnlySpan<byte> Text => _own.AsSpan(0, TextBytes);

    /// <summary>Returns the bytes of a cell, valid until the next record; empty for NULL.</summary>
    public ReadOnlyMemory<byte> Cell(int index) => _own.AsMemory(_cells[index].Start, _cells[index].Length);

    /// <summary>Returns where a cell is in <see cref="Text"/>.</summary>
    public (int Start, int Length) PlaceOf(int index) => (_cells[index].Start, _cells[index].Length);

    /// <summary>Says whether a cell is NULL.</summary>
    public bool IsNull(int index) => _cells[index].IsNull;

    /// <summary>Gets the bytes written since the last cell ended.</summary>
    public int OpenCellBytes => TextBytes - OpenStart;

    private int OpenStart => CellCount == 0 ? 0 : _cells[CellCount - 1].Start + _cells[CellCount - 1].Length;

    /// <summary>Empties the row for another record.</summary>
    public void Begin(long number)
    {
        (Number, CellCount, TextBytes) = (number, 0, 0);
        _faults.Clear();
    }

    /// <summary>Adds bytes to the open cell. The caller keeps to <see cref="DatasetLimits.RowBytes"/>.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var wanted = checked(TextBytes + bytes.Length);
        if (wanted > _own.Length)
        {
            Array.Resize(ref _own, Math.Max(wanted, _own.Length * 2));
        }

        bytes.CopyTo(_own.AsSpan(TextBytes));
        TextBytes = wanted;
    }

    /// <summary>Ends the open cell.</summary>
    public void EndCell(bool isNull)
    {
        if (CellCount == _cells.Length)
        {
            Array.Resize(ref _cells, _cells.Length * 2);
        }

        _cells[CellCount] = new Place(OpenStart, OpenCellBytes, isNull);
        CellCount++;
    }

    /// <summary>Marks the record as faulty.</summary>
    public void AddFault(RowFault fault) => _faults.Add(fault);

    private readonly record struct Place(int Start, int Length, bool IsNull);
}

/// <summary>What a reader found wrong with one record.</summary>
/// <param name="Cell">The cell's index in source order; -1 for the whole record.</param>
internal readonly record struct RowFault(ProblemKind Kind, int Cell, string Wanted, string Got);
