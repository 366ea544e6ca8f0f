using System.Collections.Immutable;

namespace CleanRoom.Fuzz.Targets;

/// <summary>Every target.</summary>
internal static class FuzzTargets
{
    /// <summary>Returns the targets, each with its seeds; by name each once.</summary>
    public static ImmutableArray<FuzzTarget> All() =>
        [.. EvidenceTargets.All(), .. AttestationFormTargets.All(), .. ProtocolTargets.All(), .. OtherTargets.All()];
}
