using System.Collections.Immutable;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Tests.Contracts;

public class RequiredApproversTests
{
    private static readonly Contract _contract = ExampleContracts.Strict();
    private static readonly Digest _mean = DocumentCodec.DigestOf(_contract.Templates[0]);
    private static readonly Digest _events = DocumentCodec.DigestOf(_contract.Templates[1]);

    [Fact]
    public void Of_free_sql_needs_every_owner_of_an_input() =>
        Needs(["registry.people", "laboratory.tests"], "hospital", null).Should().Equal("registry", "laboratory");

    [Fact]
    public void Of_template_spares_owners_who_agreed_to_templates() =>
        Needs(["registry.people", "laboratory.tests"], "hospital", _mean).Should().Equal("laboratory");

    [Fact]
    public void Of_own_dataset_does_not_spare_the_asking_owner() =>
        Needs(["registry.people", "hospital.events"], "hospital", null).Should().Equal("registry", "hospital");

    [Fact]
    public void Of_approval_none_needs_nobody()
    {
        var open = _contract with { Datasets = [.. _contract.Datasets.Select(dataset => dataset with { Policy = dataset.Policy with { Approval = QueryApproval.None } })] };

        RequiredApprovers.Of(open, ["registry.people"], "hospital", null).Value.Should().BeEmpty();
    }

    [Fact]
    public void Of_owner_of_two_inputs_is_needed_when_either_wants_it()
    {
        var second = _contract.Datasets[0] with { Name = "more", Policy = _contract.Datasets[0].Policy with { Approval = QueryApproval.None } };
        var contract = _contract with { Datasets = _contract.Datasets.Add(second) };

        RequiredApprovers.Of(contract, ["registry.people", "registry.more"], "hospital", null).Value
            .Should().ContainSingle().Which.Collaborator.Should().Be("registry");
    }

    [Fact]
    public void Of_quorum_sets_the_number_of_members()
    {
        var contract = _contract with
        {
            Approval = _contract.Approval with { Quorum = [new Quorum { Collaborator = "laboratory", Members = 2 }] },
        };

        RequiredApprovers.Of(contract, ["registry.people", "laboratory.tests"], "hospital", null).Value
            .Select(need => need.Members).Should().Equal(1, 2);
    }

    [Fact]
    public void Of_standing_approval_is_offered_to_its_analyst_and_template_only()
    {
        Standing("registry", _events).Should().NotBeNull();
        Standing("hospital", _events).Should().BeNull();
        Standing("registry", null).Should().BeNull();
    }

    [Fact]
    public void Of_unknown_input_is_refused() =>
        Codes(["registry.nobody"], "hospital", null).Should().Equal(RefusalCode.DatasetUnknown);

    [Fact]
    public void Of_unknown_analyst_is_refused() =>
        Codes(["registry.people"], "stranger", null).Should().Equal(RefusalCode.NotPermitted);

    [Fact]
    public void Of_unknown_template_is_refused() =>
        Codes(["registry.people"], "hospital", Digest.Of("other"u8)).Should().Equal(RefusalCode.QueryRefused);

    [Fact]
    public void Missing_counts_different_members() =>
        Missing(2, Member("laboratory", "ada", 1), Member("laboratory", "bob", 2)).Should().BeEmpty();

    [Fact]
    public void Missing_one_member_twice_counts_once() =>
        Missing(2, Member("laboratory", "ada", 1), Member("laboratory", "ada", 2)).Should().Equal(new MissingApproval("laboratory", 1));

    [Fact]
    public void Missing_one_key_under_two_names_counts_once() =>
        Missing(2, Member("laboratory", "ada", 1), Member("laboratory", "bob", 1)).Should().Equal(new MissingApproval("laboratory", 1));

    [Fact]
    public void Missing_people_linked_through_a_third_signature_count_once() =>
        Missing(2, Member("laboratory", "ada", 1), Member("laboratory", "bob", 2), Member("laboratory", "ada", 2))
            .Should().Equal(new MissingApproval("laboratory", 1));

    [Fact]
    public void Missing_author_never_counts_for_another_collaborator() =>
        Missing(1, Member("laboratory", "ann", 9)).Should().Equal(new MissingApproval("laboratory", 1));

    [Fact]
    public void Missing_one_key_for_two_collaborators_counts_for_neither() =>
        Missing(1, Member("laboratory", "ada", 1), Member("registry", "ada", 1)).Should().Equal(new MissingApproval("laboratory", 1));

    [Fact]
    public void Missing_members_of_others_do_not_count() =>
        Missing(1, Member("registry", "bob", 2)).Should().Equal(new MissingApproval("laboratory", 1));

    // The author is a member of the hospital with key 9.
    private static ImmutableArray<MissingApproval> Missing(int members, params Signatory[] approvals) => ApprovalCount.Missing(
        [new ApproverNeed { Collaborator = "laboratory", Members = members, Standing = null }], Member("hospital", "ann", 9), approvals);

    private static Signatory Member(string collaborator, string name, byte key) => new(collaborator, name, new Bytes([key]));

    private static IEnumerable<string> Needs(string[] datasets, string analyst, Digest? template) =>
        RequiredApprovers.Of(_contract, datasets, analyst, template).Value.Select(need => need.Collaborator);

    private static IEnumerable<RefusalCode> Codes(string[] datasets, string analyst, Digest? template) =>
        RequiredApprovers.Of(_contract, datasets, analyst, template).Refusals.Select(refusal => refusal.Code);

    private static StandingApproval? Standing(string analyst, Digest? template) =>
        RequiredApprovers.Of(_contract, ["hospital.events"], analyst, template).Value.Single().Standing;
}
