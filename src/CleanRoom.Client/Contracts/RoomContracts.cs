using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Endorsements;

namespace CleanRoom.Client.Contracts;

/// <summary>A member's part in the contract of a room. Spec: contracts/spec/0002, 0005 s.7.</summary>
public sealed class RoomContracts(RoomClient room)
{
    /// <summary>Signs a proposal. The member signs the very contract that it was shown, or nothing.</summary>
    /// <param name="contract">What the member has read.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public async Task<Result<StatementResponse>> SignAsync(Contract contract, CancellationToken cancellationToken)
    {
        var digest = DocumentCodec.DigestOf(contract);
        if (!(await room.RefreshAsync(cancellationToken)).TryGet(out _, out var refusals))
        {
            return refusals;
        }

        return room.State.Contracts.ContainsKey(digest)
            ? await room.AppendAsync(contract, cancellationToken)
            : new Refusal(RefusalCode.ContractConflict, $"a proposal in the ledger with digest {digest.Abbreviated}", Proposals());
    }

    /// <summary>Proposes the next version and signs it.</summary>
    public async Task<Result<StatementResponse>> AmendAsync(Contract next, CancellationToken cancellationToken)
    {
        if (ContractRules.Check(next) is { IsEmpty: false } problems)
        {
            return problems;
        }

        if (!(await room.RefreshAsync(cancellationToken)).TryGet(out _, out var refusals))
        {
            return refusals;
        }

        if (room.State.Active is not { } active)
        {
            return new Refusal(RefusalCode.ContractNotActive, "a contract in force to amend", "none");
        }

        return ContractRules.CheckAmendment(active.Contract, next) is { IsEmpty: false } wrong
            ? wrong
            : await room.AppendAsync(next, cancellationToken);
    }

    /// <summary>Stops everything, alone and at once.</summary>
    public Task<Result<StatementResponse>> SuspendAsync(string reason, CancellationToken cancellationToken) => ActAsync(
        digest => new Suspend { Collaboration = room.Collaboration, ContractDigest = digest, Reason = reason, Nonce = Nonces.Fresh() },
        cancellationToken);

    /// <summary>Votes to end the suspension in force.</summary>
    public Task<Result<StatementResponse>> ResumeAsync(CancellationToken cancellationToken) => ActAsync(
        digest => room.State.Suspension is { } suspension
            ? new Resume { Collaboration = room.Collaboration, ContractDigest = digest, SuspendSequence = suspension.Sequence, Nonce = Nonces.Fresh() }
            : new Refusal(RefusalCode.ContractConflict, "a suspension in force", "none"),
        cancellationToken);

    /// <summary>Votes to end the collaboration and to destroy its keys.</summary>
    public Task<Result<StatementResponse>> TerminateAsync(string reason, CancellationToken cancellationToken) => ActAsync(
        digest => new Terminate { Collaboration = room.Collaboration, ContractDigest = digest, Reason = reason, Nonce = Nonces.Fresh() },
        cancellationToken);

    /// <summary>Takes a measurement back: no node with it may go on. For an owner.</summary>
    /// <param name="measurement">Lower-case hex.</param>
    /// <param name="reason">In words, for the other collaborators.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public Task<Result<StatementResponse>> RevokeMeasurementAsync(string measurement, string reason, CancellationToken cancellationToken) =>
        room.RevokeAsync(RevocationKind.Measurement, measurement, reason, cancellationToken);

    /// <summary>Brings a code endorsement that all code endorsers have signed. For an admin or owner.</summary>
    /// <param name="encoded">The encoded envelope of a <see cref="CodeEndorsement"/>. Trust: whoever handed it over; it is held against the contract in force first.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public async Task<Result<StatementResponse>> EndorseAsync(Bytes encoded, CancellationToken cancellationToken)
    {
        if (!(await room.RefreshAsync(cancellationToken)).TryGet(out _, out var refusals))
        {
            return refusals;
        }

        return room.State.Active is not { } active
            ? new Refusal(RefusalCode.ContractNotActive, "a contract in force that names code endorsers", "none")
            : EndorsementVerifier.Verify(encoded.Span, room.Collaboration, active.Contract, room.Services.Fold.Signatures).TryGet(out _, out refusals)
            ? await room.AppendAsync(new CodeAdmission { Collaboration = room.Collaboration, Endorsement = encoded }, cancellationToken)
            : refusals;
    }

    private async Task<Result<StatementResponse>> ActAsync(Func<Digest, Result<Document>> statement, CancellationToken cancellationToken)
    {
        if (!(await room.RefreshAsync(cancellationToken)).TryGet(out _, out var refusals)
            || !statement(room.Mirror.Contract!.Digest).TryGet(out var document, out refusals))
        {
            return refusals;
        }

        return await room.AppendAsync(document, cancellationToken);
    }

    private string Proposals() =>
        string.Join(", ", room.State.Contracts.Values.OrderBy(proposal => proposal.Sequence).Select(proposal => proposal.Digest.Abbreviated));
}
