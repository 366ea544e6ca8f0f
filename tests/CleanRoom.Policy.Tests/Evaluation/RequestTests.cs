using System.Collections.Immutable;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Evaluation;

/// <summary>What is wrong with a question before its text is looked at, word for word.</summary>
public sealed class RequestTests(BinderFixture fixture)
{
    private const string Sql = "SELECT region, count(*) FROM brand.customers GROUP BY region";
    private const int MaxName = 64;

    [Fact]
    public async Task Request_without_text_and_template_is_told_to_give_one() =>
        (await SaidAsync(Ask.Request(null))).Should().Equal(
            "the text must be one SELECT of the accepted language: the text is empty > correct the text", "there is neither text nor a template > give one of them");

    [Fact]
    public async Task Request_with_text_and_template_is_told_to_give_one() =>
        (await SaidAsync(Ask.Request(Sql) with { TemplateDigest = Digest.Of("x"u8) })).Should().Equal("there is a text and a template > give one of them");

    [Fact]
    public async Task Request_by_somebody_else_is_told_who_may_ask() =>
        (await SaidAsync(Ask.Request(Sql, "nobody", "agency"))).Should().Contain("only a collaborator of the contract may ask > ask as a member of a collaborator");

    [Theory]
    [InlineData("an answer has a receiver > name at least one collaborator of the contract as receiver")]
    [InlineData("receivers are collaborators of the contract > name at least one collaborator of the contract as receiver", "agency", "nobody")]
    [InlineData("receivers are collaborators of the contract > name at least one collaborator of the contract as receiver", "nobody", "nobody")]
    [InlineData("each receiver is named once > name at least one collaborator of the contract as receiver", "agency", "agency")]
    public async Task Request_for_other_receivers_is_told_which(string said, params string[] receivers) =>
        (await SaidAsync(Ask.Request(Sql) with { Receivers = [.. receivers] })).Should().Contain(said);

    [Fact]
    public async Task Names_that_no_verdict_can_hold_are_left_out_of_it()
    {
        var longest = new string('a', MaxName);

        (await AskedAsync(Ask.Request(Sql, longest))).Analyst.Should().Be(longest);
        (await AskedAsync(Ask.Request(Sql, longest + "a"))).Analyst.Should().BeEmpty();
        (await AskedAsync(Ask.Request(Sql, "\ud800"))).Analyst.Should().BeEmpty();
        (await AskedAsync(Ask.Request(Sql, "agency", "agency", "\ud800"))).Receivers.Should().BeEmpty();
        (await AskedAsync(Ask.Request(Sql, "agency", "agency", "brand"))).Receivers.Should().Equal("agency", "brand");
    }

    [Fact]
    public async Task Parameters_without_a_template_and_those_that_no_verdict_can_hold_are_refused()
    {
        var free = Ask.Request(Sql) with { Parameters = ImmutableSortedDictionary<string, string>.Empty.Add("least", "5") };
        var half = Ask.Request(Sql) with { Parameters = ImmutableSortedDictionary<string, string>.Empty.Add("least", "\ud800") };

        (await SaidAsync(free)).Should().Equal("only templates have parameters > write the value into the text, or use a template");
        (await SaidAsync(half)).Should().Equal("only templates have parameters > write the value into the text, or use a template");
    }

    [Fact]
    public async Task Text_that_is_not_one_of_characters_has_the_digest_of_none()
    {
        var verdict = await AskedAsync(Ask.Request("SELECT '\ud800'"));

        verdict.Should().BeEquivalentTo(await AskedAsync(Ask.Request(string.Empty)), options => options.Excluding(it => it.Owners));
    }

    private async Task<Verdict> AskedAsync(AnalysisRequest request) => (await fixture.Binder.AnalyseAsync(Examples.Media, request)).Verdict;

    private async Task<IEnumerable<string>> SaidAsync(AnalysisRequest request)
    {
        var room = (await AskedAsync(request)).Owners.Single(owner => owner.Party == "room");
        return room.Reasons.Zip(room.Changes, (reason, change) => $"{reason} > {change.Text}");
    }
}
