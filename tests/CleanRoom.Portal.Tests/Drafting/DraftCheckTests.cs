using CleanRoom.Client.Contracts.Drafting;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Portal.Tests.Drafting;

/// <summary>Each problem of the reader and of the rules stands at the place that it names.</summary>
public sealed class DraftCheckTests
{
    [Theory]
    [InlineData("/title", "\"\"", "/title", "1 to 200 printable characters")]
    [InlineData("/legalTextSha256", "\"abc\"", "/legalTextSha256", "64 lower-case hex digits")]
    [InlineData("/expires", "\"tomorrow\"", "/expires", "a time such as")]
    [InlineData("/expires", "\"2000-01-01T00:00:00.000Z\"", "/expires", "after notBefore")]
    [InlineData("/collaborators/0/rootKey", "\"!\"", "/collaborators/0/rootKey", "canonical base64")]
    [InlineData("/collaborators/1/rootKey", "\"\"", "/collaborators/1/rootKey", "65 bytes that begin with 04")]
    [InlineData("/collaborators/1/id", "\"A B: c]'\"", "/collaborators/1/id", "[a-z][a-z0-9_]{0,30}")]
    [InlineData("/collaborators/1/name", "\"\"", "/collaborators/1/name", "printable")]
    [InlineData("/datasets/1/owner", "\"nobody\"", "/datasets/1/owner", "a collaborator of this contract")]
    [InlineData("/datasets/1/policy/threshold/minUnits", "0", "/datasets/1/policy/threshold/minUnits", "a number from 1")]
    [InlineData("/datasets/1/policy/threshold/minUnits", "\"many\"", "/datasets/1/policy/threshold/minUnits", "a value of the member's kind")]
    [InlineData("/datasets/1/policy/join/maxFanout", "0", "/datasets/1/policy/join/maxFanout", "a number from 1")]
    [InlineData("/datasets/0/policy/columns/age/uses", "[\"sum\",\"sum\"]", "/datasets/0/policy/columns/age/uses", "each entry once")]
    [InlineData("/datasets/0/policy/columns/age/clamp", "remove", "/datasets/0/policy/columns/age/clamp", "bounds, since sum or avg is granted")]
    [InlineData("/datasets/0/policy/columns/age/clamp/min", "\"a\"", "/datasets/0/policy/columns/age/clamp/min", "a decimal number")]
    [InlineData("/datasets/0/policy/columns/age/grain", "\"-1\"", "/datasets/0/policy/columns/age/grain", "a number above 0")]
    [InlineData("/datasets/0/policy/columns/age/domain/max", "\"-5\"", "/datasets/0/policy/columns/age/domain", "min at most max")]
    [InlineData("/datasets/0/policy/columns/age/type", "\"colour\"", "/datasets/0/policy/columns/age/type", "a value of the member's kind")]
    [InlineData("/datasets/0/policy/receivers", "[\"nobody\"]", "/datasets/0/policy/receivers", "a collaborator of this contract")]
    [InlineData("/templates/0/description", "\"\"", "/templates/0/description", "printable")]
    [InlineData("/templates/0/sql", "\"SELECT $other\"", "/templates/0/sql", "declared parameters only")]
    [InlineData("/output/maxRows", "0", "/output/maxRows", "a number from 1")]
    [InlineData("/output/formats", "[]", "/output/formats", "at least one")]
    [InlineData("/attestation/accepted", "[]", "/attestation/accepted", "1 to 256 tuples")]
    [InlineData("/attestation/accepted/0/chipIds", "[]", "/attestation/accepted/0/chipIds", "chips in lower-case hex")]
    [InlineData("/attestation/accepted/0/values", "{}", "/attestation/accepted/0/values", "at least one reference value")]
    [InlineData("/recovery/k", "9", "/recovery/k", "a number from 1")]
    [InlineData("/later", "1", "/later", "only declared members")]
    [InlineData("/datasets/0/policy/tier", "null", "/datasets/0/policy/tier", "a value")]
    public void Problem_stands_at_the_field_that_it_names(string place, string value, string at, string wanted)
    {
        var draft = value == "remove" ? ContractDraftTests.Nafld().Without(place) : ContractDraftTests.Nafld().With(place, Parse(value));

        var check = DraftCheck.Of(draft);

        check.Contract.Should().BeNull();
        check.Problems.Should().Contain(problem => problem.Place == at && problem.Wanted.Contains(wanted, StringComparison.Ordinal));
        check.Problems.Should().NotContain(problem => problem.Wanted.Contains("$.") || problem.Got.Contains("$."), "the place is said by the place");
    }

    [Fact]
    public void Missing_member_is_named_at_its_place() =>
        DraftCheck.Of(ContractDraftTests.Nafld().Without("/datasets/0/policy/access")).Problems.Should().ContainSingle(problem => problem.Place == "/datasets/0/policy/access");

    [Fact]
    public void Two_unreadable_values_and_a_broken_rule_are_said_at_once()
    {
        var draft = ContractDraftTests.Nafld().With("/legalTextSha256", "x").With("/output/maxRows", "many").With("/title", string.Empty);

        var check = DraftCheck.Of(draft);

        check.Problems.Select(problem => problem.Place).Should().BeEquivalentTo("/legalTextSha256", "/output/maxRows", "/title");
        check.Readable.Should().NotBeNull();
        check.Unreadable.Should().BeEquivalentTo("/legalTextSha256", "/output/maxRows");
    }

    [Fact]
    public void Rule_breaks_are_those_that_a_room_finds()
    {
        var draft = ContractDraftTests.Nafld().With("/datasets/1/policy/threshold/minUnits", 0L).With("/output/formats", DraftStart.Empty);
        var contract = DocumentCodec.Parse<Contract>(draft.ToBytes()).Value;

        DraftCheck.Of(draft).Problems.Select(problem => (problem.Wanted, problem.Got)).Should()
            .BeEquivalentTo(ContractRules.Find(contract).Select(problem => (problem.Wanted, problem.Got)));
        ContractRules.Check(contract).Select(refusal => refusal.Wanted).Should()
            .BeEquivalentTo(ContractRules.Find(contract).Select(problem => $"{problem.Path}: {problem.Wanted}"));
    }

    private static JsonValue Parse(string json) => StrictJson.Parse(System.Text.Encoding.UTF8.GetBytes(json), 1_000).Value;
}
