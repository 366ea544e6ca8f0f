using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;

namespace CleanRoom.Policy.Tests.Corpus;

/// <summary>Attacks and legitimate queries of the agency under the media contract, through the real binder.</summary>
public sealed class CorpusTests(BinderFixture fixture)
{
    private const int LeastSharedCases = 90;
    private const int LeastOwnCases = 60;
    private const int LeastAttacks = 150;
    private const int LeastLists = 70;

    private static readonly IReadOnlyList<CorpusCase> _shared = RepositoryFiles.Shared("vectors", "attacks.sql") is { } path ? CorpusCase.Read(path) : [];

    public static TheoryData<string> Attacks => [.. CorpusCase.Attacks.Select(one => one.Id)];

    public static TheoryData<string> Lists => [.. CorpusCase.Lists.Select(one => one.Id)];

    public static TheoryData<string> Own => [.. CorpusCase.Own.Select(one => one.Id)];

    [Theory]
    [MemberData(nameof(Own))]
    public async Task AnalyzeAsync_committedCase_givesTheExpectedVerdict(string id)
    {
        var one = CorpusCase.Own.Single(candidate => candidate.Id == id);
        (await MismatchAsync(one)).Should().BeNull();
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task AnalyzeAsync_list_givesTheExpectedVerdict(string id)
    {
        var one = CorpusCase.Lists.Single(candidate => candidate.Id == id);
        (await MismatchAsync(one, Examples.Lists)).Should().BeNull();
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task AnalyzeAsync_variantOfAnAttack_isRefusedWithItsCode(string id) =>
        (await MismatchAsync(CorpusCase.Attacks.Single(candidate => candidate.Id == id))).Should().BeNull();

    [Fact]
    public async Task AnalyzeAsync_sharedCases_giveTheExpectedVerdicts()
    {
        Assert.SkipWhen(_shared.Count == 0, "the file shared/vectors/attacks.sql is not beside the repository: 0 of its cases ran");
        _shared.Should().HaveCountGreaterThanOrEqualTo(LeastSharedCases);
        var mismatches = new List<string>();
        foreach (var one in _shared)
        {
            if (await MismatchAsync(one) is { } mismatch)
            {
                mismatches.Add(mismatch);
            }
        }

        TestContext.Current.SendDiagnosticMessage("{0} shared cases ran", _shared.Count);
        mismatches.Should().BeEmpty();
    }

    [Fact]
    public void Attacks_are_enough_and_all_are_refused()
    {
        CorpusCase.Attacks.Should().HaveCountGreaterThanOrEqualTo(LeastAttacks).And.OnlyContain(one => one.Codes != null && one.Sql.Length > 0);
        CorpusCase.Attacks.Concat(CorpusCase.Own).Concat(CorpusCase.Lists).Concat(CorpusCase.Edges).Concat(CorpusCase.Noise)
            .Select(one => one.Id).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Committed_cases_are_enough_and_each_has_a_name_of_its_own()
    {
        CorpusCase.Own.Should().HaveCountGreaterThanOrEqualTo(LeastOwnCases);
        CorpusCase.Lists.Should().HaveCountGreaterThanOrEqualTo(LeastLists).And.OnlyContain(one => one.Sql.Length > 0);
        ContractRules.Check(Examples.Lists).Should().BeEmpty();
        ContractRules.Check(Examples.Edges).Should().BeEmpty();
        ContractRules.Check(Examples.Noise).Should().BeEmpty();
        CorpusCase.Own.Select(one => one.Id).Should().OnlyHaveUniqueItems();
        CorpusCase.Own.Should().OnlyContain(one => one.Sql.Length > 0);
    }

    /// <summary>Returns what is wrong, or null.</summary>
    private async Task<string?> MismatchAsync(CorpusCase one, Contract? contract = null)
    {
        var verdict = (await fixture.Binder.AnalyseAsync(contract ?? Examples.Media, Ask.Request(one.Sql))).Verdict;
        var isExpected = one.Codes is { } codes
            ? verdict.Decision == VerdictDecision.Refuse && verdict.Codes.Intersect(codes).Any()
            : one.Expected == "ALLOW" && verdict.Decision == VerdictDecision.Allow;
        return isExpected ? null : $"{one.Id}: wanted {one.Expected}, got {verdict.Decision} {string.Join(", ", verdict.Codes)}";
    }
}
