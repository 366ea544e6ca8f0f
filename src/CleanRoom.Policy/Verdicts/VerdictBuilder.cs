using System.Collections.Immutable;
using CleanRoom.Policy.Evaluation;
using CleanRoom.Policy.Plans;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Verdicts;

/// <summary>Folds findings, inputs and approvals into a verdict: refused over needs approval over allowed, every reason named.</summary>
internal static class VerdictBuilder
{
    /// <summary>Builds the verdict.</summary>
    /// <param name="scope">The contract and the audience.</param>
    /// <param name="contractDigest">The contract's digest.</param>
    /// <param name="text">The SQL text, or the template's.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="inputs">The occurrences of datasets, as far as they are known.</param>
    /// <param name="plan">The plan; null when refused.</param>
    /// <param name="findings">Every code that applies.</param>
    public static Verdict Build(
        PolicyScope scope,
        Digest contractDigest,
        string text,
        AnalysisRequest request,
        IReadOnlyList<PlanTable> inputs,
        QueryPlan? plan,
        Findings findings)
    {
        var datasets = inputs.Select(scope.Of).Distinct().OrderBy(dataset => dataset.SqlName, StringComparer.Ordinal).ToImmutableArray();
        var refused = plan is null;
        var approvers = refused ? [] : Approvers(scope, datasets, request);
        return new Verdict
        {
            ContractDigest = contractDigest,
            Analyst = request.Analyst,
            Receivers = request.Receivers,
            TextDigest = QueryText.DigestOf(text, request.Parameters),
            Decision = refused ? VerdictDecision.Refuse : approvers.IsEmpty ? VerdictDecision.Allow : VerdictDecision.NeedsApproval,
            Codes = [.. findings.Items.Select(finding => finding.Code).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Owners = Owners(scope, request, datasets, approvers, findings),
            Lineage = plan is null ? [] : Lineage.Of(plan),
            Budget = refused ? [] : [.. datasets.Where(dataset => !scope.IsOwn(dataset)).Select(dataset => Cost(dataset, plan))],
            Noise = plan?.Noise is null ? [] : NoiseExpectation.Of(plan),
            Inputs = [.. datasets.Select(dataset => Input(scope, dataset, plan))],
            Approvers = approvers,
            PlanDigest = plan?.Digest,
        };
    }

    /// <summary>Returns the owners that must approve, in ordinal order: the same rule that the ledger's fold counts by.</summary>
    /// <remarks>
    /// A standing approval was given beforehand for a number of runs that only the ledger knows: the owner stays in the list. The rule
    /// cannot refuse here: analyst, datasets and template were found in the contract before there was a plan.
    /// </remarks>
    private static ImmutableArray<string> Approvers(PolicyScope scope, ImmutableArray<Dataset> datasets, AnalysisRequest request) =>
    [
        .. RequiredApprovers.Of(scope.Contract, [.. datasets.Select(dataset => dataset.SqlName)], request.Analyst, request.TemplateDigest).Value
            .Select(need => need.Collaborator)
            .Order(StringComparer.Ordinal),
    ];

    private static ImmutableArray<OwnerVerdict> Owners(
        PolicyScope scope, AnalysisRequest request, ImmutableArray<Dataset> datasets, ImmutableArray<string> approvers, Findings findings)
    {
        var contract = new ContractText(scope.Contract);
        var byParty = findings.Items.ToLookup(finding => finding.Party, StringComparer.Ordinal);
        return
        [
            .. datasets.Select(dataset => dataset.Owner)
                .Concat(byParty.Select(group => group.Key))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select(party => new OwnerVerdict
                {
                    Party = party,
                    Decision = byParty.Contains(party)
                        ? VerdictDecision.Refuse
                        : approvers.Contains(party) ? VerdictDecision.NeedsApproval : VerdictDecision.Allow,
                    Codes = [.. byParty[party].Select(finding => finding.Code)],
                    Reasons = [.. byParty[party].Select(finding => finding.Reason)],
                    Rules = byParty.Contains(party) || !approvers.Contains(party)
                        ? RuleQuotes.Of(contract, byParty[party])
                        : RuleQuotes.OfApproval(contract, datasets.Where(dataset => dataset.Owner == party), request.TemplateDigest is not null),
                    SmallestChange = byParty.Contains(party)
                        ? string.Join("; ", byParty[party].Select(finding => finding.Change).Distinct(StringComparer.Ordinal))
                        : null,
                    Changes = RuleQuotes.Changes(contract, request.Analyst, byParty[party]),
                }),
        ];
    }

    private static VerdictInput Input(PolicyScope scope, Dataset dataset, QueryPlan? plan) => new()
    {
        Dataset = dataset.SqlName,
        Tier = dataset.Policy.Tier,
        MinUnits = plan?.Tables.First(table => table.Dataset == dataset.SqlName).MinUnits ?? scope.MinUnits(dataset),
        Cells = plan?.History is { } history && history.IndexOf(dataset.SqlName) >= 0 ? history.Cells : 0,
    };

    private static BudgetCharge Cost(Dataset dataset, QueryPlan? plan)
    {
        var cost = dataset.Policy.Tier == PolicyTier.Dp && plan?.Noise is not null ? NoisyValues.CostOf(plan) : PrivacyCost.None;
        return new BudgetCharge
        {
            Dataset = dataset.SqlName,
            Owner = dataset.Owner,
            Domain = dataset.Policy.Unit?.Domain ?? string.Empty,
            Queries = 1,
            NanoRho = cost.NanoRho,
            AttoDelta = cost.AttoDelta,
        };
    }
}
