using System.Collections.Immutable;
using CleanRoom.Policy.Binding;
using CleanRoom.Policy.Bound;
using CleanRoom.Policy.Evaluation;
using CleanRoom.Policy.Lexing;
using CleanRoom.Policy.Parsing;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Templates;
using CleanRoom.Policy.Verdicts;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy;

/// <summary>Says what the contract's rules mean for a query, from text, contract and schema alone; no data is ever touched.</summary>
/// <remarks>
/// Text limits, parse gate, bound plan, own plan, verdict. The analyst's text is parsed and bound, never executed: what runs is generated
/// from <see cref="QueryPlan"/>. Spec: contracts/spec/0008.
/// </remarks>
public sealed class QueryAnalyzer(ISqlBinder binder)
{
    /// <summary>The longest text, in UTF-8 bytes; a longer one is refused as PARSE.</summary>
    public const int MaxTextBytes = SqlTextLimits.MaxBytes;

    // A template has at most 32 parameters and a collaborator's id at most 31 characters (contracts/spec/0002): all beyond is refused.
    private const int MaxParameters = 64;
    private const int MaxReceivers = 256;
    private const int MaxNameLength = 64;

    private readonly RecentAnalyses _recent = new();

    /// <summary>Analyses one query.</summary>
    /// <param name="contract">A validated contract.</param>
    /// <param name="contractDigest">Its digest.</param>
    /// <param name="request">What is asked. Trust: collaborator-controlled.</param>
    /// <param name="cancellationToken">Stops waiting for the binder.</param>
    public async Task<Analysis> AnalyzeAsync(
        Contract contract, Digest contractDigest, AnalysisRequest request, CancellationToken cancellationToken)
    {
        request = Encodable(request);
        if (request.Sql?.Length > MaxTextBytes)
        {
            return await AnalyzeAnewAsync(contract, contractDigest, request, cancellationToken);
        }

        var question = RecentAnalyses.QuestionOf(contractDigest, request);
        if (_recent.Find(question) is { } made)
        {
            return made;
        }

        var analysis = await AnalyzeAnewAsync(contract, contractDigest, request, cancellationToken);
        _recent.Keep(question, analysis);
        return analysis;
    }

    private async Task<Analysis> AnalyzeAnewAsync(
        Contract contract, Digest contractDigest, AnalysisRequest request, CancellationToken cancellationToken)
    {
        var findings = new Findings();
        var scope = new PolicyScope(contract, request.Analyst, request.Receivers);
        var template = Resolve(contract, request, findings);
        var text = template?.Bound ?? request.Sql ?? string.Empty;
        CheckAudience(contract, request, findings);

        PlanEvaluator? parts = null;
        QueryPlan? plan = null;
        if (request.TemplateDigest is null || template is not null)
        {
            var parsed = await ParseAsync(contract, text, template, findings, cancellationToken);
            if (parsed is { MayBind: true } && await BindAsync(contract, text, findings, cancellationToken) is { } bound)
            {
                parts = new PlanEvaluator(scope, findings);
                var root = parts.Evaluate(bound);
                DatasetRules.Check(scope, parts, findings);
                CheckParameters(scope, parts, template, findings);
                plan = PlanBuilder.Build(scope, parts, root, bound, parsed.OutputNames, findings);
            }
        }

        // What is named in the verdict is what was written, or the template as it was agreed.
        var source = template?.Template ?? request.Sql ?? string.Empty;
        var inputs = parts?.Tables ?? [];
        return new Analysis(VerdictBuilder.Build(scope, contractDigest, Encodable(source), request, inputs, plan, findings), plan);
    }

    private static TemplateText? Resolve(Contract contract, AnalysisRequest request, Findings findings)
    {
        if (request.TemplateDigest is not { } digest)
        {
            if (request.Sql is null)
            {
                findings.Add(RoomRules.Template("there is neither text nor a template", "give one of them"));
            }
            else if (!request.Parameters.IsEmpty)
            {
                findings.Add(RoomRules.FreeParameter());
            }

            return null;
        }

        if (request.Sql is not null)
        {
            findings.Add(RoomRules.Template("there is a text and a template", "give one of them"));
            return null;
        }

        return TemplateBinder.Bind(contract, digest, request.Parameters, findings);
    }

    private static void CheckAudience(Contract contract, AnalysisRequest request, Findings findings)
    {
        var known = contract.Collaborators.Select(collaborator => collaborator.Id).ToHashSet(StringComparer.Ordinal);
        if (!known.Contains(request.Analyst))
        {
            findings.Add(RoomRules.Analyst());
        }

        if (request.Receivers.IsDefaultOrEmpty)
        {
            findings.Add(RoomRules.Receiver("an answer has a receiver"));
        }
        else if (request.Receivers.Any(receiver => !known.Contains(receiver)))
        {
            findings.Add(RoomRules.Receiver("receivers are collaborators of the contract"));
        }
        else if (request.Receivers.Distinct(StringComparer.Ordinal).Count() != request.Receivers.Length)
        {
            findings.Add(RoomRules.Receiver("each receiver is named once"));
        }
    }

    private async Task<ParseResult?> ParseAsync(
        Contract contract, string text, TemplateText? template, Findings findings, CancellationToken cancellationToken)
    {
        if (SqlTextLimits.Check(text) is { } wrong)
        {
            findings.Add(RoomRules.Parse(wrong));
            return null;
        }

        using var tree = JsonShape.Read(await binder.ParseAsync(text, cancellationToken));
        if (tree is null)
        {
            findings.Add(RoomRules.Parse("it is nested too deeply"));
            return null;
        }

        if (template is not null)
        {
            using var original = JsonShape.Read(await binder.ParseAsync(template.Template, cancellationToken));
            if (original is null || !TemplateShape.Matches(original.RootElement, tree.RootElement))
            {
                findings.Add(RoomRules.Template("the template takes no values in these places", "use another template"));
                return null;
            }
        }

        return ParseGate.Check(tree.RootElement, contract, findings);
    }

    private async Task<BoundOperator?> BindAsync(Contract contract, string text, Findings findings, CancellationToken cancellationToken)
    {
        using var tree = JsonShape.Read(await binder.BindAsync(SchemaDdl.For(contract), text, cancellationToken));
        var bound = tree is null ? null : BoundPlanReader.Read(tree.RootElement);
        if (bound is null)
        {
            findings.Add(tree is not null && tree.RootElement.IsIsolation() ? RoomRules.BindStopped() : RoomRules.Bind());
        }

        return bound;
    }

    /// <summary>No parameter may pick a person: not even where the owner lets the unit column be filtered.</summary>
    private static void CheckParameters(PolicyScope scope, PlanEvaluator parts, TemplateText? template, Findings findings)
    {
        if (template is null)
        {
            return;
        }

        foreach (var (column, literal) in parts.Filters.SelectMany(FilterLiterals.Of))
        {
            var table = parts.Tables[column.Table];
            if (table.Unit?.Column == column.Name && template.Values.Contains(literal.Text))
            {
                findings.Add(OwnerRules.UnitParameter(scope.Of(table), column.Name));
            }
        }
    }

    /// <summary>The text digest names as empty what has no UTF-8 form or is too long: it is refused anyway.</summary>
    private static string Encodable(string text) => SqlTextLimits.IsEncodable(text) ? text : string.Empty;

    /// <summary>
    /// Puts in place of what no verdict can hold something that is refused as well: a verdict is made for every request.
    /// </summary>
    private static AnalysisRequest Encodable(AnalysisRequest request) => request with
    {
        Analyst = IsName(request.Analyst) ? request.Analyst : string.Empty,
        Receivers = request.Receivers.IsDefault || request.Receivers.Length > MaxReceivers || !request.Receivers.All(IsName)
            ? []
            : request.Receivers,
        Parameters = request.Parameters.Count <= MaxParameters
            && request.Parameters.All(pair => SqlTextLimits.IsEncodable(pair.Key) && SqlTextLimits.IsEncodable(pair.Value))
                ? request.Parameters
                : ImmutableSortedDictionary<string, string>.Empty.Add(string.Empty, string.Empty),
    };

    private static bool IsName(string text) => text.Length <= MaxNameLength && SqlTextLimits.IsEncodable(text);
}
