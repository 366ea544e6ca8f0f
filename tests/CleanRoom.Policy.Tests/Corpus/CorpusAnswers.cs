using System.Text;
using System.Text.RegularExpressions;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;

namespace CleanRoom.Policy.Tests.Corpus;

/// <summary>What is said of each query of the corpus, word for word: <c>contracts/vectors/policy/answers.txt</c>.</summary>
public sealed class CorpusAnswers(BinderFixture fixture)
{
    private static readonly string _file = RepositoryFiles.Committed("contracts", "vectors", "policy", "answers.txt");

    public static TheoryData<string> Cases => [.. All.Select(one => one.Case.Id)];

    /// <summary>Every case with the contract that it is asked under, in the order of the file.</summary>
    internal static IEnumerable<(CorpusCase Case, Contract Contract)> All =>
    [
        .. CorpusCase.Own.Concat(CorpusCase.Attacks).Select(one => (one, Examples.Media)),
        .. CorpusCase.Lists.Select(one => (one, Examples.Lists)),
        .. CorpusCase.Edges.Select(one => (one, Examples.Edges)),
        .. CorpusCase.Noise.Select(one => (one, Examples.Noise)),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Answer_is_the_committed_one(string id)
    {
        var (one, contract) = All.Single(candidate => candidate.Case.Id == id);
        var answer = await AnswerAsync(one, contract);
        answer.Should().Be(Committed()[id]);
        answer.StartsWith($"{id} Refuse\n", StringComparison.Ordinal).Should().Be(one.Codes is not null);
        (one.Codes?.Any(code => Regex.IsMatch(answer, $@"^  \w+ Refuse .*\b{code}\b", RegexOptions.Multiline)) ?? true).Should().BeTrue(one.Expected);
    }

    [Fact]
    public void Every_committed_answer_is_of_a_case() => Committed().Keys.Should().Equal(All.Select(one => one.Case.Id));

    /// <summary>Writes the file anew. Its changes are read before they are committed.</summary>
    [Fact(Explicit = true)]
    public async Task Rewrite_answers()
    {
        var text = new StringBuilder();
        foreach (var (one, contract) in All)
        {
            text.Append(await AnswerAsync(one, contract)).Append('\n');
        }

        await File.WriteAllTextAsync(_file, text.ToString(), TestContext.Current.CancellationToken);
    }

    // Not kept in a field: a test process meets many changes of the code.
    private static Dictionary<string, string> Committed() => File.ReadAllText(_file).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        .ToDictionary(answer => answer[..answer.IndexOf(' ', StringComparison.Ordinal)], answer => answer + "\n");

    private async Task<string> AnswerAsync(CorpusCase one, Contract contract)
    {
        var analysis = await fixture.Binder.AnalyseAsync(contract, Ask.Request(one.Sql));
        var verdict = analysis.Verdict;
        string[] lines =
        [
            $"{one.Id} {verdict.Decision}{(analysis.Plan is { } plan ? $", plan {plan.Digest}" : string.Empty)}",
            .. analysis.Plan?.Noise is { } noise ? [Line(noise)] : Array.Empty<string>(),
            .. verdict.Owners.SelectMany(Lines),
            .. verdict.Noise.Select(noise => $"  within {noise.Within} of {noise.Aggregate}{(noise.Rows is { } rows ? $" over {rows} rows" : string.Empty)}"),
            .. verdict.Budget.Select(charge => $"  costs {charge.Dataset} {charge.Queries} query, {charge.NanoRho} nano-rho, {charge.AttoDelta} atto-delta"),
            .. verdict.Lineage.Select(edge => $"  {edge.Dataset}.{edge.Column} -{edge.Operation}-> {edge.Output}"),
            $"  verdict {DocumentCodec.DigestOf(verdict)}",
        ];
        return string.Concat(lines.Select(line => line.ReplaceLineEndings("\\n").TrimEnd() + "\n"));
    }

    private static string Line(PlanNoise noise) =>
        $"  noise: {noise.NanoRho} nano-rho, {noise.AttoDelta} atto-delta, rows {noise.MaxRowsPerUnit}, groups {noise.MaxGroupsPerUnit}, units {noise.MinUnits}, "
        + $"unit table {noise.UnitTable}, clamps {string.Join(' ', noise.Clamps.Select(clamp => clamp is null ? "-" : $"{clamp.Lower}..{clamp.Upper}"))}, "
        + $"public {string.Join(" x ", noise.PublicGroups?.Select(values => values.Length) ?? [])}";

    private static IEnumerable<string> Lines(OwnerVerdict owner) =>
    [
        $"  {owner.Party} {owner.Decision} {string.Join(' ', owner.Codes)}",
        .. owner.Reasons.Select(reason => $"    {reason}"),
        .. owner.Changes.Select(change => $"    > {change.By} {change.Code} {change.Pointer} {change.Value}: {change.Text}"),
    ];
}
