using System.Text;
using CleanRoom.Protocol.Gossip;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Protocol.Tests.Publication;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Protocol.Tests.Gossip;

/// <summary>Two members compare what one node showed each of them.</summary>
public class GossipTests
{
    private static readonly string _vectors = CommittedFiles.Folder("vectors", "gossip");

    [Fact]
    public void Worked_histories_part_and_the_worked_proof_is_theirs()
    {
        var left = SeenHistory.Parse(Committed("left.seen.json"), TestRoom.Services).Value;
        var right = SeenHistory.Parse(Committed("right.seen.json"), TestRoom.Services).Value;

        left.Compare(right, TestRoom.Services).Value.Fork!.Write().Should().Equal(Committed("left-right.fork"));
        right.Compare(left, TestRoom.Services).Value.Fork!.Write().Should().Equal(Committed("left-right.fork"));
        var fork = ForkProof.Parse(Committed("left-right.fork"), TestRoom.Services).Value;
        (fork.Longer, fork.Shorter).Should().Be((left.Checkpoint, right.Checkpoint));
    }

    [Fact(Explicit = true)]
    public void Rewrite_gossip_vectors() => CommittedFiles.Rewrite(_vectors, GossipVectors.All());

    [Fact]
    public void Compare_two_histories_proves_the_fork_whichever_is_one_s_own()
    {
        var (left, right) = (Seen(GossipVectors.Left), Seen(GossipVectors.Right));

        foreach (var fork in new[] { left.Compare(right, TestRoom.Services).Value.Fork!, right.Compare(left, TestRoom.Services).Value.Fork! })
        {
            var read = ForkProof.Parse(fork.Write(), TestRoom.Services).Value;
            read.Longer.Should().Be(left.Checkpoint);
            read.Shorter.Should().Be(right.Checkpoint);
            read.Root.Should().Be(GossipVectors.Left.State.Log.RootAt(right.Checkpoint.Size));
            read.Collaboration.Should().Be(GossipVectors.Left.State.Collaboration);
        }
    }

    [Fact]
    public void Compare_two_histories_of_one_length_proves_the_fork()
    {
        var other = Seen(TestStages.Active.Append(TestPeople.Hal.Sign(TestStages.Active.Suspend("third"))));
        var fork = Seen(GossipVectors.Right).Compare(other, TestRoom.Services).Value.Fork!;

        ForkProof.Parse(fork.Write(), TestRoom.Services).Value.Shorter.Should().Be(other.Checkpoint);
    }

    [Fact]
    public void Compare_with_every_earlier_and_later_state_of_one_log_finds_nothing()
    {
        var own = Seen(TestStages.Active);
        var log = GossipVectors.Left.State.Log;
        for (var size = 1L; size <= log.Size; size++)
        {
            var compared = own.Compare(GossipVectors.Left.Checkpoint(size, log.RootAt(size)), TestRoom.Services).Value;

            compared.Fork.Should().BeNull();
            compared.Other.Size.Should().Be(size);
        }

        own.Compare(Seen(GossipVectors.Left), TestRoom.Services).Value.Should().Be(new Comparison(Seen(GossipVectors.Left).Checkpoint, null));
    }

    [Fact]
    public void Parse_no_two_states_of_one_log_make_a_proof()
    {
        var log = GossipVectors.Left.State.Log;
        var proof = Encoding.UTF8.GetString(GossipVectors.All()["left-right.fork"]);
        var right = GossipVectors.Right.Checkpoint();
        for (var size = 1L; size <= log.Size; size++)
        {
            var honest = GossipVectors.Left.Checkpoint(size, log.RootAt(size));
            var forged = proof.Replace(Escaped(right), Escaped(honest), StringComparison.Ordinal);

            ForkProof.Parse(Encoding.UTF8.GetBytes(forged), TestRoom.Services).Refusals[0].Code.Should().Be(RefusalCode.ProofInvalid);
        }
    }

    [Fact]
    public void Compare_note_that_another_key_signed_proves_nothing()
    {
        using var stranger = TestRandom.Ed25519("stranger");
        var room = GossipVectors.Right.State;
        var forged = CheckpointNote.Build(
            new Checkpoint(room.Collaboration, 3, Digest.Of("fork"u8)),
            new NoteVerifierKey(room.Collaboration, NoteKeyType.Ed25519, stranger.PublicKey.Span),
            data => stranger.Sign(data));

        Seen(GossipVectors.Left).Compare(forged, TestRoom.Services).Refusals[0].Code.Should().Be(RefusalCode.SignatureMissing);
    }

    [Fact]
    public void Compare_note_of_no_row_and_another_room_s_history_are_refused()
    {
        var own = Seen(GossipVectors.Left);
        var other = Seen(TestRoom.Found(TestContracts.First with { Title = "another" }));

        own.Compare(GossipVectors.Left.Checkpoint(0, MerkleTree.EmptyRoot), TestRoom.Services).Refusals[0].Code.Should().Be(RefusalCode.CheckpointInvalid);
        own.Compare(other, TestRoom.Services).Refusals[0].Code.Should().Be(RefusalCode.NotPermitted);
    }

    [Theory]
    [InlineData("refused/one-history.fork", RefusalCode.ProofInvalid)]
    [InlineData("refused/root.fork", RefusalCode.ProofInvalid)]
    [InlineData("refused/path.fork", RefusalCode.ProofInvalid)]
    [InlineData("refused/row0.fork", RefusalCode.RowInvalid)]
    [InlineData("refused/note.fork", RefusalCode.SignatureMissing)]
    public void Parse_worked_failures_are_no_proof(string name, RefusalCode code) =>
        ForkProof.Parse(Committed(name), TestRoom.Services).Refusals[0].Code.Should().Be(code);

    [Theory]
    [InlineData("refused/leaves.seen.json")]
    [InlineData("refused/fewer.seen.json")]
    public void Parse_worked_failures_are_no_history(string name) =>
        SeenHistory.Parse(Committed(name), TestRoom.Services).Refusals[0].Code.Should().Be(RefusalCode.ProofInvalid);

    [Fact]
    public void Parse_any_changed_byte_is_refused_or_changes_nothing_that_counts()
    {
        var proof = GossipVectors.All()["left-right.fork"];
        for (var at = 0; at < proof.Length; at += 7)
        {
            var changed = (byte[])proof.Clone();
            changed[at] ^= 1;
            var read = ForkProof.Parse(changed, TestRoom.Services);
            if (read.TryGet(out var same, out _))
            {
                // A cosignature or an unknown key's line of a note may differ; what is proven may not.
                (same.Longer, same.Shorter).Should().Be((Seen(GossipVectors.Left).Checkpoint, Seen(GossipVectors.Right).Checkpoint), $"byte {at}");
            }
        }
    }

    private static byte[] Committed(string name) => File.ReadAllBytes(Path.Combine(_vectors, name));

    private static SeenHistory Seen(TestRoom room) => SeenHistory.Parse(GossipVectors.Write(room), TestRoom.Services).Value;

    private static string Escaped(string note) => note.Replace("\n", "\\n", StringComparison.Ordinal);
}
