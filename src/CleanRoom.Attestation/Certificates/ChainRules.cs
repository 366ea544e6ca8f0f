using System.Collections.Immutable;

namespace CleanRoom.Attestation.Certificates;

/// <summary>Where a maker's PKI departs from RFC 5280. The defaults depart nowhere.</summary>
internal sealed record ChainRules
{
    /// <summary>Gets the rules without exceptions.</summary>
    public static ChainRules Strict { get; } = new();

    /// <summary>Gets a value that says whether the leaf's dates mean nothing, as in Android's attestation certificates.</summary>
    public bool IgnoreLeafDates { get; init; }

    /// <summary>Gets a value that says whether the anchor's dates mean nothing, since its key was pinned and reissued.</summary>
    public bool IgnoreAnchorDates { get; init; }

    /// <summary>Gets the critical extensions that the caller itself checks, beside those of RFC 5280 that the chain checks.</summary>
    public ImmutableHashSet<string> KnownCritical { get; init; } = [];

    /// <summary>Gets the most certificates between leaf and anchor.</summary>
    public int MaxIntermediates { get; init; } = 5;
}
