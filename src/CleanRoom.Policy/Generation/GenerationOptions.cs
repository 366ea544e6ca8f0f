using System.Collections.Immutable;

namespace CleanRoom.Policy.Generation;

/// <summary>Where the engine finds the datasets.</summary>
public sealed record GenerationOptions
{
    /// <summary>
    /// Gets dataset SQL name to relation text, such as <c>read_parquet('/proc/self/fd/7')</c>. Trust: trusted, it is put into SQL as it is.
    /// </summary>
    public required ImmutableSortedDictionary<string, string> Relations { get; init; }

    /// <summary>Gets the relations of single partitions, in their order, of each dataset that is read in several; a dataset that is not here is read in one.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Parts { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    /// <summary>
    /// Gets a value that says whether the rows are those of some units alone, and are added to those of others: nothing is left out then for being of
    /// too few people. Spec: contracts/spec/0008 s.14.
    /// </summary>
    public bool IsPartial { get; init; }

    /// <summary>Gets a value that says whether rows of people are counted where people would be: <see cref="Policy.Caps.RowCaps"/> decides by them.</summary>
    public bool CountsRows { get; init; }

    /// <summary>Gets what is known of the rows.</summary>
    public StoredFacts Facts { get; init; } = StoredFacts.None;

    /// <summary>Gets the 32 bytes that order a person's groups in the dp tier, new for each charge; empty in the threshold tier.</summary>
    public ImmutableArray<byte> Salt { get; init; } = [];
}
