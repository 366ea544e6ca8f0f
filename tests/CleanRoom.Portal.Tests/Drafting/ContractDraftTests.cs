using System.Text;
using CleanRoom.Client.Contracts.Drafting;
using CleanRoom.Portal.Features.Contracts;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Portal.Tests.Drafting;

/// <summary>A draft is the contract's JSON: what is edited changes there, and everything else stays.</summary>
public sealed class ContractDraftTests
{
    private static readonly Timestamp _begin = Timestamp.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public static TheoryData<string> Examples => [.. ContractExamples.Names];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Draft_of_an_example_is_its_bytes_and_has_no_problem(string name)
    {
        var contract = ContractExamples.Read(name).Value;
        var draft = ContractDraft.Of(contract);

        draft.ToBytes().Should().Equal(DocumentCodec.Encode(contract));
        var check = DraftCheck.Of(draft);
        check.Problems.Should().BeEmpty();
        DocumentCodec.DigestOf(check.Contract!).Should().Be(DocumentCodec.DigestOf(contract));
    }

    [Fact]
    public void Edit_changes_one_place_and_the_draft_before_stays()
    {
        var before = Nafld();

        var after = before.With("/datasets/0/policy/threshold/minUnits", 80L);

        before.Text("/datasets/0/policy/threshold/minUnits").Should().Be("50");
        after.Text("/datasets/0/policy/threshold/minUnits").Should().Be("80");
        after.With("/datasets/0/policy/threshold/minUnits", 50L).ToBytes().Should().Equal(before.ToBytes());
    }

    [Fact]
    public void Member_of_any_name_is_found_again()
    {
        var place = JsonPointer.Child("/datasets/0/policy/columns", "a/b~c.d[0]");

        var draft = Nafld().With(place, "x");

        draft.Text(place).Should().Be("x");
        draft.Without(place).ToBytes().Should().Equal(Nafld().ToBytes());
        draft.Without("/no/such/place").Should().BeSameAs(draft);
    }

    [Theory]
    [InlineData("[]", "document-unknown-type")]
    [InlineData("{\"type\":\"cleanroom/v1/query\"}", "document-unknown-type")]
    [InlineData("{", "json-invalid")]
    public void File_that_is_no_contract_is_refused(string json, string slug) =>
        ContractDraft.FromPerson(Encoding.UTF8.GetBytes(json)).Refusals.Single().Slug.Should().Be(slug);

    [Fact]
    public void Blank_draft_grants_nothing_and_every_problem_has_a_place()
    {
        var check = DraftCheck.Of(DraftStart.Blank(new string('a', 32), _begin, _begin.Plus(TimeSpan.FromDays(1))));

        check.Contract.Should().BeNull();
        check.Readable.Should().NotBeNull("the words stand beside an unfinished form too");
        check.Unreadable.Should().Equal("/legalTextSha256");
        check.Problems.Select(problem => problem.Place).Should().BeEquivalentTo(
            "/legalTextSha256", "/title", "/purpose", "/collaborators", "/datasets", "/attestation/accepted");
    }

    [Fact]
    public void Example_as_ones_own_keeps_texts_and_rules_but_no_key_and_no_code()
    {
        var own = DraftStart.From(Nafld(), new string('b', 32), _begin, _begin.Plus(TimeSpan.FromDays(30)));

        own.Text("/title").Should().Be(Nafld().Text("/title"));
        own.Text("/collaborators/0/rootKey").Should().BeEmpty();
        DraftCheck.Of(own).Problems.Select(problem => problem.Place).Should().BeEquivalentTo(
            "/collaborators/0/rootKey", "/collaborators/1/rootKey", "/collaborators/2/rootKey", "/collaborators", "/attestation/accepted");
    }

    [Fact]
    public void Next_version_follows_the_one_before_and_passes_the_rules_of_amendments()
    {
        var active = ContractExamples.Read("nafld").Value;

        var next = DraftCheck.Of(DraftStart.NextVersion(active)).Contract!;

        (next.Version, next.Previous).Should().Be((2, (Digest?)DocumentCodec.DigestOf(active)));
        ContractRules.CheckAmendment(active, next).Should().BeEmpty();
    }

    [Fact]
    public void What_no_form_edits_is_kept_and_named()
    {
        var draft = Nafld().With("/later", new JsonArray(["new"])).With("/datasets/0/policy/colour", "red");
        var check = DraftCheck.Of(draft);

        DraftKept.Of(draft, check).Should().Contain(KeyValuePair.Create("/later", "[\"new\"]")).And.Contain(KeyValuePair.Create("/datasets/0/policy/colour", "\"red\""))
            .And.Contain(KeyValuePair.Create("/version", "1"));
        check.Contract.Should().BeNull("a room would not read it");
        draft.With("/title", "Another").Find("/later").Should().NotBeNull();
        Encoding.UTF8.GetString(draft.With("/title", "Another").ToBytes()).Should().Contain("\"later\":[\"new\"]");
    }

    internal static ContractDraft Nafld() => ContractDraft.Of(ContractExamples.Read("nafld").Value);
}
