using System.Collections.Immutable;

namespace CleanRoom.Policy.Generation;

/// <summary>Where the engine finds the datasets.</summary>
public sealed record GenerationOptions
{
    /// <summary>
    /// Gets dataset SQL name to relation text, such as <c>read_parquet('/proc/self/fd/7')</c>. Trust: trusted, it is put into SQL as it is.
    /// </summary>
    public required ImmutableSortedDictionary<string, string> Relations { get; init; }
}
