using System.Text;
using CleanRoom.Cli.Commands.Attest;
using CleanRoom.Node.Tests.Client.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Node.Tests.Cli;

public class PolicyFileTests
{
    private static readonly string _policy = Encoding.UTF8.GetString(
        PolicyFile.Encode(new AttestationPolicy { Accepted = [FakeNode.Machine.ToReferenceTuple()], CodeEndorsers = [] }));

    [Fact]
    public void A_policy_that_was_written_is_read_back() =>
        PolicyFile.Encode(PolicyFile.Parse(Encoding.UTF8.GetBytes(_policy)).Value.Policy).Should().Equal(Encoding.UTF8.GetBytes(_policy));

    [Theory]
    [InlineData("$.accepted[0]")]
    [InlineData("$.accepted[0].chipIds[0]")]
    [InlineData("$.accepted[0].values.measurement")]
    public void Null_in_a_policy_is_refused_where_it_stands(string path)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(_policy)!;
        var tuple = json["accepted"]![0]!;
        switch (path)
        {
            case "$.accepted[0]":
                json["accepted"]![0] = null;
                break;
            case "$.accepted[0].chipIds[0]":
                tuple["chipIds"]![0] = null;
                break;
            default:
                tuple["values"]!["measurement"] = null;
                break;
        }

        PolicyFile.Parse(Encoding.UTF8.GetBytes(json.ToJsonString())).Refusals.Should().ContainSingle()
            .Which.Should().Match<Refusal>(r => r.Code == RefusalCode.JsonInvalid && r.Got.EndsWith($"null at {path}"));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("not json")]
    public void What_is_neither_contract_nor_policy_is_refused(string json) =>
        PolicyFile.Parse(Encoding.UTF8.GetBytes(json)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.JsonInvalid);
}
