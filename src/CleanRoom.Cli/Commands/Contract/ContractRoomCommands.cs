using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Contracts;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Cli.Commands.Contract;

/// <summary><c>cleanroom contract propose|sign|amend|suspend|resume|terminate</c>: what parties do with a contract in a room.</summary>
internal static class ContractRoomCommands
{
    private const string Ended =
        "keep the ledger while the node still runs (log audit URL --out log.json), then check that the keys are erased (log destruction URL --ledger log.json)";

    private static readonly Argument<FileInfo> _file = new("file") { Description = "The contract, as you have read it." };

    private static readonly Option<string> _to = new("--to") { Description = "Where a node answers: http(s)://host[:port].", Required = true };

    private static readonly Option<FileInfo[]> _delegations =
        StrictOptions.Several<FileInfo>("--delegation", "Signed delegations, the proposer's among them.", required: true);

    private static readonly Option<string> _reason = new("--reason") { Description = "Why, for the other collaborators.", Required = true };

    public static IEnumerable<Command> Create(CliHost host) =>
    [
        Verb.Create(
            host, "propose", "Verifies a node against the contract, proposes it there and signs it.",
            [_file, _to, _delegations, CommonOptions.As, CommonOptions.PassphraseFile], ProposeAsync),
        Verb.Create(
            host, "sign", "Signs the proposal in the room that is exactly this contract.", [_file, .. CommonOptions.Acting],
            (context, cancel) => InputFiles.ReadContract(context.Require(_file)).TryGet(out var contract, out var refusals)
                ? ActAsync(context, room => new RoomContracts(room).SignAsync(contract, cancel), "signed", cancel)
                : Task.FromResult<Result<VerbAnswer>>(refusals)),
        Verb.Create(
            host, "amend", "Proposes the next version and signs it.", [_file, .. CommonOptions.Acting],
            (context, cancel) => InputFiles.ReadContract(context.Require(_file)).TryGet(out var contract, out var refusals)
                ? ActAsync(context, room => new RoomContracts(room).AmendAsync(contract, cancel), "proposed the next version and signed it", cancel)
                : Task.FromResult<Result<VerbAnswer>>(refusals)),
        Verb.Create(
            host, "suspend", "Stops everything, alone and at once.", [_reason, .. CommonOptions.Acting],
            (context, cancel) => ActAsync(context, room => new RoomContracts(room).SuspendAsync(context.Require(_reason), cancel), "suspended", cancel)),
        Verb.Create(
            host, "resume", "Votes to go on; it takes all.", [.. CommonOptions.Acting],
            (context, cancel) => ActAsync(context, room => new RoomContracts(room).ResumeAsync(cancel), "voted to resume", cancel)),
        Verb.Create(
            host, "terminate", "Votes to end the collaboration and destroy its keys; it takes all.", [_reason, .. CommonOptions.Acting],
            (context, cancel) => ActAsync(context, room => new RoomContracts(room).TerminateAsync(context.Require(_reason), cancel), "voted to terminate", cancel)),
    ];

    private static async Task<Result<VerbAnswer>> ProposeAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (!InputFiles.ReadContract(context.Require(_file)).TryGet(out var contract, out var refusals)
            || !RoomAddress.Parse(context.Require(_to)).TryGet(out var address, out refusals)
            || !ReadDelegations(context).TryGet(out var delegations, out refusals)
            || !(await KeyRing.OpenMemberAsync(context, cancellationToken)).TryGet(out var member, out refusals))
        {
            return refusals;
        }

        using (member.Keys)
        {
            var memory = new FileRoomMemory(context.Profile);
            var proposed = await ContractProposal.ProposeAsync(
                context.Host.Services, address, contract, member, delegations, memory, cancellationToken);
            if (!proposed.TryGet(out var room, out refusals))
            {
                return refusals;
            }

            return memory.SaveAddress(room.Collaboration, address) is { } notKept
                ? notKept
                : VerbAnswer.Of(
                    Describe(room),
                    $"the node at {address} has made collaboration {room.Collaboration}",
                    "invite the others with: cleanroom member invite --out FILE");
        }
    }

    private static Task<Result<VerbAnswer>> ActAsync(
        VerbContext context, Func<RoomClient, Task<Result<StatementResponse>>> act, string words, CancellationToken cancellationToken) =>
        RoomSession.RunAsync(
            context,
            async room => (await act(room)).Then<VerbAnswer>(appended =>
            {
                var json = Describe(room);
                json["sequence"] = appended.Sequence;
                var line = $"{room.Member.Name} {words} in row {appended.Sequence}; {StateInWords(context, room)}";
                return room.State.IsTerminated ? VerbAnswer.Of(json, line, Ended) : VerbAnswer.Of(json, line);
            }),
            cancellationToken);

    private static JsonObject Describe(RoomClient room) => new()
    {
        ["collaboration"] = room.Collaboration,
        ["contractDigest"] = room.Mirror.Contract?.Digest.ToString(),
        ["state"] = StateWord(room),
    };

    private static string StateWord(RoomClient room) => room.State switch
    {
        { IsTerminated: true } => "terminated",
        { Suspension: not null } => "suspended",
        { Active: not null } => "active",
        _ => "proposed",
    };

    private static string StateInWords(VerbContext context, RoomClient room) =>
        room.State.WhyNotActive(context.Host.Now) is { } why ? $"the contract is not in force: {why}" : "the contract is in force";

    private static Result<ImmutableArray<Envelope>> ReadDelegations(VerbContext context)
    {
        var delegations = ImmutableArray.CreateBuilder<Envelope>();
        foreach (var file in context.Require(_delegations))
        {
            var read = InputFiles.ReadEnvelope(file)
                .Then(envelope => InputFiles.Named(file, DocumentCodec.Parse<Delegation>(envelope.Payload.Span)).Then(_ => Result.Accept(envelope)));
            if (!read.TryGet(out var envelope, out var refusals))
            {
                return refusals;
            }

            delegations.Add(envelope);
        }

        return delegations.ToImmutable();
    }
}
