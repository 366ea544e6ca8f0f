using System.Text.RegularExpressions;
using CleanRoom.Client.Queries.Writing;
using CleanRoom.Portal.Features.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Portal.Tests.Queries;

/// <summary>What is suggested comes from the contract, and what is underlined from the room's reasons.</summary>
public sealed class SqlWritingTests
{
    private static readonly Contract _contract = ContractExamples.Read("nafld").Value;

    [Theory]
    [InlineData("SELECT count(*) FROM |", "registry.people", "laboratory.tests", "hospital.events")]
    [InlineData("SELECT count(*) FROM reg|", "registry.people")]
    [InlineData("SELECT count(*) FROM registry.|", "people")]
    [InlineData("SELECT r.b| FROM registry.people r", "bmi")]
    [InlineData("SELECT r.| FROM hospital.events e JOIN registry.people AS r ON e.id = r.id", "id", "age", "male", "weight", "height", "bmi", "case_id", "futime", "status")]
    [InlineData("SELECT people.fut| FROM registry.people WHERE 1 = 1", "futime")]
    [InlineData("SELECT stddev_| FROM registry.people", "stddev_pop", "stddev_samp")]
    [InlineData("SELECT ag| FROM registry.people", "age")]
    [InlineData("SELECT count(*) FROM registry.people GROUP| ", "GROUP BY")]
    [InlineData("SELECT 'reg|", null)]
    [InlineData("SELECT 'a' -- reg|", null)]
    [InlineData("SELECT /* reg| */ 1", null)]
    [InlineData("SELECT 12|", null)]
    [InlineData("SELECT nobody.|", null)]
    public void Completion_of_a_place(string marked, params string?[]? wanted)
    {
        var caret = marked.IndexOf('|', StringComparison.Ordinal);

        var completion = SqlCompletion.At(_contract, marked.Remove(caret, 1), caret);

        completion.Suggestions.Select(one => one.Text).Should().Equal((wanted ?? []).Where(one => one is not null));
    }

    [Fact]
    public void Column_says_its_type_and_uses_and_starts_where_the_word_does()
    {
        const string sql = "SELECT r.ag FROM registry.people r";

        var completion = SqlCompletion.At(_contract, sql, "SELECT r.ag".Length);

        completion.Start.Should().Be("SELECT r.".Length);
        completion.Suggestions.Single().Detail.Should().Be("registry.people: int32, group, filter, avg");
    }

    [Fact]
    public void Functions_are_those_of_the_spec()
    {
        var spec = File.ReadAllText(RepositoryFiles.Committed("contracts", "spec", "0008-query-plan.md"));
        var named = Regex.Matches(Section(spec, "every function but", "A name with a schema") + Section(spec, "The statistics are", "They are over"), "[a-z_0-9]{3,}")
            .Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

        SqlCompletion.Functions.Should().BeSubsetOf(named);
        SqlCompletion.Functions.Should().OnlyHaveUniqueItems().And.HaveCount(38);
    }

    [Fact]
    public void Words_leave_out_strings_and_comments_and_take_quoted_names()
    {
        SqlWords.Of("SELECT 'from x' -- y\n, \"A \"\"b\" /* z */ FROM t1").Select(word => word.Name).Should().Equal("SELECT", "A \"b", "FROM", "t1");
        SqlWords.Of("'not ended").Should().BeEmpty();
        SqlWords.IsText("a 'b' c", 4).Should().BeTrue();
        SqlWords.IsText("a 'b' c", 6).Should().BeFalse();
    }

    [Theory]
    [InlineData("SELECT e.id FROM hospital.events e GROUP BY e.id", "CONTEXT:id:GROUP", "the owner grants no group", "id@9", "id@46")]
    [InlineData("SELECT 'id' FROM hospital.events -- id", "CONTEXT:id:GROUP", "the owner grants no group")]
    [InlineData("SELECT random(), abs(x) FROM t", "FUNCTION", "random is not one of the functions that can be used here without a chance of failing on a value", "random@7")]
    [InlineData("SELECT 1 FROM registry.persons", "TABLE", "registry.persons is no dataset of the contract", "registry.persons@14")]
    [InlineData("SELECT max(a) FROM t", "AGG_FN", "the aggregates are count(*), sum, and others, not max", "max@7")]
    [InlineData("SELECT 1\nFROM \u0430", "PARSE", "the text must be one SELECT: the character U+0430 at line 2, column 6 may not stand outside", "\u0430@14")]
    [InlineData("SELECT 1", "PARSE", "the character U+0430 at line 9, column 6 may not stand outside")]
    [InlineData("SELECT id FROM t", "NO_AGG", "an answer holds aggregates over groups of people, never rows")]
    public void Mark_stands_where_the_reason_says(string sql, string code, string reason, params string[] wanted)
    {
        var marks = SqlMarks.Of(sql, Refused((code, reason)));

        marks.Select(mark => $"{sql.Substring(mark.Start, mark.Length)}@{mark.Start}").Should().Equal(wanted);
        marks.Where(mark => mark.Code != code || mark.Reason != reason).Should().BeEmpty();
    }

    [Fact]
    public void Place_with_two_reasons_is_underlined_once() =>
        SqlMarks.Of("SELECT id FROM t", Refused(("CONTEXT:id:GROUP", "first"), ("CONTEXT:id:LIST", "second"))).Single().Reason.Should().Be("first");

    internal static Verdict Refused(params (string Code, string Reason)[] reasons) => TestStages.Verdict with
    {
        Decision = VerdictDecision.Refuse,
        Codes = [.. reasons.Select(one => one.Code)],
        Owners =
        [
            new OwnerVerdict
            {
                Party = "room", Decision = VerdictDecision.Refuse, Codes = [.. reasons.Select(one => one.Code)], Reasons = [.. reasons.Select(one => one.Reason)],
                Rules = [], SmallestChange = null, Changes = [],
            },
        ],
    };

    private static string Section(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal);
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)];
    }
}
