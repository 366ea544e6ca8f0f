using System.Collections.Immutable;
using CleanRoom.Policy.Binding;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Support;

/// <summary>Asks the analyser.</summary>
internal static class Ask
{
    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A question of the agency for itself.</summary>
    public static AnalysisRequest Request(string? sql, string analyst = "agency", params string[] receivers) => new()
    {
        Analyst = analyst,
        Sql = sql,
        TemplateDigest = null,
        Parameters = ImmutableSortedDictionary<string, string>.Empty,
        Receivers = receivers is [] ? [analyst] : [.. receivers],
    };

    /// <summary>A question by a template of the contract.</summary>
    public static AnalysisRequest ByTemplate(Contract contract, string name, string analyst, params (string Name, string Value)[] parameters) =>
        Request(null, analyst) with
        {
            TemplateDigest = DocumentCodec.DigestOf(contract.Templates.Single(template => template.Name == name)),
            Parameters = parameters.ToImmutableSortedDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal),
        };

    /// <summary>Analyses, and checks what holds for every verdict.</summary>
    public static async Task<Analysis> AnalyseAsync(this ISqlBinder binder, Contract contract, AnalysisRequest request)
    {
        var analysis = await new QueryAnalyzer(binder).AnalyzeAsync(contract, DocumentCodec.DigestOf(contract), request, Cancellation);
        var verdict = analysis.Verdict;
        (verdict.Decision == VerdictDecision.Refuse).Should().Be(analysis.Plan is null);
        verdict.Codes.IsEmpty.Should().Be(analysis.Plan is not null, "a refusal, and only a refusal, has codes");
        verdict.PlanDigest.Should().Be(analysis.Plan?.Digest);
        verdict.Codes.Should().BeInAscendingOrder(StringComparer.Ordinal).And.OnlyHaveUniqueItems();
        verdict.Owners.SelectMany(owner => owner.Codes).Distinct().Should().BeEquivalentTo(verdict.Codes);
        verdict.Owners.Should().OnlyContain(owner => owner.Codes.Length == owner.Reasons.Length
            && (owner.SmallestChange == null) == owner.Codes.IsEmpty);
        DocumentCodec.Parse<Verdict>(DocumentCodec.Encode(verdict)).IsAccepted.Should().BeTrue();
        return analysis;
    }

    /// <summary>Returns the codes; none when it is allowed.</summary>
    public static async Task<ImmutableArray<string>> CodesAsync(
        this ISqlBinder binder, Contract contract, string sql, string analyst = "agency", params string[] receivers) =>
        (await binder.AnalyseAsync(contract, Request(sql, analyst, receivers))).Verdict.Codes;

    /// <summary>Returns the plan of a text that is allowed.</summary>
    public static async Task<QueryPlan> PlanAsync(this ISqlBinder binder, Contract contract, string sql, string analyst = "agency")
    {
        var analysis = await binder.AnalyseAsync(contract, Request(sql, analyst));
        analysis.Verdict.Codes.Should().BeEmpty(sql);
        return analysis.Plan!;
    }
}
