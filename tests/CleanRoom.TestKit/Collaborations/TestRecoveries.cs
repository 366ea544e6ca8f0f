using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Recoveries;

namespace CleanRoom.TestKit.Collaborations;

/// <summary>The documents of a recovery, right for the room's state but for the sealed bytes, which no fold opens.</summary>
public static class TestRecoveries
{
    /// <summary>Gets a contract in which any two of the three collaborators restore the keys.</summary>
    public static Contract Contract { get; } = TestContracts.First with { Recovery = new RecoveryRules { K = 2 } };

    /// <summary>Returns the set that a node ought to make now.</summary>
    public static RecoveryShareSet Shares(this TestRoom room, string name = "set") => new()
    {
        Collaboration = room.State.Collaboration,
        ContractDigest = room.ContractDigest,
        K = room.Contract.Recovery.K ?? 2,
        Set = TestRandom.Nonce(name),
        Shares = [.. room.Contract.Collaborators.Select((collaborator, place) => Share(room, collaborator.Id, place + 1))],
    };

    /// <summary>Returns the binding of a node that asks for shares.</summary>
    public static Binding RecoveryBinding(this TestRoom room, TestNode node, string asker) =>
        room.RoomBinding(node) with { Purpose = BindingPurpose.Recovery, Nonce = TestRandom.Bytes($"asker {asker}", 32) };

    /// <summary>Returns what a member signs when it releases its share to a node.</summary>
    public static RecoveryStatement Statement(this TestRoom room, TestMember member, Binding binding) => new()
    {
        Collaboration = room.State.Collaboration,
        ContractDigest = room.ContractDigest,
        Set = room.State.RecoverySet!.Shares.Set,
        Collaborator = member.Collaborator,
        Member = member.Member,
        BindingDigest = DocumentCodec.DigestOf(binding),
        ReleaseDigest = Digest.Of("sealed share"u8),
        Reason = "the machine burned down",
        Checkpoint = room.Checkpoint(),
        Expires = room.Now.Plus(TimeSpan.FromHours(23)),
        Nonce = TestRandom.Nonce($"release {member.Member}"),
    };

    /// <summary>Returns the release of a member to a node, changed before it is signed.</summary>
    public static RecoveryRelease Release(
        this TestRoom room, TestMember member, TestNode node, Func<RecoveryStatement, RecoveryStatement>? change = null, Func<Binding, Binding>? other = null)
    {
        var binding = room.RecoveryBinding(node, member.Member);
        binding = other?.Invoke(binding) ?? binding;
        var statement = room.Statement(member, binding);
        var signed = member.Sign(change?.Invoke(statement) ?? statement);
        return new RecoveryRelease { Statement = new Bytes(EnvelopeCodec.Encode(signed)), Binding = binding };
    }

    /// <summary>Returns the record of a restoration.</summary>
    public static Recovery Recovery(this TestRoom room, params ImmutableArray<RecoveryRelease> releases) => new()
    {
        Collaboration = room.State.Collaboration,
        ContractDigest = room.ContractDigest,
        Set = room.State.RecoverySet!.Shares.Set,
        Releases = releases,
    };

    private static CollaboratorShare Share(TestRoom room, string collaborator, int index) => new()
    {
        Collaborator = collaborator,
        Index = index,
        Commitment = TestCommitment(collaborator),
        Sealed =
        [
            .. RecoverySets.HoldersOf(room.State, collaborator, room.Now).Select(holder => new SealedShare
            {
                Member = holder.Delegation.Member,
                ReceiveKey = holder.Delegation.ReceiveKey!.Value,
                Enc = Es256TestKey.Named("ephemeral").PublicKey,
                Ciphertext = TestRandom.Bytes($"sealed share {index}", 80),
            }),
        ],
    };

    private static Digest TestCommitment(string collaborator) => Digest.Of(TestRandom.Bytes($"commitment {collaborator}", 32).Span);
}
