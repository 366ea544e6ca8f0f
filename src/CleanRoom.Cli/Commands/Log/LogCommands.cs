using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Budgets;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;

namespace CleanRoom.Cli.Commands.Log;

/// <summary><c>cleanroom log audit|witness</c>, and what <see cref="GossipCommands"/> adds: the ledger, folded here.</summary>
internal static class LogCommands
{
    private const int DefaultSeconds = 60;
    private const int MostSeconds = 86_400;

    private static readonly Argument<string> _source = new("source") { Description = "The room's address, or a file of log audit --out." };

    private static readonly Argument<string> _url = new("url") { Description = "The room's address." };

    private static readonly Option<FileInfo?> _out = new("--out") { Description = "Writes rows and checkpoint, for an audit without a network." };

    private static readonly Option<bool> _once = new("--once") { Description = "Answers once and ends." };

    private static readonly Option<int> _seconds = StrictOptions.Number("--every", "Seconds between two looks.", DefaultSeconds, least: 1, MostSeconds);

    public static Command Create(CliHost host)
    {
        var log = Own(host);
        foreach (var verb in GossipCommands.Create(host))
        {
            log.Add(verb);
        }

        log.Add(DestructionCommand.Create(host));
        return log;
    }

    private static Command Own(CliHost host) => new("log", "The room's ledger, checked and folded on this machine.")
    {
        Verb.Create(
            host, "audit", "Refolds and rechecks the whole ledger, and compares it with what this profile has seen.",
            [_source, _out, CommonOptions.As, CommonOptions.Room, CommonOptions.PassphraseFile], AuditAsync),
        Verb.Create(
            host, "witness", "Keeps, compares and cosigns checkpoints, unattended, so that the room comes back after a restart.",
            [_url, _once, _seconds, CommonOptions.As, CommonOptions.Room, CommonOptions.PassphraseFile], WitnessAsync),
    };

    private static Task<Result<VerbAnswer>> AuditAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var source = context.Require(_source);
        return RoomAddress.Parse(source).TryGet(out var address, out _)
            ? RoomSession.RunAsync(context, address, room => AuditRoomAsync(context, room, cancellationToken), cancellationToken)
            : AuditFileAsync(context, new FileInfo(source), cancellationToken);
    }

    private static async Task<Result<VerbAnswer>> AuditRoomAsync(VerbContext context, RoomClient room, CancellationToken cancellationToken)
    {
        // Opening has fetched, verified and folded every row from row 0, and compared the checkpoint with the remembered one.
        if (context.Get(_out) is { } file)
        {
            if (InputFiles.Write(file, LedgerExport.Of(room.Mirror)) is { } notWritten)
            {
                return notWritten;
            }
        }

        if (!room.MayReadBudgetLogs)
        {
            return Describe(room.Mirror, [], context.Host.Now);
        }

        return (await new RoomBudgets(room).ReadAllAsync(cancellationToken)).Then(budgets => Result.Accept(Describe(room.Mirror, budgets, context.Host.Now)));
    }

    private static async Task<Result<VerbAnswer>> AuditFileAsync(VerbContext context, FileInfo file, CancellationToken cancellationToken)
    {
        if (!LedgerFile.Read(file).TryGet(out var log, out var refusals))
        {
            return refusals;
        }

        // The id in the note is only what the file says; row 0 must lead to it, and what the profile remembers of it must fit.
        ImmutableArray<string> seen = [];
        if (context.Profile.Collaborations().Contains(log.Origin))
        {
            if (!(await new FileRoomMemory(context.Profile).LoadAsync(log.Origin, cancellationToken)).TryGet(out var record, out refusals))
            {
                return refusals;
            }

            seen = record.Checkpoint is { } note ? [note] : [];
        }

        return log.Fold(context.Host.Services.Fold, seen).Then(mirror => Result.Accept(Describe(mirror, [], context.Host.Now)));
    }

    private static VerbAnswer Describe(LedgerMirror mirror, ImmutableArray<OwnerBudgetLog> budgets, Timestamp at)
    {
        var state = mirror.State;
        return VerbAnswer.Of(
            new JsonObject
            {
                ["collaboration"] = state.Collaboration,
                ["rows"] = state.Log.Size,
                ["root"] = state.Log.Root.ToString(),
                ["newestRow"] = state.Log.LastTime.ToString(),
                ["contractDigest"] = mirror.Contract?.Digest.ToString(),
                ["active"] = state.Active is not null && state.Suspension is null && !state.IsTerminated,
                ["members"] = state.Members.Count,
                ["datasets"] = state.Datasets.Count,
                ["queries"] = state.Queries.Count,
                ["runs"] = state.Queries.Values.Sum(query => query.Runs.Length),
                ["checkpoint"] = mirror.Note,
                ["budgetLogs"] = new JsonArray([.. budgets.Select(Json)]),
                ["recovery"] = RecoveryReport.Json(state, at),
            },
            [$"{state.Log.Size} rows of collaboration {state.Collaboration}: every signature, every rule and the root {state.Log.Root} hold",
            $"{state.Members.Count} members, {state.Datasets.Count} dataset versions, {state.Queries.Count} queries, "
            + $"{state.Queries.Values.Sum(query => query.Runs.Length)} charged runs; newest row of {state.Log.LastTime}",
            .. RecoveryReport.Words(state, at),
            .. budgets.Select(Words)]);
    }

    private static JsonNode Json(OwnerBudgetLog log) => new JsonObject
    {
        ["domain"] = log.Domain,
        ["charges"] = log.Charges.Length,
        ["collaborations"] = log.Collaborations,
        ["nanoRho"] = log.Spent.NanoRho,
        ["attoDelta"] = log.Spent.AttoDelta,
    };

    private static string Words(OwnerBudgetLog log) =>
        $"budget log of {log.Domain}: {log.Charges.Length} charges in {log.Collaborations} collaborations of this owner on this node, "
        + $"{log.Spent.NanoRho} billionths of rho and {log.Spent.AttoDelta} of delta x 10^18; it goes on from what was seen of it before";

    private static Task<Result<VerbAnswer>> WitnessAsync(VerbContext context, CancellationToken cancellationToken) =>
        RoomAddress.Parse(context.Require(_url)).TryGet(out var address, out var refusals)
            ? RoomSession.RunAsync(context, address, room => WatchAsync(context, room, cancellationToken), cancellationToken)
            : Task.FromResult<Result<VerbAnswer>>(refusals);

    private static async Task<Result<VerbAnswer>> WatchAsync(VerbContext context, RoomClient room, CancellationToken cancellationToken)
    {
        while (true)
        {
            var answered = await room.WitnessAsync(cancellationToken);
            if (answered.TryGet(out var status, out var refusals))
            {
                context.Host.Say($"{room.State.Log.Size} rows with root {room.State.Log.Root.Abbreviated} hold; the room is {Word(status.Mode)}");
            }
            else if (context.Get(_once) || refusals[0].Code is not (RefusalCode.Unavailable or RefusalCode.TooManyRequests))
            {
                return refusals;
            }
            else
            {
                context.Host.Say(refusals[0].ToString());
            }

            if (context.Get(_once))
            {
                return answered.Then<VerbAnswer>(now => VerbAnswer.Of(
                    new JsonObject { ["mode"] = Word(now.Mode), ["rows"] = room.State.Log.Size, ["root"] = room.State.Log.Root.ToString() },
                    $"the room is {Word(now.Mode)}{(now.Reason.Length == 0 ? string.Empty : $": {now.Reason}")}"));
            }

            await Task.Delay(TimeSpan.FromSeconds(context.Get(_seconds)), context.Host.Time, cancellationToken);
        }
    }

    private static string Word(RoomMode mode) => mode switch
    {
        RoomMode.Active => "active",
        RoomMode.AwaitingWitnesses => "awaiting-witnesses",
        RoomMode.Halted => "halted",
        _ => "unknown",
    };
}
