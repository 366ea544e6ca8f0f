using CleanRoom.Client.Ledger;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.KeyEncapsulation;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Protocol.Recoveries;

namespace CleanRoom.Client.Recoveries;

/// <summary>What a member needs to take part in a recovery, all of it from a verified copy of the ledger: no node can be asked for it any more.</summary>
/// <remarks>No network. Spec: contracts/spec/0026 s.5.</remarks>
public sealed class RecoveryPlan
{
    private RecoveryPlan(CollaborationState state, CollaboratorShare share, SealedShare own, RecoveryKit kit, Bytes delegation)
    {
        (State, Kit, Delegation, Seal) = (state, kit, delegation, new HpkeCiphertext(own.Enc, own.Ciphertext));
        Commitment = share.Commitment;
        Subject = new RecoveryShareSubject
        {
            Collaboration = state.Collaboration,
            ContractDigest = Set.ContractDigest,
            Set = Set.Set,
            Collaborator = share.Collaborator,
            Index = share.Index,
        };
    }

    /// <summary>Gets the contract in force.</summary>
    public Contract Contract => State.Active!.Contract; // A plan is made of a ledger with one.

    /// <summary>Gets the newest set of shares.</summary>
    public RecoveryShareSet Set => State.RecoverySet!.Shares; // As above.

    /// <summary>Gets the signed note that this member has seen last.</summary>
    public required string Newest { get; init; }

    internal CollaborationState State { get; }

    internal RecoveryKit Kit { get; }

    internal Bytes Delegation { get; }

    internal RecoveryShareSubject Subject { get; }

    internal Digest Commitment { get; }

    internal HpkeCiphertext Seal { get; }

    /// <summary>Finds in a ledger what a member can release.</summary>
    /// <param name="ledger">Verified and folded.</param>
    /// <param name="newest">The newest note that the member has seen of this log, if it is longer than the ledger; else null.</param>
    /// <param name="member">Who releases.</param>
    /// <param name="services">The client's parts.</param>
    /// <returns>The plan; or why nothing is to be recovered: the collaboration has ended, its contract has no <c>recovery.k</c> or is over, no set of shares
    /// was made, or none is sealed to this member.</returns>
    public static Result<RecoveryPlan> Of(LedgerMirror ledger, string? newest, MemberIdentity member, ClientServices services)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(member);
        ArgumentNullException.ThrowIfNull(services);
        var state = ledger.State;
        if (WhyNothing(state, services.Now) is { } nothing)
        {
            return nothing;
        }

        var (set, now) = (state.RecoverySet!, services.Now);
        var own = state.MembersOf(member.Collaborator, now).FirstOrDefault(one => one.Delegation.Member == member.Member);
        var share = set.Shares.Shares.FirstOrDefault(one => one.Collaborator == member.Collaborator);
        var mine = share?.Sealed.FirstOrDefault(one => one.Member == member.Member && one.ReceiveKey == member.Keys.Receive.PublicKey);
        if (own is null || share is null || mine is null)
        {
            return new Refusal(
                RefusalCode.NotPermitted,
                $"a share that is sealed to {member.Name}",
                share is null ? "none for the collaborator" : $"one for {string.Join(", ", share.Sealed.Select(one => $"{share.Collaborator}/{one.Member}"))}");
        }

        return RowProof.Of(ledger, set.Sequence).Then<RecoveryPlan>(proof => new RecoveryPlan(
            state,
            share,
            mine,
            new RecoveryKit
            {
                Genesis = new Bytes(RowCodec.Encode(ledger.Rows[0])),
                Contract = new Bytes(DocumentCodec.Encode(state.Active!.Contract)),
                Shares = new Bytes(RowCodec.Encode(ledger.Rows[(int)set.Sequence])),
                Proof = proof.Path,
                Checkpoint = ledger.Note,
            },
            new Bytes(EnvelopeCodec.Encode(ledger.Rows[(int)own.Sequence].Envelope)))
        {
            Newest = newest ?? ledger.Note,
        });
    }

    private static Refusal? WhyNothing(CollaborationState state, Timestamp now)
    {
        if (state.IsTerminated || state.Active is not { } active)
        {
            return state.WhyNotActive(now);
        }

        if (active.Contract.Recovery.K is null)
        {
            return new(
                RefusalCode.NotPermitted,
                "a contract with recovery.k",
                "one without: after a total loss propose the contract anew, and let every owner upload or grant again from its own keys");
        }

        if (now >= active.Contract.Expires)
        {
            return new(RefusalCode.ContractExpired, $"a time before {active.Contract.Expires}", $"{now}");
        }

        if (state.RecoverySet is { } set && set.Shares.ContractDigest == active.Digest)
        {
            return null;
        }

        var without = RecoverySets.WithoutHolder(state, now);
        return new(
            RefusalCode.Unavailable,
            "recovery shares under the contract in force",
            without.IsEmpty ? "none in this copy of the ledger" : $"none: {string.Join(", ", without)} had no admin or owner with a receive key");
    }
}
