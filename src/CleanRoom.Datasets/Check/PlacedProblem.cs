using CleanRoom.Datasets.Problems;

namespace CleanRoom.Datasets.Check;

/// <summary>A problem and where in a block of records it was found, which tells the order of problems.</summary>
/// <param name="Row">The record's place in the block, from 0.</param>
/// <param name="Column">The column's place in the contract; <see cref="WholeRow"/> before, and <see cref="Unit"/> behind all columns.</param>
/// <param name="Problem">Its row is that of the block.</param>
internal readonly record struct PlacedProblem(int Row, int Column, DatasetProblem Problem)
{
    /// <summary>Of the record as a whole.</summary>
    public const int WholeRow = -1;

    /// <summary>Of the record's unit.</summary>
    public const int Unit = int.MaxValue;

    /// <summary>Says whether this one is found before another.</summary>
    public bool IsBefore(PlacedProblem other) => Row < other.Row || (Row == other.Row && Column < other.Column);
}
