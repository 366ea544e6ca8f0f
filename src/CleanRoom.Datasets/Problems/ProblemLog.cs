using System.Collections.Immutable;

namespace CleanRoom.Datasets.Problems;

/// <summary>Counts every problem and keeps the first of each kind, so that a file full of errors costs bounded memory.</summary>
internal sealed class ProblemLog
{
    /// <summary>The number of problems of one kind that are kept. Spec: contracts/spec/0007 s.6.</summary>
    public const int KeptPerKind = 100;

    private readonly SortedDictionary<ProblemKind, long> _counts = [];
    private readonly List<DatasetProblem> _kept = [];

    /// <summary>Gets a value that says whether nothing was wrong.</summary>
    public bool IsEmpty => _counts.Count == 0;

    /// <summary>Gets the number of problems by kind.</summary>
    public ImmutableSortedDictionary<ProblemKind, long> Counts => _counts.ToImmutableSortedDictionary();

    /// <summary>Gets the kept problems in the order in which they were found.</summary>
    public ImmutableArray<DatasetProblem> Kept => [.. _kept];

    /// <summary>Counts a problem and keeps it if it is among the first of its kind.</summary>
    public void Add(DatasetProblem problem)
    {
        if (Count(problem.Kind))
        {
            _kept.Add(problem);
        }
    }

    /// <summary>Counts problems that are not kept, since so many of their kind are.</summary>
    public void Count(ProblemKind kind, long count)
    {
        if (count > 0)
        {
            _counts[kind] = _counts.GetValueOrDefault(kind) + count;
        }
    }

    private bool Count(ProblemKind kind)
    {
        Count(kind, 1);
        return _counts[kind] <= KeptPerKind;
    }
}
