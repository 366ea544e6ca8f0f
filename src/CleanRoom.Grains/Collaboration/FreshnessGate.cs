using System.Collections.Immutable;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Keys.Handover;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Grains.Collaboration;

/// <summary>Decides, after a start, when the log is known to be the newest. Pure but for <see cref="RoomKeys"/>. Spec: contracts/spec/0005 s.8.</summary>
internal static class FreshnessGate
{
    /// <summary>How far the node's clock may lie behind a witness's before the node refuses to go on.</summary>
    private static readonly TimeSpan _clockTolerance = TimeSpan.FromMinutes(5);

    /// <summary>Returns the collaborators whose witness must answer: the owners of protected datasets.</summary>
    /// <remarks>
    /// Before a contract is in force the founding one counts: a log that is cut before the signatures would else be taken for a new room,
    /// and whoever kept the statements could bring them again and spend every budget a second time.
    /// </remarks>
    public static IEnumerable<string> Needed(CollaborationState state) => state.ActiveOrFounding is { Contract: { Rollback: RollbackDefence.Witnesses } contract }
        ? contract.Datasets.Where(dataset => dataset.Policy.Unit is not null).Select(dataset => dataset.Owner).Distinct(StringComparer.Ordinal)
        : [];

    /// <summary>Returns those of <see cref="Needed"/> whose witness has not answered this start, in order.</summary>
    public static ImmutableArray<string> Missing(CollaborationState state, RoomKeys room) =>
        [.. Needed(state).Where(collaborator => !room.Witnessed.ContainsKey(collaborator)).Order(StringComparer.Ordinal)];

    /// <summary>Says what would show that the log is the newest.</summary>
    public static string Proof(RoomKeys room, ImmutableArray<string> missing) => missing.IsEmpty
        ? room.Counter.Why is { } why ? $"{why.Wanted}; got {why.Got}" : "the counter of this machine"
        : $"the witnesses of {string.Join(", ", missing)}";

    /// <summary>Refuses a statement while the log is not known to be the newest.</summary>
    public static Refusal NotFresh(RoomKeys room, ImmutableArray<string> missing) => missing.IsEmpty && room.Counter.Why is { } why
        ? why
        : new(RefusalCode.ReadOnly, $"{Proof(room, missing)} for this start of the node", "no answer yet");

    /// <summary>Says whether a statement is taken while witnesses are waited for.</summary>
    /// <remarks>
    /// An owner whose only witness is revoked or expired could never answer, and the room would stay locked for good: a delegation by a root
    /// key is taken while the room waits. It speaks for that owner alone; every other owner's witness must still know this log.
    /// </remarks>
    public static bool MayBringWitness(CollaborationState state, Envelope envelope, Refusal refusal) =>
        refusal.Code == RefusalCode.ReadOnly && !CounterGate.IsWanted(state) && DocumentCodec.Parse<Delegation>(envelope.Payload.Span).IsAccepted;

    /// <summary>Says whether this start has shown, as the contract demands, that the log is the newest. What a counter says is not asked here.</summary>
    public static bool IsProven(CollaborationState state, RoomKeys room) => state.ActiveOrFounding?.Contract.Rollback switch
    {
        RollbackDefence.None => true,
        RollbackDefence.Witnesses => Needed(state).All(room.Witnessed.ContainsKey),
        _ => false,
    };

    /// <summary>Compares a log with what live peers have seen of it.</summary>
    /// <returns>Null, or <see cref="RefusalCode.CheckpointInconsistent"/>: two nodes of the cluster saw different logs. A longer one is no matter of this.</returns>
    public static Refusal? WhyForked(CollaborationState state, IEnumerable<Vouch> vouches) => vouches
        .Where(vouch => vouch.Seen.Size is > 0 and var size && size <= state.Log.Size && state.Log.RootAt(size) != vouch.Seen.Root)
        .Select(vouch => new Refusal(
            RefusalCode.CheckpointInconsistent,
            $"a log that goes on from what a peer saw: {vouch.Seen.Size} rows with root {vouch.Seen.Root}",
            $"{vouch.Seen.Size} rows with root {state.Log.RootAt(vouch.Seen.Size)}"))
        .FirstOrDefault();

    /// <summary>Takes one answer.</summary>
    /// <returns>Null when it counts, or the refusal. <see cref="RefusalCode.CheckpointInconsistent"/> is proof of a fork or rollback.</returns>
    public static Refusal? Take(
        CollaborationState state, RoomKeys room, FreshnessWitness witness, ReadOnlySpan<byte> signature, ISignatureVerifier verifier, Timestamp now)
    {
        if (witness.Collaboration != state.Collaboration || witness.BootNonce != room.BootNonce)
        {
            return new(RefusalCode.Replayed, "a witness's answer to this start of the node", "an answer to another");
        }

        var member = state.MembersOf(witness.Collaborator, now).FirstOrDefault(m => m.Delegation.Member == witness.Member);
        if (member?.Delegation.WitnessKey is not { } key || !member.Has(MemberRole.Owner, MemberRole.Auditor) || state.ActiveOrFounding?.IsMember(member) != true)
        {
            return new(RefusalCode.RoleMissing, "an owner or auditor with a witness key", $"{witness.Collaborator}/{witness.Member}");
        }

        if (!verifier.VerifyEd25519(key.Span, witness.SignedBytes(), signature))
        {
            return new(RefusalCode.SignatureInvalid, $"a signature by the witness key of {member.Name}", "another");
        }

        return CheckCheckpoint(state, witness, member, key, verifier, now);
    }

    private static Refusal? CheckCheckpoint(
        CollaborationState state, FreshnessWitness witness, MemberState member, Bytes key, ISignatureVerifier verifier, Timestamp now)
    {
        var genesis = state.Genesis!;
        var note = CheckpointNote.Verify(witness.Checkpoint, genesis.Collaboration, genesis.CheckpointKey.Span, verifier);
        if (!note.TryGet(out var checkpoint, out var invalid))
        {
            return invalid[0];
        }

        if (!Cosignature.Verify(witness.Checkpoint, member.Name, key.Span, verifier).TryGet(out var cosignedAt, out var unsigned))
        {
            return unsigned[0];
        }

        if (now.Plus(_clockTolerance) < cosignedAt)
        {
            return new(RefusalCode.ClockWrong, $"a clock at most 5 minutes behind {member.Name}, {cosignedAt}", $"{now}");
        }

        return state.Log.Holds(checkpoint)
            ? null
            : new(
                RefusalCode.CheckpointInconsistent,
                $"a log that holds the checkpoint of {member.Name}: {checkpoint.Size} rows with root {checkpoint.Root}",
                $"{state.Log.Size} rows with root {state.Log.Root}");
    }
}
