using System.Reflection;
using CleanRoom.Policy.Tests.Corpus;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Verdicts;

/// <summary>Every code of the list is reached by a question; codes that need the ledger are the fold's.</summary>
public sealed class CodesTests(BinderFixture fixture)
{
    private static readonly string[] _state =
        [VerdictCodes.Budget, VerdictCodes.HistoryFull, VerdictCodes.Expired, VerdictCodes.Revoked, VerdictCodes.ContractNotActive];

    private static readonly string[] _all =
        [.. typeof(VerdictCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetValue(null)!)];

    private const string Joined = "SELECT count(*) FROM brand.customers c JOIN pub.impressions i ON c.email_sha256 = i.email_sha256";

    /// <summary>Gets every code that a question alone can have.</summary>
    internal static IEnumerable<string> Refusals => _all.Except(_state);

    public static TheoryData<string> Codes => [.. Refusals];

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Code_isReached(string code)
    {
        var (contract, request) = Question(code);

        var verdict = (await fixture.Binder.AnalyseAsync(contract, request)).Verdict;

        verdict.Codes.Should().Contain(one => one.Split(':', 2)[0] == code);
        var owner = verdict.Owners.First(one => one.Codes.Any(given => given.Split(':', 2)[0] == code));
        owner.Reasons.Should().OnlyContain(reason => reason.Length > 0);
        owner.SmallestChange.Should().NotBeNullOrEmpty();
    }

    private static (Contract Contract, AnalysisRequest Request) Question(string code) => code switch
    {
        VerdictCodes.JoinRequired => (Examples.MediaWith(json => json.Policy(0)["join"]!.Set("required", "[\"agency\"]")), Ask.Request(Joined)),
        VerdictCodes.TierMix => (Examples.MediaOfTiers, Ask.Request("SELECT count(*) FROM agency.seeds s JOIN pub.impressions i ON s.user_id = i.user_id", "brand")),
        VerdictCodes.UnitJoin => (Examples.MediaWith(json => json.Blur(datasets: 0)), Ask.Request(Joined)),
        VerdictCodes.Receiver => (Examples.Media, Ask.Request(Joined, "agency", "brand")),
        VerdictCodes.Analyst => (Examples.Media, Ask.Request(Joined, "brand")),
        VerdictCodes.Template => (Examples.Media, Ask.Request(null) with { TemplateDigest = Digest.Of([]) }),
        _ => (Examples.Media, Ask.Request(CorpusCase.Own.First(one => one.Codes is [var only] && only.Split(':', 2)[0] == code).Sql)),
    };
}
