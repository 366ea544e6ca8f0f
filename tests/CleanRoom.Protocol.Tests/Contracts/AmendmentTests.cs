using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Tests.Contracts;

public class AmendmentTests
{
    private static readonly Contract _before = ExampleContracts.Strict();

    [Fact]
    public void CheckAmendment_next_version_is_accepted() => ContractRules.CheckAmendment(_before, Next()).Should().BeEmpty();

    [Fact]
    public void CheckAmendment_other_id_is_refused() =>
        Problems(Next() with { Id = new string('0', 32) }).Should().ContainSingle().Which.Should().StartWith("id: ");

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void CheckAmendment_other_version_is_refused(int version) =>
        Problems(Next() with { Version = version }).Should().ContainSingle().Which.Should().Be("version: 2");

    [Fact]
    public void CheckAmendment_older_previous_is_refused() =>
        Problems(Next() with { Previous = Digest.Of("other"u8) }).Should().ContainSingle().Which.Should().StartWith("previous: the digest");

    [Fact]
    public void CheckAmendment_unchanged_dataset_is_carried() =>
        ContractRules.CheckAmendment(_before, Carrying(dataset => dataset)).Should().BeEmpty();

    [Fact]
    public void CheckAmendment_other_threshold_is_carried() =>
        Problems(Carrying(dataset => Policy(dataset, policy => policy with { Threshold = policy.Threshold with { MinUnits = 20 } })))
            .Should().BeEmpty();

    [Fact]
    public void CheckAmendment_changed_schema_carries_nothing() =>
        Problems(Carrying(dataset => dataset with { Schema = dataset.Schema.SetItem(1, dataset.Schema[1] with { Nullable = true }) }))
            .Should().ContainSingle().Which.Should().StartWith("carriesOver: the rules of 'registry.people'");

    [Fact]
    public void CheckAmendment_changed_bounds_carry_nothing() =>
        Problems(Carrying(dataset => Policy(dataset, policy => policy with
        {
            Columns = policy.Columns.SetItem("weight", policy.Columns["weight"] with { Clamp = new ClampBounds { Min = 30, Max = 300 } }),
        }))).Should().ContainSingle();

    [Fact]
    public void CheckAmendment_changed_values_carry_nothing() =>
        Problems(Carrying(dataset => Policy(dataset, policy => policy with
        {
            Columns = policy.Columns.SetItem("male", policy.Columns["male"] with { Domain = new ColumnDomain { Values = ["0"] } }),
        }))).Should().ContainSingle();

    [Fact]
    public void CheckAmendment_changed_unit_carries_nothing() =>
        Problems(Carrying(dataset => Policy(dataset, policy => policy with { Unit = new PrivacyUnit { Column = "case_id", Domain = "person-v1" } })))
            .Should().ContainSingle();

    [Fact]
    public void CheckAmendment_lower_row_cap_carries_nothing()
    {
        var old = _before with { Datasets = [.. _before.Datasets.Select(one => Rows(one, 5))] };
        var next = Next() with
        {
            Previous = DocumentCodec.DigestOf(old),
            Datasets = [.. _before.Datasets.Select(one => Rows(one, 4))],
            CarriesOver = [new CarriedDataset { Dataset = "registry.people", ManifestDigest = Digest.Of("m"u8) }],
        };

        ContractRules.CheckAmendment(old, next).Should().ContainSingle();
    }

    [Fact]
    public void CheckAmendment_dataset_that_was_not_there_is_not_carried()
    {
        var next = Next() with { CarriesOver = [new CarriedDataset { Dataset = "registry.nobody", ManifestDigest = Digest.Of("m"u8) }] };

        Problems(next).Should().ContainSingle().Which.Should().Be("carriesOver: a dataset of both versions");
    }

    [Fact]
    public void Signers_of_an_amendment_include_a_removed_collaborator_and_a_replaced_key()
    {
        var replaced = _before.Collaborators[1] with { RootKey = new Bytes([4, .. new byte[64]]) };
        var next = Next() with { Collaborators = [_before.Collaborators[0], replaced] };

        var signers = RequiredSigners.Of(_before, next);

        signers.Select(one => (one.Id, one.RootKey)).Should().BeEquivalentTo(new[]
        {
            ("registry", _before.Collaborators[0].RootKey),
            ("laboratory", _before.Collaborators[1].RootKey),
            ("hospital", _before.Collaborators[2].RootKey),
            ("laboratory", replaced.RootKey),
        });
    }

    [Fact]
    public void Signers_of_version_1_are_its_collaborators() =>
        RequiredSigners.Of(null, _before).Select(one => one.Id).Should().Equal("registry", "laboratory", "hospital");

    private static IEnumerable<string> Problems(Contract after) => ContractRules.CheckAmendment(_before, after).Select(refusal => refusal.Wanted);

    private static Contract Next() => _before with { Version = 2, Previous = DocumentCodec.DigestOf(_before) };

    private static Contract Carrying(Func<Dataset, Dataset> change) => Next() with
    {
        Datasets = _before.Datasets.SetItem(0, change(_before.Datasets[0])),
        CarriesOver = [new CarriedDataset { Dataset = "registry.people", ManifestDigest = Digest.Of("m"u8) }],
    };

    private static Dataset Policy(Dataset dataset, Func<DatasetPolicy, DatasetPolicy> change) => dataset with { Policy = change(dataset.Policy) };

    private static Dataset Rows(Dataset dataset, int most) =>
        Policy(dataset, policy => policy with { Join = policy.Join with { MaxRowsPerUnit = most } });
}
