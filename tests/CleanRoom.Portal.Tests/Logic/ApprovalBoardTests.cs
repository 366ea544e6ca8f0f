using CleanRoom.Client.Queries;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;
using static CleanRoom.TestKit.Collaborations.TestPeople;

namespace CleanRoom.Portal.Tests.Logic;

/// <summary>Whose signature on a query is there and whose is wanted; the laboratory of the kit signs with four eyes.</summary>
public sealed class ApprovalBoardTests
{
    private static readonly Digest _question = DocumentCodec.DigestOf(TestStages.Question);

    [Fact]
    public void Two_people_are_wanted_and_one_signature_leaves_one()
    {
        var asked = Of(TestStages.Asked);
        (asked.Wanted, asked.Missing, asked.Given.Length).Should().Be((2, 2, 0));
        asked.MayStill.Select(member => member.Name).Should().Equal("laboratory/lea", "laboratory/leo");

        var half = Of(Half());
        (half.Wanted, half.Missing).Should().Be((2, 1));
        half.Given.Should().ContainSingle().Which.Should().Be(new GivenApproval(Lea.Signatory, Counts: true, IsByRule: false));
        half.MayStill.Select(member => member.Name).Should().Equal("laboratory/leo");
        Of(TestStages.Approved).Missing.Should().Be(0);
    }

    [Fact]
    public void Same_key_and_same_person_are_refused_a_second_time_in_words()
    {
        var half = Of(Half());

        ApprovalBoard.WhyNotAgain(half, Leo.Signatory).Should().BeNull();
        ApprovalBoard.WhyNotAgain(half, Lea.Signatory)!.Should().Match<Refusal>(refusal =>
            refusal.Code == RefusalCode.Replayed && refusal.Wanted.Contains("another person of laboratory") && refusal.Got == "the key that has signed already, as laboratory/lea");
        ApprovalBoard.WhyNotAgain(half, Leo.Signatory with { SignKey = Lea.Key.PublicKey })!.Got.Should().Contain("the key that has signed already", "another name hides no key");
        ApprovalBoard.WhyNotAgain(half, Lea.Signatory with { SignKey = Leo.Key.PublicKey })!.Got.Should().Be("laboratory/lea a second time");
        TestStages.Asked.State.Queries[_question].Decisions.Should().BeEmpty();
        FluentActions.Invoking(() => Half().Append(Lea.Sign(TestStages.Asked.Approval(TestStages.Question, TestStages.Verdict, "lea again")))).Should().Throw<Exception>("the ledger says the same")
            .WithMessage("*Replayed*");
    }

    [Fact]
    public void Signature_of_a_revoked_person_is_shown_and_counts_no_longer()
    {
        var owner = Of(Half().Append(Lea.Revoke()));

        (owner.Missing, owner.Given.Single().Counts).Should().Be((2, false));
        owner.MayStill.Select(member => member.Name).Should().Equal("laboratory/leo");
        ApprovalBoard.WhyNotAgain(owner, Leo.Signatory).Should().BeNull();
    }

    private static TestRoom Half() => TestStages.Asked.Append(Lea.Sign(TestStages.Asked.Approval(TestStages.Question, TestStages.Verdict, "lea")));

    private static OwnerApprovals Of(TestRoom room) => ApprovalBoard
        .Of(room.State, room.State.Queries[_question], DocumentCodec.DigestOf(TestStages.Verdict), room.Now).Single(owner => owner.Collaborator == "laboratory");
}
