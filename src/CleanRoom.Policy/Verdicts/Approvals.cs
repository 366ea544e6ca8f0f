using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Verdicts;

/// <summary>Whose approval a query needs: computed from the contract, never from what the analyst proposes.</summary>
/// <remarks>
/// A standing approval is an approval that was given beforehand, for a number of runs that only the ledger knows: the owner stays in the
/// list and the ledger's fold counts the standing approval for it. Spec: contracts/spec/0008 s.8.
/// </remarks>
internal static class Approvals
{
    /// <summary>Returns the owners that must approve, in ordinal order.</summary>
    /// <param name="inputs">The datasets that the query reads.</param>
    /// <param name="analyst">Never asked to approve its own query on its own data.</param>
    /// <param name="byTemplate">Whether the text is a template of the contract.</param>
    public static ImmutableArray<string> For(IEnumerable<Dataset> inputs, string analyst, bool byTemplate) =>
    [
        .. inputs
            .Where(dataset => dataset.Owner != analyst && Needs(dataset.Policy.Approval, byTemplate))
            .Select(dataset => dataset.Owner)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    private static bool Needs(QueryApproval approval, bool byTemplate) => approval switch
    {
        QueryApproval.None => false,
        QueryApproval.Template => !byTemplate,
        QueryApproval.Each => true,
        _ => true,
    };
}
