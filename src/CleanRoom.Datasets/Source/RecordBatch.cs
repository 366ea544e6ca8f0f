namespace CleanRoom.Datasets.Source;

/// <summary>Records that were read and not yet checked: where the text of their cells is. Used again for other records.</summary>
/// <param name="columns">The number of columns.</param>
internal sealed class RecordBatch(int columns)
{
    private readonly List<(int Row, RowFault Fault)> _faults = [];
    private CellPlace[] _places = new CellPlace[columns];
    private byte[] _own = [];
    private int _ownBytes;

    /// <summary>Gets the number of records.</summary>
    public int Rows { get; private set; }

    /// <summary>Gets what is wrong with records, in their order. The cells of such a record are all NULL.</summary>
    public IReadOnlyList<(int Row, RowFault Fault)> Faults => _faults;

    /// <summary>Gets the text of cells that were not copied; valid as long as whoever lent it keeps it.</summary>
    public byte[] Text { get; private set; } = [];

    /// <summary>Forgets all records.</summary>
    /// <param name="text">What cells may lie in.</param>
    public void Begin(byte[] text)
    {
        (Text, Rows, _ownBytes) = (text, 0, 0);
        _faults.Clear();
    }

    /// <summary>Returns the places of the next record's cells, to be filled with places in <see cref="Text"/>.</summary>
    public Span<CellPlace> Open()
    {
        var at = Rows * columns;
        if (at + columns > _places.Length)
        {
            Array.Resize(ref _places, Math.Max(at + columns, 2 * _places.Length));
        }

        return _places.AsSpan(at, columns);
    }

    /// <summary>Ends a record whose places were filled.</summary>
    public void Close() => Rows++;

    /// <summary>Copies a record.</summary>
    public void Add(SourceRow row)
    {
        var places = Open();
        if (row.IsFaulty)
        {
            places.Fill(CellPlace.Null);
            foreach (var fault in row.Faults)
            {
                _faults.Add((Rows, fault));
            }
        }
        else
        {
            var start = Keep(row.Text);
            for (var i = 0; i < places.Length; i++)
            {
                places[i] = row.IsNull(i) ? CellPlace.Null : CellPlace.Copied(start + row.PlaceOf(i).Start, row.PlaceOf(i).Length);
            }
        }

        Rows++;
    }

    /// <summary>Returns where a cell is.</summary>
    public CellPlace PlaceOf(int row, int column) => _places[(row * columns) + column];

    /// <summary>Returns the array that a cell's text is in. Not of NULL.</summary>
    public byte[] SourceOf(CellPlace place) => place.IsCopied ? _own : Text;

    private int Keep(ReadOnlySpan<byte> text)
    {
        var start = _ownBytes;
        var wanted = checked(start + text.Length);
        if (wanted > _own.Length)
        {
            Array.Resize(ref _own, Math.Max(wanted, 2 * _own.Length));
        }

        text.CopyTo(_own.AsSpan(start));
        _ownBytes = wanted;
        return start;
    }
}
