using System.Text;
using CleanRoom.Client.Contracts.Drafting;

namespace CleanRoom.Portal.Tests.Drafting;

/// <summary>A new name goes wherever the old one stood, and never onto something else.</summary>
public sealed class DraftNamesTests
{
    [Fact]
    public void Collaborator_is_renamed_as_owner_receiver_analyst_and_partner()
    {
        var before = ContractDraftTests.Nafld();

        var after = DraftNames.RenameCollaborator(before, 2, "clinic")!;

        var text = Encoding.UTF8.GetString(after.Without("/templates").Without("/title").Without("/collaborators/2/name").ToBytes());
        text.Should().NotContain("\"hospital\"").And.Contain("\"owner\":\"clinic\"");
        after.Words("/datasets/0/policy/receivers").Should().Equal("registry", "clinic");
        after.Find("/templates").Should().BeSameAs(before.Find("/templates"), "what a template asks is its author's");
        DraftNames.RenameCollaborator(after, 2, "hospital")!.ToBytes().Should().Equal(before.ToBytes());
    }

    [Fact]
    public void Column_is_renamed_with_its_rules_and_as_the_unit()
    {
        var before = ContractDraftTests.Nafld();

        var after = DraftNames.RenameColumn(before, "/datasets/0", 0, "person")!;

        after.Text("/datasets/0/policy/unit/column").Should().Be("person");
        after.Find("/datasets/0/policy/columns/person").Should().BeSameAs(before.Find("/datasets/0/policy/columns/id"));
        DraftCheck.Of(after).Problems.Should().BeEmpty();
    }

    [Fact]
    public void Name_that_another_has_is_not_taken_so_that_no_rules_are_lost()
    {
        DraftNames.RenameColumn(ContractDraftTests.Nafld(), "/datasets/0", 0, "age").Should().BeNull();
        DraftNames.RenameCollaborator(ContractDraftTests.Nafld(), 0, "hospital").Should().BeNull();
    }

    [Fact]
    public void Column_comes_without_a_use_and_goes_with_its_rules()
    {
        var before = ContractDraftTests.Nafld();

        var after = DraftNames.AddColumn(before, "/datasets/0", "smoker");

        DraftCheck.Of(after).Contract!.Datasets[0].Policy.Columns["smoker"].Uses.Should().BeEmpty();
        DraftNames.RemoveColumn(after, "/datasets/0", 9).ToBytes().Should().Equal(before.ToBytes());
    }

    [Fact]
    public void Tier_dp_comes_with_a_budget_and_unit_with_a_threshold()
    {
        var noisy = DraftStart.WithTier(ContractDraftTests.Nafld(), "/datasets/0", "dp");

        DraftCheck.Of(noisy).Contract!.Datasets[0].Policy.Dp!.Epsilon.Should().Be(1);
        DraftCheck.Of(DraftStart.WithTier(noisy, "/datasets/0", "threshold")).Contract!.Datasets[0].Policy.Dp.Should().BeNull();
        var nobody = DraftStart.WithUnit(ContractDraftTests.Nafld(), "/datasets/0", string.Empty);
        DraftCheck.Of(nobody).Contract!.Datasets[0].Policy.Threshold.MinUnits.Should().Be(0);
        DraftCheck.Of(DraftStart.WithUnit(nobody, "/datasets/0", "id")).Contract!.Datasets[0].Policy.Threshold.MinUnits.Should().Be(50);
    }
}
