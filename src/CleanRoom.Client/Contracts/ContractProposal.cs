using System.Collections.Immutable;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Client.Contracts;

/// <summary>Begins a collaboration: the first proposal to a node that satisfies it.</summary>
public static class ContractProposal
{
    /// <summary>Verifies the node, proposes, and opens the room that comes of it.</summary>
    /// <param name="services">The client's parts.</param>
    /// <param name="address">Where a node answers.</param>
    /// <param name="contract">Version 1, which the proposer signs by this.</param>
    /// <param name="proposer">An admin or owner.</param>
    /// <param name="delegations">Signed delegations, the proposer's among them.</param>
    /// <param name="memory">Gets the new collaboration's record.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <returns>The open room, whose ledger names this contract; or what is wrong with contract, node or answer.</returns>
    public static async Task<Result<RoomClient>> ProposeAsync(
        ClientServices services,
        RoomAddress address,
        Contract contract,
        MemberIdentity proposer,
        ImmutableArray<Envelope> delegations,
        IRoomMemory memory,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(proposer);
        ArgumentNullException.ThrowIfNull(memory);
        if (ContractRules.Check(contract) is { IsEmpty: false } problems)
        {
            return problems;
        }

        var answer = await NodeQuestion.AskForAdmissionAsync(services, address, contract, cancellationToken);
        if (!answer.Then(node => RoomLink.Open(services, address, node)).TryGet(out var link, out var refusals))
        {
            return refusals;
        }

        var signed = await EnvelopeSigner.SignAsync(proposer.Keys.Sign, contract, cancellationToken);
        var request = ApiRequest.Post(
            ApiRoutes.Collaborations,
            new ProposeRequest
            {
                Contract = new Bytes(EnvelopeCodec.Encode(signed)),
                Delegations = [.. delegations.Select(delegation => new Bytes(EnvelopeCodec.Encode(delegation)))],
            },
            ApiJsonContext.Default.ProposeRequest);
        var proposed = await link.CallAsync(request with { NeedsSession = false }, ApiJsonContext.Default.ProposeResponse, cancellationToken);
        if (!proposed.TryGet(out var started, out refusals))
        {
            return refusals;
        }

        if (!Digest.TryParse(started.Collaboration, out _))
        {
            return new Refusal(RefusalCode.DocumentInvalid, "a collaboration id of 64 lower-case hex digits", $"{started.Collaboration.Length} characters");
        }

        // The id is the node's word until row 0 has been read: it commits to the contract's digest, and opening compares both.
        return await memory.SaveAsync(RoomRecord.Invited(started.Collaboration, contract), cancellationToken) is { } notKept
            ? notKept
            : await RoomClient.OpenAsync(services, address, started.Collaboration, proposer, memory, cancellationToken);
    }
}
