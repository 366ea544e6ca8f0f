using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Fold;

/// <summary>The codes of a query that need the ledger, apart from those that follow from text, contract and schema. Spec: contracts/spec/0008 s.8.</summary>
public static class StateCodes
{
    /// <summary>Returns the codes that apply at a time, in a fixed order.</summary>
    public static ImmutableArray<string> Of(CollaborationState state, Verdict verdict, Timestamp at)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(verdict);
        var codes = ImmutableArray.CreateBuilder<string>();
        switch (state.WhyNotActive(at)?.Code)
        {
            case null:
                break;
            case RefusalCode.ContractExpired:
                codes.Add(VerdictCodes.Expired);
                break;
            default:
                codes.Add(VerdictCodes.ContractNotActive);
                break;
        }

        if (verdict.Inputs.Any(input => state.CurrentDataset(input.Dataset) is null))
        {
            codes.Add(VerdictCodes.Revoked);
        }

        if (state.Active is not null && QueryRules.WhyOverBudget(state, verdict.Budget, at) is not null)
        {
            codes.Add(VerdictCodes.Budget);
        }

        if (QueryRules.WhyHistoryFull(state, verdict) is not null)
        {
            codes.Add(VerdictCodes.HistoryFull);
        }

        return codes.ToImmutable();
    }
}
