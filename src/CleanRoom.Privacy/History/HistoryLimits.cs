using CleanRoom.Protocol.Fold;

namespace CleanRoom.Privacy.History;

/// <summary>What a history state may hold, whatever a contract says. Spec: contracts/spec/0015 s.2.</summary>
public static class HistoryLimits
{
    /// <summary>The most units of one domain and snapshot: 2 bytes of a state for each.</summary>
    public const int MaxUnits = 1 << 26;

    /// <summary>The most atoms. A set that would cut more is denied.</summary>
    public const int MaxAtoms = 16_384;

    /// <summary>The most cells that are offered, and the most sets that are released, to one state. A contract's <c>maxCells</c> can only be lower.</summary>
    public const int MaxCells = QueryRules.MaxCells;

    /// <summary>The most entries of the reduced matrix, rows times atoms: 256 MiB. A set that would take more is denied.</summary>
    public const int MaxEntries = 1 << 25;
}
