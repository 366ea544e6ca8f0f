using CleanRoom.Datasets.Problems;

namespace CleanRoom.Datasets.Source;

/// <summary>One record: cells of UTF-8 text or NULL, in source order. The table reuses it for the next record.</summary>
internal sealed class SourceRow
{
    private byte[] _text = new byte[4096];
    private int[] _ends = new int[16];
    private bool[] _nulls = new bool[16];
    private readonly List<RowFault> _faults = [];

    /// <summary>Gets the number: 1 is the first record after the header.</summary>
    public long Number { get; private set; }

    /// <summary>Gets the number of cells.</summary>
    public int CellCount { get; private set; }

    /// <summary>Gets the bytes of all cells together.</summary>
    public int TextBytes { get; private set; }

    /// <summary>Gets what the reader found wrong with this record; its cells are then not to be used.</summary>
    public IReadOnlyList<RowFault> Faults => _faults;

    /// <summary>Gets the bytes of all cells without gaps.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(0, TextBytes);

    /// <summary>Returns the bytes of a cell, valid until the next record; empty for NULL.</summary>
    public ReadOnlyMemory<byte> Cell(int index) => _text.AsMemory(Start(index), _ends[index] - Start(index));

    /// <summary>Says whether a cell is NULL.</summary>
    public bool IsNull(int index) => _nulls[index];

    /// <summary>Gets the bytes written since the last cell ended.</summary>
    public int OpenCellBytes => TextBytes - (CellCount == 0 ? 0 : _ends[CellCount - 1]);

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
        if (wanted > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(wanted, _text.Length * 2));
        }

        bytes.CopyTo(_text.AsSpan(TextBytes));
        TextBytes = wanted;
    }

    /// <summary>Ends the open cell.</summary>
    public void EndCell(bool isNull)
    {
        if (CellCount == _ends.Length)
        {
            Array.Resize(ref _ends, _ends.Length * 2);
            Array.Resize(ref _nulls, _nulls.Length * 2);
        }

        _ends[CellCount] = TextBytes;
        _nulls[CellCount] = isNull;
        CellCount++;
    }

    /// <summary>Marks the record as faulty.</summary>
    public void AddFault(RowFault fault) => _faults.Add(fault);

    private int Start(int index) => index == 0 ? 0 : _ends[index - 1];
}

/// <summary>What a reader found wrong with one record.</summary>
/// <param name="Cell">The cell's index in source order; -1 for the whole record.</param>
internal readonly record struct RowFault(ProblemKind Kind, int Cell, string Wanted, string Got);
