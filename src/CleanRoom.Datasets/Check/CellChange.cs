namespace CleanRoom.Datasets.Check;

/// <summary>How the stored value differs from the text in the source. Each change is counted in the report.</summary>
internal enum CellChange
{
    None = 0,

    /// <summary>Digits past the declared scale were rounded half-even.</summary>
    Rounded = 1,

    /// <summary>The identifier was brought to the normal form of its profile.</summary>
    Normalised = 2,
}
