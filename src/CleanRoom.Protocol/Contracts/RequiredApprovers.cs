using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts;

/// <summary>Computes whose approval a query needs: from the contract and the datasets it reads, never from what the query says of itself.</summary>
/// <remarks>Spec: contracts/spec/0002 s.6.</remarks>
public static class RequiredApprovers
{
    /// <summary>Returns one need for each owner whose rules want an approval, in the order of the contract's collaborators.</summary>
    /// <param name="contract">The contract in force; checked by <see cref="ContractRules.Check"/>.</param>
    /// <param name="datasets">The SQL names of all datasets that the bound plan reads. Trust: from the verdict, not from the proposal.</param>
    /// <param name="analyst">The asking collaborator's id.</param>
    /// <param name="templateDigest">The digest of the template that the query uses; null for free SQL.</param>
    /// <returns>The needs; <see cref="RefusalCode.DatasetUnknown"/>, <see cref="RefusalCode.NotPermitted"/> or
    /// <see cref="RefusalCode.QueryRefused"/> when an input, the analyst or the template is not of this contract.</returns>
    public static Result<ImmutableArray<ApproverNeed>> Of(
        Contract contract, IReadOnlyCollection<string> datasets, string analyst, Digest? templateDigest)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(datasets);
        var refusals = Unknown(contract, datasets, analyst, templateDigest);
        if (!refusals.IsEmpty)
        {
            return refusals;
        }

        var owners = contract.Datasets
            .Where(dataset => datasets.Contains(dataset.SqlName) && Wants(dataset.Policy.Approval, templateDigest))
            .Select(dataset => dataset.Owner)
            .ToHashSet(StringComparer.Ordinal);
        return contract.Collaborators
            .Where(collaborator => owners.Contains(collaborator.Id))
            .Select(collaborator => Need(contract, collaborator.Id, analyst, templateDigest))
            .ToImmutableArray();
    }

    // An owner with several datasets in the query is asked when any of them wants it.
    private static bool Wants(QueryApproval approval, Digest? templateDigest) => approval switch
    {
        QueryApproval.None => false,
        QueryApproval.Template => templateDigest is null,
        QueryApproval.Each => true,
        _ => true,
    };

    private static ApproverNeed Need(Contract contract, string owner, string analyst, Digest? templateDigest) => new()
    {
        Collaborator = owner,
        Members = contract.Approval.Quorum.FirstOrDefault(quorum => quorum.Collaborator == owner)?.Members ?? 1,
        Standing = contract.Approval.Standing.FirstOrDefault(standing =>
            standing.Collaborator == owner && standing.TemplateDigest == templateDigest && standing.Analysts.Contains(analyst)),
    };

    private static ImmutableArray<Refusal> Unknown(
        Contract contract, IReadOnlyCollection<string> datasets, string analyst, Digest? templateDigest)
    {
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        var known = contract.Datasets.Select(dataset => dataset.SqlName).ToHashSet(StringComparer.Ordinal);
        foreach (var name in datasets.Where(name => !known.Contains(name)))
        {
            refusals.Add(new Refusal(RefusalCode.DatasetUnknown, "a dataset of the contract", Rules.Names.Show(name)));
        }

        if (!contract.Collaborators.Any(collaborator => collaborator.Id == analyst))
        {
            refusals.Add(new Refusal(RefusalCode.NotPermitted, "an analyst of a collaborator of the contract", Rules.Names.Show(analyst)));
        }

        if (templateDigest is { } digest && !contract.Templates.Any(template => DocumentCodec.DigestOf(template) == digest))
        {
            refusals.Add(new Refusal(RefusalCode.QueryRefused, "a template of the contract", digest.Abbreviated));
        }

        return refusals.ToImmutable();
    }
}

/// <summary>An owner that must approve, and with how many people.</summary>
public sealed record ApproverNeed
{
    public required string Collaborator { get; init; }

    /// <summary>Gets the number of different members that must approve, from 1.</summary>
    public required int Members { get; init; }

    /// <summary>
    /// Gets the approval that the contract itself holds for this template and analyst; null when there is none. It covers
    /// <see cref="StandingApproval.MaxRuns"/> runs over the contract's life, which the ledger counts.
    /// </summary>
    public required StandingApproval? Standing { get; init; }
}
