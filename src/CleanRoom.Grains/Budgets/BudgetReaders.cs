using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Grains.Budgets;

/// <summary>Who may read which budget log. Pure. Spec: contracts/spec/0016 s.6.</summary>
internal static class BudgetReaders
{
    /// <summary>Returns the root key of a collaborator whose budget log for a domain a member may read.</summary>
    public static Result<Bytes> LogOf(CollaborationState state, string collaborator, string member, string domain, Timestamp now)
    {
        var reader = state.MembersOf(collaborator, now).FirstOrDefault(known => known.Delegation.Member == member);
        if (reader?.Has(MemberRole.Owner, MemberRole.Auditor) != true || state.ActiveOrFounding?.Find(collaborator) is not { } owner)
        {
            return new Refusal(RefusalCode.RoleMissing, $"an owner or auditor of {collaborator}", $"{collaborator}/{member}");
        }

        return state.ActiveOrFounding.Contract.Datasets.Any(dataset => dataset.Owner == collaborator && dataset.Policy.Unit?.Domain == domain)
            ? owner.RootKey
            : new Refusal(RefusalCode.DatasetUnknown, $"a unit domain of a dataset that {collaborator} owns", domain);
    }
}
