namespace CleanRoom.Datasets.Source;

/// <summary>Where the text of a cell is, or NULL.</summary>
internal readonly struct CellPlace
{
    private readonly int _start;
    private readonly int _length;

    private CellPlace(int start, int length) => (_start, _length) = (start, length);

    /// <summary>Gets NULL.</summary>
    public static CellPlace Null => new(0, -1);

    /// <summary>Gets a value that says whether the cell is NULL.</summary>
    public bool IsNull => _length < 0;

    /// <summary>Gets a value that says whether the text was copied.</summary>
    public bool IsCopied => _start < 0;

    /// <summary>Gets where the text begins.</summary>
    public int Start => IsCopied ? ~_start : _start;

    /// <summary>Gets the bytes of the text; not of NULL.</summary>
    public int Length => _length;

    /// <summary>Returns the place of a cell of lent text; NULL if it is empty.</summary>
    public static CellPlace Lent(int start, int end) => start == end ? Null : new(start, end - start);

    /// <summary>Returns the place of a cell that was copied.</summary>
    public static CellPlace Copied(int start, int length) => new(~start, length);
}
