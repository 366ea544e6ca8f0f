using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Protocol.Budgets;

/// <summary>What follows from the rows of a budget log.</summary>
public sealed record BudgetLogState
{
    /// <summary>Gets the state before row 0.</summary>
    public static BudgetLogState Empty { get; } = new();

    /// <summary>Gets row 0; null before it.</summary>
    public BudgetGenesis? Genesis { get; init; }

    /// <summary>Gets the log: leaves and roots.</summary>
    public LogState Log { get; init; } = LogState.Empty;

    /// <summary>Gets every charge, in row order; the first is row 1.</summary>
    public ImmutableArray<OwnerCharge> Charges { get; init; } = [];

    /// <summary>Returns the row of a run's charge; null when it is not in the log.</summary>
    public long? Find(string collaboration, Digest queryDigest, int run)
    {
        for (var i = 0; i < Charges.Length; i++)
        {
            if (Charges[i].Run == run && Charges[i].QueryDigest == queryDigest && Charges[i].Collaboration == collaboration)
            {
                return i + 1;
            }
        }

        return null;
    }

    /// <summary>Returns what was spent, as it counts for a charge in one collaboration.</summary>
    /// <param name="collaboration">The collaboration that charges.</param>
    /// <param name="version">The version with which the budget began anew in that collaboration; null where it never does.</param>
    /// <exception cref="OverflowException">More was spent than a document can say.</exception>
    public PrivacyLimit Spent(string collaboration, Digest? version)
    {
        var counted = Charges
            .Where(charge => version is not { } current || charge.Collaboration != collaboration || charge.Versions.Contains(current))
            .ToList();
        return new PrivacyLimit(counted.Sum(charge => charge.NanoRho), counted.Sum(charge => charge.AttoDelta));
    }
}
