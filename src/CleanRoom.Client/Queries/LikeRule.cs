using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Client.Queries;

/// <summary>Makes an approval rule of a query that lies before the approver: this one, and those like it. Spec: contracts/spec/0002 s.6.1.</summary>
/// <param name="AnyAnalyst">Every analyst of the asker's collaborator may ask, and not the asker alone.</param>
/// <param name="AnyValues">The template's parameters may have any value that the contract lets them have, and not this query's alone.</param>
/// <param name="AnyVersion">Later versions of the datasets may be read, and not those of this query alone.</param>
/// <param name="Runs">The most runs, over all queries; from 1.</param>
/// <param name="Expires">The rule's end.</param>
/// <param name="Reason">In words, for the other collaborators.</param>
public sealed record LikeRule(bool AnyAnalyst, bool AnyValues, bool AnyVersion, int Runs, Timestamp Expires, string Reason)
{
    /// <summary>Returns the rule's terms: everything that is not opened by a choice is what this query has.</summary>
    /// <param name="query">The query.</param>
    /// <param name="verdict">The verdict on it: what it costs the approver is the most that a query under the rule may cost.</param>
    /// <param name="approver">The approving collaborator.</param>
    /// <remarks>A query of free SQL has no template to be alike in: its rule holds for any text that reads the same, costs no more and goes to the same.</remarks>
    public ApprovalRuleTerms Of(QueryState query, Verdict verdict, string approver)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(verdict);
        var own = verdict.Budget.Where(cost => cost.Owner == approver).ToList();
        return new ApprovalRuleTerms
        {
            TemplateDigest = query.Query.TemplateDigest,
            Authors = [AnyAnalyst ? $"{query.Author.Collaborator}/*" : $"{query.Author.Collaborator}/{query.Author.Member}"],
            Receivers = query.Query.Receivers,
            Parameters = AnyValues || query.Query.TemplateDigest is null
                ? ImmutableSortedDictionary.Create<string, ParameterLimit>(StringComparer.Ordinal)
                : query.Query.Parameters.ToImmutableSortedDictionary(
                    value => value.Key, value => new ParameterLimit { Values = [value.Value], Min = null, Max = null }, StringComparer.Ordinal),
            Inputs =
            [
                .. query.Query.Inputs.Select(input => new RuleInput { Dataset = input.Dataset, ManifestDigest = AnyVersion ? null : input.ManifestDigest }),
            ],
            Verdict = new VerdictLimit
            {
                MaxNanoRho = own.Select(cost => cost.NanoRho).DefaultIfEmpty().Max(),
                MaxAttoDelta = own.Select(cost => cost.AttoDelta).DefaultIfEmpty().Max(),
                MaxCells = verdict.Inputs.Where(input => own.Exists(cost => cost.Dataset == input.Dataset)).Select(input => input.Cells).DefaultIfEmpty().Max(),
            },
            Conditions = new ApprovalConditions { MaxRuns = Runs, Expires = Expires },
            Reason = Reason,
        };
    }
}
