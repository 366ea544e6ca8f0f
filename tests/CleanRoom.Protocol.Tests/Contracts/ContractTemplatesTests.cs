using System.Collections.Immutable;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Tests.Contracts;

public class ContractTemplatesTests
{
    private static readonly Contract _example = ExampleContracts.Nafld();

    [Fact]
    public void Fill_takes_over_rules_and_replaces_what_belongs_to_somebody()
    {
        var filling = Filling();

        var contract = ContractTemplates.Fill(_example, filling).Value;

        contract.Id.Should().Be(filling.Id);
        contract.Collaborators.Select(one => one.RootKey).Should().Equal(filling.RootKeys["registry"], filling.RootKeys["laboratory"], filling.RootKeys["hospital"]);
        contract.Expires.Should().Be(filling.Expires);
        contract.Datasets.Should().Equal(_example.Datasets);
        contract.Approval.Should().Be(_example.Approval);
    }

    [Fact]
    public void Fill_missing_root_key_is_refused() =>
        Wanted(Filling() with { RootKeys = Filling().RootKeys.Remove("hospital") }).Should().Equal("a root key for 'hospital'");

    [Fact]
    public void Fill_key_of_a_stranger_is_refused() =>
        Wanted(Filling() with { RootKeys = Filling().RootKeys.Add("stranger", Key(8)) })
            .Should().Equal("root keys for collaborators of the example only");

    [Fact]
    public void Fill_result_is_checked() =>
        Wanted(Filling() with { AllowInsecure = false }).Should().Equal("attestation.accepted[0].tee: a real TEE, unless allowInsecure");

    [Fact]
    public void Fill_starts_at_version_1_whatever_the_example_is()
    {
        var contract = ContractTemplates.Fill(_example with { Version = 7, Previous = Digest.Of("x"u8) }, Filling()).Value;

        contract.Version.Should().Be(1);
        contract.Previous.Should().BeNull();
    }

    private static IEnumerable<string> Wanted(ContractFilling filling) =>
        ContractTemplates.Fill(_example, filling).Refusals.Select(refusal => refusal.Wanted);

    private static ContractFilling Filling() => new()
    {
        Id = "0123456789abcdef0123456789abcdef",
        RootKeys = ImmutableSortedDictionary<string, Bytes>.Empty.Add("registry", Key(1)).Add("laboratory", Key(2)).Add("hospital", Key(3)),
        Attestation = _example.Attestation,
        AllowInsecure = true,
        NotBefore = _example.NotBefore,
        Expires = _example.NotBefore.Plus(TimeSpan.FromDays(30)),
    };

    private static Bytes Key(byte last)
    {
        var key = new byte[65];
        (key[0], key[64]) = (4, last);
        return new Bytes(key);
    }
}
