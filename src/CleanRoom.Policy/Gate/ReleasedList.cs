using System.Collections.Immutable;

namespace CleanRoom.Policy.Gate;

/// <summary>What leaves in the tier list, and whose rows it is of. The second never leaves the guest but as a commitment.</summary>
/// <param name="Table">The rows.</param>
/// <param name="Units">For each protected dataset, in ordinal order, who is in the rows.</param>
public sealed record ReleasedList(ReleasedTable Table, ImmutableArray<ReleasedUnits> Units);

/// <summary>The people of a dataset whose rows leave.</summary>
/// <param name="Dataset">The dataset's SQL name.</param>
/// <param name="Ids">The units in their one text form (contracts/spec/0008 s.6).</param>
/// <param name="Columns">The columns of the answer in which these ids stand, ascending; empty when the answer does not have them all.</param>
public sealed record ReleasedUnits(string Dataset, ImmutableHashSet<string> Ids, ImmutableArray<int> Columns)
{
    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
