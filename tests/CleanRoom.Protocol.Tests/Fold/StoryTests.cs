using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Protocol.Tests.Fold;

/// <summary>The whole life of a query, row by row.</summary>
public sealed class StoryTests
{
    [Fact]
    public void Story_from_row_0_to_the_receipt_is_accepted()
    {
        var state = TestStages.Receipted.State;
        var run = state.Queries[DocumentCodec.DigestOf(TestStages.Question)].Runs.Should().ContainSingle().Which;

        state.Log.Size.Should().Be(TestStages.Receipted.Rows.Count).And.Be(26);
        state.ActiveContract.Should().Be(DocumentCodec.DigestOf(TestContracts.First));
        state.WhyNotActive(TestStages.Receipted.Now).Should().BeNull();
        state.Nodes.Should().ContainKey(TestNode.First.Key.Id);
        run.Receipt.Should().NotBeNull();
        (run.ChargeSequence, run.ResultSequence, run.ReceiptSequence).Should().Be((23, 24, 25));
    }

    [Fact]
    public void Refold_of_the_same_rows_gives_the_same_root_and_state()
    {
        var again = CollaborationState.Empty;
        foreach (var row in TestStages.Receipted.Rows)
        {
            again = LedgerFold.Apply(again, row, TestRoom.Services).Value;
        }

        again.Log.Root.Should().Be(TestStages.Receipted.State.Log.Root);
        again.Queries.Keys.Should().BeEquivalentTo(TestStages.Receipted.State.Queries.Keys);
        again.ActiveContract.Should().Be(TestStages.Receipted.State.ActiveContract);
    }

    [Fact]
    public void Status_follows_the_query_through_its_life()
    {
        Status(TestStages.Asked).Should().Be(QueryStatus.AwaitingApproval);
        Status(TestStages.Approved).Should().Be(QueryStatus.Approved);
        Status(TestStages.Charged).Should().Be(QueryStatus.Running);
        Status(TestStages.Answered).Should().Be(QueryStatus.Completed);
        Status(TestStages.Charged.Append(TestStages.Charged.ByNode(TestStages.Charged.Failure(TestStages.Question)))).Should().Be(QueryStatus.Failed);
        Status(TestStages.Asked.Append(TestPeople.Hana.Sign(TestStages.Asked.Cancel(TestStages.Question)))).Should().Be(QueryStatus.Stopped);
        Status(TestStages.Asked.Append(TestPeople.Ada.Sign(
            TestStages.Asked.Approval(TestStages.Question, TestStages.Verdict) with { Decision = ApprovalDecision.Refuse }))).Should().Be(QueryStatus.Refused);
    }

    [Fact]
    public void Status_of_a_run_whose_query_was_revoked_is_stopped() =>
        Status(TestStages.Charged.Append(TestPeople.Ada.Sign(
            TestStages.Charged.Revoke(RevocationKind.Query, DocumentCodec.DigestOf(TestStages.Question).ToString())))).Should().Be(QueryStatus.Stopped);

    private static QueryStatus Status(TestRoom room) =>
        QueryStatuses.StatusOf(room.State, room.State.Queries[DocumentCodec.DigestOf(TestStages.Question)], room.Now);
}
