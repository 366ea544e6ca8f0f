namespace CleanRoom.Datasets.Check.Blocks;

/// <summary>What all who check the blocks of one dataset know of it. Safe for concurrent use.</summary>
internal sealed class CheckProgress
{
    private volatile bool _hasProblem;

    /// <summary>Gets or sets a value that says whether the dataset is refused already: no cells are wanted then, but all problems are.</summary>
    public bool HasProblem
    {
        get => _hasProblem;
        set => _hasProblem = value;
    }
}
