using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Gossip;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Cli.Commands.Log;

/// <summary><c>cleanroom log gossip|fork</c>: members compare what the room showed each of them, past the node.</summary>
internal static class GossipCommands
{
    private static readonly Argument<string> _source = new("source") { Description = "The room's address, or a file of log audit --out." };

    private static readonly Option<FileInfo?> _export = new("--export") { Description = "Writes what this member has seen: hashes of all rows and the signed checkpoint." };

    private static readonly Option<FileInfo[]> _import =
        StrictOptions.Several<FileInfo>("--import", "Files of other members' --export: are they of the same history?", required: false);

    private static readonly Option<FileInfo?> _proof = new("--proof") { Description = "Where the proof of a fork goes. Default: beside the file that gave it away, with .fork at the end." };

    private static readonly Argument<FileInfo> _file = new("file") { Description = "A proof of a fork." };

    public static IEnumerable<Command> Create(CliHost host) =>
    [
        Verb.Create(
            host, "gossip", "Hands what this member saw of the ledger to others, and compares it with what they saw.",
            [_source, _export, _import, _proof, CommonOptions.As, CommonOptions.Room, CommonOptions.PassphraseFile], GossipAsync),
        Verb.Create(host, "fork", "Checks a proof that a room's key signed two histories. No network, no profile.", [_file], (context, _) => Task.FromResult(Check(context))),
    ];

    /// <summary>Compares a note with a history, and writes the proof when they contradict each other.</summary>
    /// <param name="own">What this member saw.</param>
    /// <param name="compared">How the other stands to it.</param>
    /// <param name="from">Where the other came from.</param>
    /// <param name="proof">Where the proof goes; null for beside <paramref name="from"/>.</param>
    /// <returns>Null while both may be one log, or the refusal that names both.</returns>
    public static Refusal? WhyForked(SeenHistory own, Comparison compared, FileInfo from, FileInfo? proof)
    {
        if (compared.Fork is not { } fork)
        {
            return null;
        }

        var file = proof ?? new FileInfo(from.FullName + ".fork");
        var kept = InputFiles.Write(file, fork.Write()) is { } notWritten ? $"not written: {notWritten.Got}" : $"in {file.Name}";
        return new(
            RefusalCode.CheckpointInconsistent,
            $"the history that this member saw, {Words(own.Checkpoint)}",
            $"another one, signed by the same key, {Words(compared.Other)}, in {from.Name}; the proof is {kept}");
    }

    private static async Task<Result<VerbAnswer>> GossipAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var source = context.Require(_source);
        if (RoomAddress.Parse(source).TryGet(out var address, out _))
        {
            return await RoomSession.RunAsync(context, address, room => Task.FromResult(Compare(context, room.Mirror, isLive: true)), cancellationToken);
        }

        return LedgerFile.Read(new FileInfo(source)).Then(log => log.Fold(context.Host.Services.Fold, [])).Then(mirror => Compare(context, mirror, isLive: false));
    }

    private static Result<VerbAnswer> Compare(VerbContext context, LedgerMirror mirror, bool isLive)
    {
        var fold = context.Host.Services.Fold;
        var bytes = SeenHistory.Write(RowCodec.Encode(mirror.Rows[0]), mirror.State.Log, mirror.Note);
        if (!SeenHistory.Parse(bytes, fold).TryGet(out var own, out var refusals))
        {
            return refusals;
        }

        if (context.Get(_export) is { } export && InputFiles.Write(export, bytes) is { } notWritten)
        {
            return notWritten;
        }

        var lines = new List<string> { $"this member saw {Words(own.Checkpoint)}" };
        var others = new JsonArray();
        foreach (var file in context.Get(_import) ?? [])
        {
            var compared = InputFiles.Named(file, InputFiles.Read(file, SeenHistory.MaxBytes)
                .Then(read => SeenHistory.Parse(read, fold)).Then(other => own.Compare(other, fold)));
            if (!compared.TryGet(out var comparison, out refusals))
            {
                return refusals;
            }

            if (WhyForked(own, comparison, file, context.Get(_proof)) is { } forked)
            {
                return forked;
            }

            // The file was there before the room was asked: a room that hides nothing shows at least as much.
            if (isLive && comparison.Other.Size > own.Checkpoint.Size)
            {
                return new Refusal(
                    RefusalCode.CheckpointInconsistent, $"a room that shows this member what it showed another, {Words(comparison.Other)}, in {file.Name}", Words(own.Checkpoint));
            }

            others.Add(new JsonObject { ["file"] = file.Name, ["rows"] = comparison.Other.Size, ["root"] = comparison.Other.Root.ToString() });
            lines.Add($"{file.Name} is of the same history: {Words(comparison.Other)}");
        }

        return new VerbAnswer(
            new JsonObject
            {
                ["collaboration"] = own.Checkpoint.Origin,
                ["rows"] = own.Checkpoint.Size,
                ["root"] = own.Checkpoint.Root.ToString(),
                ["same"] = others,
            },
            [.. lines]);
    }

    private static Result<VerbAnswer> Check(VerbContext context)
    {
        var file = context.Require(_file);
        return InputFiles.Named(file, InputFiles.Read(file, SeenHistory.MaxBytes).Then(bytes => ForkProof.Parse(bytes, context.Host.Services.Fold)))
            .Then<VerbAnswer>(fork => VerbAnswer.Of(
                new JsonObject
                {
                    ["collaboration"] = fork.Collaboration,
                    ["longer"] = Json(fork.Longer),
                    ["shorter"] = Json(fork.Shorter),
                    ["rootOfLongerThere"] = fork.Root.ToString(),
                },
                $"The proof holds: the key of collaboration {fork.Collaboration} signed two histories.",
                $"  {Words(fork.Longer)}; at {fork.Shorter.Size} rows its root is {fork.Root}",
                $"  {Words(fork.Shorter)}",
                "  Who holds the room's secret showed two members different logs. It does not say which one is the true one."));
    }

    private static JsonObject Json(Checkpoint checkpoint) => new() { ["rows"] = checkpoint.Size, ["root"] = checkpoint.Root.ToString() };

    private static string Words(Checkpoint checkpoint) => $"{checkpoint.Size} rows with root {checkpoint.Root}";
}
