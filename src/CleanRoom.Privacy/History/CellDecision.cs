namespace CleanRoom.Privacy.History;

/// <summary>What the history audit says of one offered set of units. Everything but <see cref="Release"/> MUST look the same outside the guest.</summary>
/// <remarks>Spec: contracts/spec/0015 s.3.</remarks>
public enum CellDecision
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>Fewer units than the threshold.</summary>
    Suppress = 1,

    /// <summary>It differs from a released set, or from all units, by some units but fewer than the threshold.</summary>
    DenyDifference = 2,

    /// <summary>With the released sets it gives a combination over fewer units than the threshold, or the state has no room to find out.</summary>
    DenyLinear = 3,

    /// <summary>It may leave, and it is in the list from now on.</summary>
    Release = 4,
}
