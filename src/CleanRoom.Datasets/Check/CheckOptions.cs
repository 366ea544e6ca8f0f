namespace CleanRoom.Datasets.Check;

/// <summary>How a dataset is checked.</summary>
public sealed record CheckOptions
{
    /// <summary>Gets a value that says whether problems quote the cell. Default false; for the owner's own screen, never in a guest.</summary>
    public bool ShowValues { get; init; }

    /// <summary>Gets the number of different units, and of different values of a unique column, that are counted.</summary>
    /// <value>Entries, default <see cref="DatasetLimits.DistinctEntries"/>. A dataset with more is refused: it cannot be checked exactly.</value>
    public int DistinctEntries { get; init; } = DatasetLimits.DistinctEntries;

    /// <summary>Gets how much is checked: the check ends after the record that reaches so many bytes.</summary>
    /// <value>Bytes of all records' text, a delimiter counted for each cell; default all of them.</value>
    /// <remarks>For a first look, never in a guest. What only the whole file shows, such as too many different values to be counted, is then no problem.</remarks>
    public long Bytes { get; init; } = long.MaxValue;
}
