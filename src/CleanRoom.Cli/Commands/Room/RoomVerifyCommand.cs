using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Cli.Commands.Attest;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Endorsements;

namespace CleanRoom.Cli.Commands.Room;

/// <summary><c>cleanroom room verify URL</c>, and the verb beside it: fresh evidence, appraised, and in words what was proven.</summary>
internal static class RoomVerifyCommand
{
    private static readonly Argument<string> _url = new("url") { Description = "Where the room answers: http(s)://host[:port]." };

    private static readonly Option<FileInfo?> _contract = new("--contract") { Description = "The contract whose policy counts. Default: the room's that the profile knows." };

    private static readonly Option<FileInfo?> _save = new("--save") { Description = "Writes the evidence, for attest verify." };

    public static Command Create(CliHost host) => new("room", "The node that answers, and what it is.")
    {
        Verb.Create(
            host, "verify", "Fetches evidence over a fresh nonce, appraises it and says what was proven.",
            [_url, _contract, CommonOptions.Room, _save], RunAsync),
        RoomEndorseCommand.Create(host),
    };

    private static async Task<Result<VerbAnswer>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (!RoomAddress.Parse(context.Require(_url)).TryGet(out var address, out var refusals)
            || !(await AskAsync(context, address, cancellationToken)).TryGet(out var evidence, out refusals))
        {
            return refusals;
        }

        if (context.Get(_save) is { } file && InputFiles.Write(file, DocumentCodec.Encode(evidence.Attestation)) is { } notWritten)
        {
            return notWritten;
        }

        var answer = ResultReport.Of(evidence.Result, Words(address, evidence));
        answer.Json["codeEndorsement"] = evidence.Endorsement is { } by ? JsonOf(by) : null;
        return answer;
    }

    /// <summary>Asks about the room that is named or has the contract; else about the node alone.</summary>
    private static async Task<Result<NodeEvidence>> AskAsync(VerbContext context, RoomAddress address, CancellationToken cancellationToken)
    {
        var memory = new FileRoomMemory(context.Profile);
        RoomRecord? known = null;
        if (context.Get(CommonOptions.Room) is { } prefix)
        {
            if (!memory.Find(prefix).TryGet(out var id, out var refusals) || !(await memory.LoadAsync(id, cancellationToken)).TryGet(out known, out refusals))
            {
                return refusals;
            }
        }
        else
        {
            known = await KnownAtAsync(context, memory, address, cancellationToken);
        }

        if (context.Get(_contract) is { } file)
        {
            if (!InputFiles.ReadContract(file).TryGet(out var contract, out var refusals))
            {
                return refusals;
            }

            return known is null
                ? Evidence(await NodeQuestion.AskForAdmissionAsync(context.Host.Services, address, contract, cancellationToken))
                : Evidence(await NodeQuestion.AskAsync(context.Host.Services, address, known with { Contract = contract }, cancellationToken));
        }

        return known is null
            ? await NodeQuestion.AskForEvidenceAsync(context.Host.Services, address, cancellationToken)
            : Evidence(await NodeQuestion.AskAsync(context.Host.Services, address, known, cancellationToken));
    }

    private static async Task<RoomRecord?> KnownAtAsync(
        VerbContext context, FileRoomMemory memory, RoomAddress address, CancellationToken cancellationToken)
    {
        foreach (var id in context.Profile.Collaborations())
        {
            if (memory.LoadAddress(id).TryGet(out var at, out _) && at == address
                && (await memory.LoadAsync(id, cancellationToken)).TryGet(out var record, out _))
            {
                return record;
            }
        }

        return null;
    }

    private static Result<NodeEvidence> Evidence(Result<NodeAnswer> answer) =>
        answer.Then(node => Result.Accept(NodeEvidence.Of(node)));

    private static JsonObject JsonOf(VerifiedEndorsement endorsement) => new()
    {
        ["digest"] = endorsement.Digest.ToString(),
        ["measurement"] = endorsement.Measurement,
        ["reason"] = endorsement.Endorsement.Reason,
        ["notBefore"] = endorsement.Endorsement.NotBefore.ToString(),
        ["expires"] = endorsement.Endorsement.Expires.ToString(),
    };

    private static ImmutableArray<string> Words(RoomAddress address, NodeEvidence evidence)
    {
        var binding = evidence.Attestation.Binding;
        if (evidence.Result.Verdict == AttestationVerdict.Contraindicated)
        {
            return [$"Whoever answers at {address} is NOT to be trusted:"];
        }

        return
        [
            $"At {address} answers a node of build \"{binding.Build}\" that committed to this question's nonce.",
            binding.ContractDigest is { } contract
                ? $"It holds collaboration {binding.Collaboration}, under contract {contract.Abbreviated}."
                : "It asks to host a collaboration; there is none yet.",
            $"What is sealed to key {Digest.Of(binding.SealingKey.Span).Abbreviated} only that node can open.",
            .. evidence.EndorsedInWords is { } endorsed ? [$"It is {endorsed}"] : ImmutableArray<string>.Empty,
        ];
    }
}
