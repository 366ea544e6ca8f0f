namespace CleanRoom.Datasets.Check;

/// <summary>How a dataset is checked.</summary>
public sealed record CheckOptions
{
    /// <summary>Gets a value that says whether problems quote the cell. Default false; for the owner's own screen, never in a guest.</summary>
    public bool ShowValues { get; init; }

    /// <summary>Gets the number of different units, and of different values of a unique column, that are counted.</summary>
    /// <value>Entries, default <see cref="DatasetLimits.DistinctEntries"/>. A dataset with more is refused: it cannot be checked exactly.</value>
    public int DistinctEntries { get; init; } = DatasetLimits.DistinctEntries;
}
