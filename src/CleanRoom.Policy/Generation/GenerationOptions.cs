using System.Collections.Immutable;

namespace CleanRoom.Policy.Generation;

/// <summary>Where the engine finds the datasets.</summary>
public sealed record GenerationOptions
{
    /// <summary>
    /// Gets dataset SQL name to relation text, such as <c>read_parquet('/proc/self/fd/7')</c>. Trust: trusted, it is put into SQL as it is.
    /// </summary>
    public required ImmutableSortedDictionary<string, string> Relations { get; init; }

    /// <summary>Gets the 32 bytes that order a person's groups in the dp tier, new for each charge; empty in the threshold tier.</summary>
    public ImmutableArray<byte> Salt { get; init; } = [];
}
