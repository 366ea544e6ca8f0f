using System.Collections.Immutable;

namespace CleanRoom.Policy.Plans;

/// <summary>How the dp tier bounds what one person adds to an answer, and blurs it. Everything follows from contract and text.</summary>
/// <remarks>Spec: contracts/spec/0008 s.11 and 0014.</remarks>
public sealed record PlanNoise
{
    /// <summary>Gets the occurrence whose unit column names the person; every protected occurrence is joined with it on units.</summary>
    public required int UnitTable { get; init; }

    /// <summary>Gets L0, the most groups in which a person counts.</summary>
    public required int MaxGroupsPerUnit { get; init; }

    /// <summary>Gets M, the most joined rows of a person that count in a group.</summary>
    public required int MaxRowsPerUnit { get; init; }

    /// <summary>Gets what the noise of the whole answer may cost, in billionths of rho.</summary>
    public required long NanoRho { get; init; }

    /// <summary>Gets the delta of the choice of groups in units of 10^-18; 0 where the groups are public.</summary>
    public required long AttoDelta { get; init; }

    /// <summary>Gets the least number of people in a private group that may appear at all; at least 1.</summary>
    public required int MinUnits { get; init; }

    /// <summary>
    /// Gets the declared values of each group key when all are public: every combination appears, whether or not there are rows. Null when
    /// groups are private: those appear whose noisy number of people is large enough.
    /// </summary>
    public required ImmutableArray<ImmutableArray<Literal>>? PublicGroups { get; init; }

    /// <summary>Gets the owner's clamp of each aggregate's column, in units of its last digit; null where nothing is added up.</summary>
    /// <remarks>A sum holds a person's total in a group to it, an average each row's value.</remarks>
    public required ImmutableArray<PlanClamp?> Clamps { get; init; }
}

/// <summary>Inclusive bounds, as integers in units of the column's last digit.</summary>
public sealed record PlanClamp(Int128 Lower, Int128 Upper);
