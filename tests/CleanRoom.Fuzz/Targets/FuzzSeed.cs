using System.Collections.Immutable;

namespace CleanRoom.Fuzz.Targets;

/// <summary>A good or nearly good input of a target, and how to give a changed one to the code under test.</summary>
/// <param name="Name">The file, or the maker.</param>
/// <param name="Parts">The evidence or document, then what comes with it.</param>
/// <param name="Judge">Runs the code; MUST NOT throw whatever the parts are. Gets at least the first part.</param>
internal sealed record FuzzSeed(string Name, ImmutableArray<byte[]> Parts, Func<ImmutableArray<byte[]>, FuzzOutcome> Judge);

/// <summary>Code under test with its seeds.</summary>
/// <param name="Name">The tee, or the format.</param>
/// <param name="Seeds">At least one.</param>
/// <param name="IsEvidence">Whether each input goes through signatures, which is slow.</param>
internal sealed record FuzzTarget(string Name, ImmutableArray<FuzzSeed> Seeds, bool IsEvidence = false)
{
    /// <summary>Gets the target's share of the time.</summary>
    public int Weight => IsEvidence ? 3 : 1;
}

/// <summary>How far a changed input came.</summary>
internal enum FuzzOutcome
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>Its form was refused.</summary>
    Refused = 1,

    /// <summary>Its form was read; signatures, chains and the like were looked at where there are any, and refused.</summary>
    Parsed = 2,

    /// <summary>It was verified too. For a parser without a second step: it was written again with the same bytes.</summary>
    Verified = 3,
}
