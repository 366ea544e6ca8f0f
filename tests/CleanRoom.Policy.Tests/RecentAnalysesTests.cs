using System.Collections.Immutable;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Policy.Tests;

/// <summary>What is kept of earlier questions answers the same question and no other.</summary>
public sealed class RecentAnalysesTests
{
    private static readonly Digest _contract = Digest.Of("contract"u8);

    public static TheoryData<AnalysisRequest> Others() =>
    [
        Ask.Request("SELECT 2"),
        Ask.Request("SELECT 1 "),
        Ask.Request(null),
        Ask.Request("SELECT 1", "brand"),
        Ask.Request("SELECT 1", "agency", "brand"),
        Ask.Request("SELECT 1", "agency", "agency", "brand"),
        Ask.Request("SELECT 1") with { TemplateDigest = _contract },
        Ask.Request("SELECT 1") with { Parameters = Of(("a", "b")) },
    ];

    [Theory]
    [MemberData(nameof(Others))]
    public void QuestionOf_anotherQuestion_isAnother(AnalysisRequest other) =>
        RecentAnalyses.QuestionOf(_contract, other).Should().NotBe(RecentAnalyses.QuestionOf(_contract, Ask.Request("SELECT 1")));

    [Fact]
    public void QuestionOf_anotherContract_isAnother() => RecentAnalyses.QuestionOf(Digest.Of("another"u8), Ask.Request("SELECT 1"))
        .Should().NotBe(RecentAnalyses.QuestionOf(_contract, Ask.Request("SELECT 1")));

    /// <summary>No two of them may run together: a name that goes on as a value, a parameter that looks like a receiver.</summary>
    [Fact]
    public void QuestionOf_partsThatMoveTheirEnds_areOthers()
    {
        AnalysisRequest[] alike =
        [
            Ask.Request("x") with { Parameters = Of(("ab", "c")) }, Ask.Request("x") with { Parameters = Of(("a", "bc")) },
            Ask.Request("x") with { Parameters = Of(("receivers", "b")), Receivers = [] }, Ask.Request("x") with { Receivers = ["receivers", "b"] },
            Ask.Request("x") with { Receivers = ["receivers"] }, Ask.Request("x") with { Receivers = [] },
        ];

        alike.Select(request => RecentAnalyses.QuestionOf(_contract, request)).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void QuestionOf_theSameQuestion_isTheSame() =>
        RecentAnalyses.QuestionOf(_contract, Ask.Request("SELECT 1")).Should().Be(RecentAnalyses.QuestionOf(_contract, Ask.Request("SELECT 1")));

    [Fact]
    public void Keep_moreThan32_forgetsTheOldest()
    {
        var recent = new RecentAnalyses();
        var analyses = Enumerable.Range(0, 33).Select(_ => new Analysis(null!, null)).ToList();
        for (var i = 0; i < analyses.Count; i++)
        {
            recent.Keep(Numbered(i), analyses[i]);
        }

        recent.Find(Numbered(0)).Should().BeNull();
        Enumerable.Range(1, 32).Should().OnlyContain(i => ReferenceEquals(recent.Find(Numbered(i)), analyses[i]));
        recent.Find(Numbered(99)).Should().BeNull();
    }

    private static Digest Numbered(int number) => Digest.Of([(byte)number]);

    private static ImmutableSortedDictionary<string, string> Of(params (string Name, string Value)[] parameters) =>
        parameters.ToImmutableSortedDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
}
