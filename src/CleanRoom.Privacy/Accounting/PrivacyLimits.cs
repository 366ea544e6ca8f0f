using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Privacy.Accounting;

/// <summary>What the fold asks about owners' budgets. Spec: contracts/spec/0014 s.6.</summary>
public sealed class PrivacyLimits : IPrivacyLimits
{
    /// <inheritdoc/>
    public Result<PrivacyLimit> Of(DpRules rules) =>
        PrivacyBudget.From(rules).Then<PrivacyLimit>(budget => new PrivacyLimit(budget.Total.NanoRho, budget.Total.AttoDelta));
}
