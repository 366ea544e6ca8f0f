using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Contracts;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Endorsements;

namespace CleanRoom.Cli.Commands.Room;

/// <summary><c>cleanroom room endorse URL</c>: an admin or owner brings what all code endorsers have signed.</summary>
internal static class RoomEndorseCommand
{
    private static readonly Argument<string> _url = new("url") { Description = "Where the room answers: http(s)://host[:port]." };

    private static readonly Option<FileInfo> _endorsement = new("--endorsement") { Description = "A file of attest endorse, with all signatures.", Required = true };

    public static Command Create(CliHost host) => Verb.Create(
        host, "endorse", "Brings an endorsement of other code into the room. Do it before the node is changed.",
        [_url, _endorsement, CommonOptions.As, CommonOptions.Room, CommonOptions.PassphraseFile], RunAsync);

    private static async Task<Result<VerbAnswer>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var file = context.Require(_endorsement);
        if (!RoomAddress.Parse(context.Require(_url)).TryGet(out var address, out var refusals)
            || !InputFiles.Read(file, EndorsementVerifier.MaxBytes).TryGet(out var bytes, out refusals)
            || !InputFiles.Named(file, EndorsementVerifier.Parse(bytes)).TryGet(out var read, out refusals))
        {
            return refusals;
        }

        var (endorsement, digest) = (read.Endorsement, read.Envelope.PayloadDigest);
        return await RoomSession.RunAsync(
            context,
            address,
            async room => (await new RoomContracts(room).EndorseAsync(new Bytes(bytes), cancellationToken)).Then(appended => Result.Accept(VerbAnswer.Of(
                new JsonObject
                {
                    ["collaboration"] = room.Collaboration,
                    ["contractDigest"] = endorsement.ContractDigest.ToString(),
                    ["endorsement"] = digest.ToString(),
                    ["tee"] = endorsement.Tuple.Tee,
                    ["measurement"] = endorsement.Tuple.Values["measurement"],
                    ["notBefore"] = endorsement.NotBefore.ToString(),
                    ["expires"] = endorsement.Expires.ToString(),
                    ["sequence"] = appended.Sequence,
                },
                $"{room.Member.Name} brought the endorsement of {endorsement.Tuple.Tee} code with measurement {endorsement.Tuple.Values["measurement"]} in row {appended.Sequence}",
                $"  it counts from {endorsement.NotBefore} until {endorsement.Expires}, or until the contract has a new version; an owner takes it back by revoking the measurement"))),
            cancellationToken);
    }
}
