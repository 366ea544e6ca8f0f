using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;
namespace CleanRoom.Protocol.Tests.Contracts;

/// <summary>Which identifiers a room stores as tokens, and that no version is carried over into another form.</summary>
public sealed class RekeyedProfilesTests
{
    private const string Basic = "email.basic.v1";
    private const string Phone = "phone.e164.v1";

    [Fact]
    public void Of_contract_without_profiles_is_empty() => RekeyedProfiles.Of(TestContracts.First).Should().BeEmpty();

    [Fact]
    public void Of_profiles_are_all_but_those_that_any_column_lets_be_listed()
    {
        var contract = With((0, "id", Basic, false), (1, "id", Basic, false), (1, "test", Phone, false));
        RekeyedProfiles.Of(contract).Should().Equal(Basic, Phone);
        RekeyedProfiles.Of(contract, contract.Datasets[0]).Should().Equal(Basic);
        RekeyedProfiles.Contains(contract, contract.Datasets[0], "id").Should().BeTrue();
        RekeyedProfiles.Contains(contract, contract.Datasets[0], "age").Should().BeFalse();

        var listed = With((0, "id", Basic, true), (1, "id", Basic, false), (1, "test", Phone, false));
        RekeyedProfiles.Of(listed).Should().Equal(Phone);
        RekeyedProfiles.Contains(listed, listed.Datasets[1], "id").Should().BeFalse("both sides of a join have one form");
    }

    [Fact]
    public void WhyAnotherForm_names_both_forms()
    {
        var contract = With((0, "id", Basic, false));
        var room = TestStages.Supplied;
        var ingest = room.State.CurrentDataset("registry.people")!.Ingest!;

        RekeyedProfiles.WhyAnotherForm(contract, contract.Datasets[0], ingest with { Rekeyed = [Basic] }).Should().BeNull();
        RekeyedProfiles.WhyAnotherForm(contract, contract.Datasets[0], ingest).Should().Be(new Refusal(
            RefusalCode.DatasetRejected, "registry.people with tokens for email.basic.v1", "a version with tokens for no profile: bring it anew"));
        RekeyedProfiles.WhyAnotherForm(TestContracts.First, contract.Datasets[0], ingest with { Rekeyed = [Basic] })!.Code.Should().Be(RefusalCode.DatasetRejected);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Amendment_carries_no_version_into_another_form(bool listedBefore, bool listedAfter)
    {
        // It is the laboratory's column that may be listed or not; the registry's version is the one that is carried over.
        var before = With((0, "id", Basic, false), (1, "test", Basic, listedBefore));
        var after = With((0, "id", Basic, false), (1, "test", Basic, listedAfter)) with
        {
            Version = 2,
            Previous = DocumentCodec.DigestOf(before),
            CarriesOver = [new CarriedDataset { Dataset = "registry.people", ManifestDigest = Digest.Of("manifest"u8) }],
        };

        var refusals = ContractRules.CheckAmendment(before, after).Where(refusal => refusal.Wanted.StartsWith("carriesOver", StringComparison.Ordinal)).ToList();

        if (listedBefore == listedAfter)
        {
            refusals.Should().BeEmpty();
        }
        else
        {
            refusals.Should().ContainSingle().Which.Got.Should().Be("another form of the identifiers under 'email.basic.v1', which the use list of a column decides");
        }
    }

    private static Contract With(params (int Dataset, string Column, string Profile, bool Listed)[] columns)
    {
        var contract = TestContracts.First;
        foreach (var (dataset, name, profile, listed) in columns)
        {
            var owner = contract.Datasets[dataset];
            var column = new ColumnPolicy { Type = ColumnType.String, Uses = listed ? [ColumnUse.Join, ColumnUse.List] : [ColumnUse.Join], Normalise = profile };
            contract = contract with
            {
                Datasets = contract.Datasets.SetItem(dataset, owner with { Policy = owner.Policy with { Columns = owner.Policy.Columns.SetItem(name, column) } }),
            };
        }

        return contract;
    }
}
