using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Protocol.Fold;

/// <summary>One row on its way into a state: the state before it, and its verified signer where there is one.</summary>
internal sealed record FoldInput(CollaborationState State, LedgerRow Row, FoldServices Services)
{
    public Timestamp Time => Row.Time;

    public long Sequence => Row.Sequence;

    public Digest PayloadDigest => Row.Envelope.PayloadDigest;

    /// <summary>Verifies a signature by a bare ES256 key, as root keys and nodes have.</summary>
    public Result<VerifiedSignature> SignedByEs256(Bytes publicKey) =>
        EnvelopeVerifier.Verify(Row.Envelope, Row.Envelope.Signatures[0], publicKey, Services.Signatures);

    /// <summary>Finds and verifies the member that signed; the delegation must be in force at row time.</summary>
    public Result<MemberState> SigningMember()
    {
        var keyId = Row.Envelope.Signatures[0].KeyId;
        if (!State.Members.TryGetValue(keyId, out var member))
        {
            return new Refusal(RefusalCode.SignatureUnknownKey, "a signature by a delegated member", $"key {keyId.Abbreviated}");
        }

        if (member.WhyNotValid(Time) is { } refusal)
        {
            return refusal;
        }

        return EnvelopeVerifier.Verify(Row.Envelope, Row.Envelope.Signatures[0], member.Delegation.Sign, Services.Signatures)
            .Then(_ => Result.Accept(member));
    }

    /// <summary>As <see cref="SigningMember()"/>, and the member has one of the roles in a collaborator of the contract in force.</summary>
    public Result<MemberState> SigningMember(params MemberRole[] roles) => SigningMember().Then<MemberState>(member =>
    {
        if (State.Active?.IsMember(member) == false)
        {
            return new Refusal(RefusalCode.NotPermitted, "a member of a collaborator of the contract in force", member.Name);
        }

        return member.Has(roles)
            ? member
            : new Refusal(RefusalCode.RoleMissing, $"role {string.Join(" or ", roles.Select(r => r.ToString().ToLowerInvariant()))}", member.Name);
    });

    /// <summary>Finds and verifies the admitted node that signed.</summary>
    public Result<NodeState> SigningNode()
    {
        var keyId = Row.Envelope.Signatures[0].KeyId;
        if (!State.Nodes.TryGetValue(keyId, out var node))
        {
            return new Refusal(RefusalCode.SignatureUnknownKey, "a signature by an admitted node", $"key {keyId.Abbreviated}");
        }

        if (State.RevokedMeasurements.Contains(node.Measurement))
        {
            return new Refusal(RefusalCode.Revoked, "a node whose measurement stands", $"measurement {node.Measurement}");
        }

        if (node.LapsedSequence is { } lapsed)
        {
            return new Refusal(RefusalCode.EvidenceNotAccepted, "a node that the contract in force accepts", $"one that lapsed at row {lapsed}");
        }

        if (!node.Endorsements.IsEmpty && EndorsementsInForce(node).IsEmpty)
        {
            return new Refusal(RefusalCode.EvidenceNotAccepted, "a node whose code endorsement is in force", $"none at {Time}");
        }

        return SignedByEs256(node.SigningKey).Then(_ => Result.Accept(node));
    }

    /// <summary>Returns the code endorsements by which a node is accepted at row time; empty where the contract itself accepts it.</summary>
    public ImmutableArray<Digest> EndorsementsInForce(NodeState node) =>
        [.. node.Endorsements.Where(digest => State.Endorsements[digest].Endorsement.IsInForce(Time))];

    /// <summary>An older checkpoint of this log is fine; one of another log, or longer than this one, is proof of a fork or a rollback.</summary>
    /// <remarks>
    /// Comes before whatever else may be wrong with a statement: a log that was rolled back knows neither the query nor the
    /// contract that the statement is about, and the note is proof by itself.
    /// </remarks>
    public Result<Checkpoint> ConsistentCheckpoint(string note)
    {
        var genesis = State.Genesis!; // Not null: row 0 is one.
        var log = State.Log;
        return CheckpointNote.Verify(note, genesis.Collaboration, genesis.CheckpointKey.Span, Services.Signatures)
            .Then<Checkpoint>(checkpoint => log.Holds(checkpoint)
                ? checkpoint
                : new Refusal(
                    RefusalCode.CheckpointInconsistent,
                    $"a checkpoint of this log, {log.Size} rows with root {log.Root.Abbreviated}",
                    $"{checkpoint.Size} rows with root {checkpoint.Root.Abbreviated}"));
    }

    /// <summary>Refuses a statement that was made for another collaboration.</summary>
    public Refusal? WrongCollaboration(string collaboration) => collaboration == State.Collaboration
        ? null
        : new(RefusalCode.NotPermitted, $"collaboration {State.Collaboration}", $"collaboration {collaboration}");

    /// <summary>Refuses a statement that was made under another contract version than the one in force.</summary>
    public Refusal? WrongContract(Digest contractDigest) => State.WhyNotActive(Time)
        ?? (contractDigest == State.ActiveContract
            ? null
            : new(RefusalCode.ContractConflict, $"the contract in force, {State.ActiveContract?.Abbreviated}", contractDigest.Abbreviated));
}
