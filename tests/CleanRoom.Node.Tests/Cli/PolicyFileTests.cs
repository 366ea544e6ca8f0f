using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Commands.Attest;
using CleanRoom.Node.Tests.Client.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;

namespace CleanRoom.Node.Tests.Cli;

public class PolicyFileTests
{
    private static readonly string _policy = Encoding.UTF8.GetString(
        PolicyFile.Encode(Of(FakeNode.Machine.ToReferenceTuple())).Value);

    private static readonly ReferenceTuple _genuine = new()
    {
        Tee = "amd-sev-snp",
        Values = ImmutableSortedDictionary<string, string>.Empty.Add("measurement", new string('a', 96)),
        MinimumTcb = ImmutableSortedDictionary<string, int>.Empty,
        ChipIds = ["any"],
        Anchors = [Digest.Of("root"u8)],
        Debug = false,
    };

    [Fact]
    public void A_policy_that_was_written_is_read_back() =>
        PolicyFile.Encode(PolicyFile.Parse(Encoding.UTF8.GetBytes(_policy)).Value.Policy).Value.Should().Equal(Encoding.UTF8.GetBytes(_policy));

    [Fact]
    public void Policy_that_no_contract_could_hold_is_not_written_and_every_fault_is_named()
    {
        PolicyFile.Encode(Of(_genuine)).IsAccepted.Should().BeTrue();

        var faulty = _genuine with { Anchors = [], Values = _genuine.Values.SetItem("measurement", "none") };
        Faults(PolicyFile.Encode(Of(faulty))).Should().Equal("attestation.accepted[0].values['measurement']", "attestation.accepted[0].anchors");
        Faults(PolicyFile.Encode(Of())).Should().Equal("attestation.accepted");
        Faults(PolicyFile.Encode(Of(_genuine, _genuine))).Should().Equal("attestation.accepted[1]");
    }

    [Fact]
    public void Policy_that_no_contract_could_hold_is_not_read_either()
    {
        var json = JsonNode.Parse(PolicyFile.Encode(Of(_genuine)).Value)!;
        json["accepted"]![0]!["anchors"] = new JsonArray();

        Faults(Read(json)).Should().Equal("attestation.accepted[0].anchors");
    }

    [Fact]
    public void Attestation_of_a_contract_is_read_by_the_rules_of_a_contract()
    {
        var contract = JsonNode.Parse(File.ReadAllBytes(RepositoryFiles.Committed("contracts", "examples", "media", "contract.json")))!;
        var tuple = contract["attestation"]!["accepted"]![0]!;
        contract["allowInsecure"] = true;
        tuple["tee"] = "simulated";
        tuple["anchors"] = new JsonArray();
        Read(contract).Value.AllowInsecure.Should().BeTrue();

        contract["allowInsecure"] = false;
        Faults(Read(contract)).Should().Equal("attestation.accepted[0].tee");
        tuple["tee"] = "amd-sev-snp";
        Faults(Read(contract)).Should().Equal("attestation.accepted[0].anchors");
        tuple["anchors"] = new JsonArray(Digest.Of("root"u8).ToString());
        Read(contract).Value.AllowInsecure.Should().BeFalse();
    }

    [Theory]
    [InlineData("$.accepted[0]")]
    [InlineData("$.accepted[0].chipIds[0]")]
    [InlineData("$.accepted[0].values.measurement")]
    public void Null_in_a_policy_is_refused_where_it_stands(string path)
    {
        var json = JsonNode.Parse(_policy)!;
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

    private static AttestationPolicy Of(params ImmutableArray<ReferenceTuple> accepted) => new() { Accepted = accepted, CodeEndorsers = [] };

    private static Result<PolicyFile> Read(JsonNode json) => PolicyFile.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()));

    /// <summary>Returns the paths; all are faults of a contract.</summary>
    private static IEnumerable<string> Faults<T>(Result<T> result)
        where T : notnull => result.Refusals.Select(refusal => refusal.Code == RefusalCode.ContractInvalid ? refusal.Wanted.Split(':')[0] : refusal.ToString());
}
