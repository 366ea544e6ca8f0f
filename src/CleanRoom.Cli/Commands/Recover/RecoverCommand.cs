using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Commands.Log;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Recoveries;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Cli.Commands.Recover;

/// <summary><c>cleanroom recover URL</c>: looks at a node that has lost the room's keys, and releases one's share of them to it.</summary>
internal static class RecoverCommand
{
    private const string NoCheckpoint = "none";

    private static readonly Argument<string> _url = new("url") { Description = "Where a node answers that has the room's stores and not its keys." };

    private static readonly Option<bool> _release = new("--release")
    {
        Description = "Releases your share of the room's keys to that node. Without it the verb looks and releases nothing.",
    };

    private static readonly Option<string?> _reason = new("--reason") { Description = "Why, for the ledger. Needed to release." };

    private static readonly Option<FileInfo?> _ledger = new("--ledger")
    {
        Description = "A file of log audit --out, of yours or another member's. Default: the copy that the profile keeps.",
    };

    private static readonly Option<FileInfo?> _contract = new("--contract") { Description = "The contract as you have it: the ledger's must be exactly this." };

    public static Command Create(CliHost host) => Verb.Create(
        host,
        "recover",
        "Restores a room whose keys are lost, by k members of different collaborators, where the contract has recovery.k.",
        [_url, _release, _reason, _ledger, _contract, CommonOptions.As, CommonOptions.Room, CommonOptions.PassphraseFile],
        RunAsync);

    private static async Task<Result<VerbAnswer>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        if (context.Get(_release) && string.IsNullOrWhiteSpace(context.Get(_reason)))
        {
            return new Refusal(RefusalCode.DocumentInvalid, "--reason with --release", "none");
        }

        var memory = new FileRoomMemory(context.Profile);
        if (!RoomAddress.Parse(context.Require(_url)).TryGet(out var address, out var refusals)
            || !(await LedgerAsync(context, memory, cancellationToken)).TryGet(out var known, out refusals)
            || !CheckContract(context, known.Ledger).TryGet(out _, out refusals)
            || !(await KeyRing.OpenMemberAsync(context, cancellationToken)).TryGet(out var member, out refusals))
        {
            return refusals;
        }

        using (member.Keys)
        {
            var services = context.Host.Services;
            if (!RecoveryPlan.Of(known.Ledger, known.Newest, member, services).TryGet(out var plan, out refusals)
                || !(await RoomRecovery.AskAsync(services, address, plan, cancellationToken)).TryGet(out var recovery, out refusals))
            {
                return refusals;
            }

            var look = Look(address, recovery);
            if (!context.Get(_release))
            {
                return Describe(known.Ledger, recovery, recovery.Released, NoCheckpoint, [.. look, .. WhatIsLeft(member, recovery)]);
            }

            foreach (var line in look)
            {
                context.Host.Say(line);
            }

            return await ReleaseAsync(context, memory, known.Ledger, recovery, member, cancellationToken);
        }
    }

    private static async Task<Result<VerbAnswer>> ReleaseAsync(
        VerbContext context, FileRoomMemory memory, LedgerMirror ledger, RoomRecovery recovery, MemberIdentity member, CancellationToken cancellationToken)
    {
        if (!(await recovery.ReleaseAsync(member, context.Get(_reason)!, cancellationToken)).TryGet(out var taken, out var refusals))
        {
            return refusals;
        }

        // What the restored log ends with: a store that is put back to before the recovery would be noticed by it.
        if (taken.Checkpoint != NoCheckpoint && await RememberAsync(memory, ledger, taken.Checkpoint, context.Host.Services, cancellationToken) is { } notKept)
        {
            return notKept;
        }

        return Describe(ledger, recovery, taken.Released, taken.Checkpoint,
            taken.Checkpoint == NoCheckpoint
                ? [$"{member.Name} has released its share; {Progress(taken.Released, taken.Needed)}", "the others release with the same command, within 24 hours and while this node runs"]
                : [$"the keys are restored from the shares of {string.Join(", ", taken.Released)}, and the ledger says so",
                    "the room stays read-only until it is shown that its log is the newest, as its contract's rollback says: log witness URL"]);
    }

    private static async Task<Refusal?> RememberAsync(
        FileRoomMemory memory, LedgerMirror ledger, string note, ClientServices services, CancellationToken cancellationToken)
    {
        var genesis = ledger.State.Genesis!; // A plan was made of this ledger.
        if (!CheckpointNote.Verify(note, genesis.Collaboration, genesis.CheckpointKey.Span, services.Fold.Signatures).TryGet(out _, out var refusals))
        {
            return refusals[0];
        }

        return (await memory.LoadAsync(genesis.Collaboration, cancellationToken)).TryGet(out var record, out _)
            ? await memory.SaveAsync(record with { Checkpoint = note }, cancellationToken)
            : null;
    }

    /// <summary>Reads and folds the ledger, and compares it with what the profile has seen. Returns with it the newest note, where that is longer.</summary>
    private static async Task<Result<Known>> LedgerAsync(VerbContext context, FileRoomMemory memory, CancellationToken cancellationToken)
    {
        var file = context.Get(_ledger);
        if (file is null)
        {
            if (!memory.Find(context.Get(CommonOptions.Room)).TryGet(out var id, out var unknown))
            {
                return unknown;
            }

            file = memory.LedgerOf(id);
            if (!file.Exists)
            {
                return new Refusal(
                    RefusalCode.NotPermitted,
                    "a copy of the ledger, which a profile keeps of rooms whose contract has recovery.k",
                    "none: see --ledger; without recovery.k propose the contract anew after a total loss, and let every owner upload or grant again");
            }
        }

        if (!LedgerFile.Read(file).TryGet(out var log, out var refusals))
        {
            return refusals;
        }

        var seen = context.Profile.Collaborations().Contains(log.Origin) && (await memory.LoadAsync(log.Origin, cancellationToken)).TryGet(out var record, out _)
            ? record.Checkpoint
            : null;
        var isLonger = seen is not null && SizeOf(seen) > log.Log.Rows.Length;
        return log.Fold(context.Host.Services.Fold, seen is null || isLonger ? [] : [seen]).Then<Known>(ledger => new Known(ledger, isLonger ? seen : null));
    }

    private static long SizeOf(string note) =>
        SignedNote.Parse(note).Then(read => Checkpoint.Parse(read.Text)).TryGet(out var checkpoint, out _) ? checkpoint.Size : 0;

    private static Result<LedgerMirror> CheckContract(VerbContext context, LedgerMirror ledger)
    {
        if (context.Get(_contract) is not { } file)
        {
            return ledger;
        }

        return InputFiles.ReadContract(file).Then<LedgerMirror>(contract => ledger.Contract?.Digest == DocumentCodec.DigestOf(contract)
            ? ledger
            : new Refusal(
                RefusalCode.ContractConflict, $"contract {DocumentCodec.DigestOf(contract).Abbreviated} in force", ledger.Contract?.Digest.Abbreviated ?? "none"));
    }

    private static ImmutableArray<string> Look(RoomAddress address, RoomRecovery recovery) =>
    [
        $"at {address} answers a node of build \"{recovery.Node.Binding.Build}\" that says it has lost the keys of collaboration {recovery.Node.Binding.Collaboration}",
        $"its {recovery.Node.Result.Tee} evidence was made for this recovery; contract version {recovery.Plan.Contract.Version} accepts its measurement {recovery.Node.Measurement}",
        .. recovery.Node.Result.Words.Select(word => $"what it does not prove: {word}"),
        Progress(recovery.Released, recovery.Needed),
    ];

    private static ImmutableArray<string> WhatIsLeft(MemberIdentity member, RoomRecovery recovery) =>
    [
        "nothing was released. --release --reason TEXT gives this node, and no other, the share of "
        + string.Create(CultureInfo.InvariantCulture, $"{member.Collaborator}; with {recovery.Needed} shares it has every key of the room and can read all that the room can"),
    ];

    private static string Progress(ImmutableArray<string> released, int needed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{released.Length} of {needed} have released{(released.IsEmpty ? string.Empty : $": {string.Join(", ", released)}")}");

    private static VerbAnswer Describe(
        LedgerMirror ledger, RoomRecovery recovery, ImmutableArray<string> released, string checkpoint, ImmutableArray<string> words) => new(
        new JsonObject
        {
            ["collaboration"] = ledger.Collaboration,
            ["contractDigest"] = recovery.Plan.Set.ContractDigest.ToString(),
            ["measurement"] = recovery.Node.Measurement,
            ["released"] = new JsonArray([.. released.Select(one => (JsonNode)one)]),
            ["needed"] = recovery.Needed,
            ["restored"] = checkpoint != NoCheckpoint,
            ["checkpoint"] = checkpoint,
        },
        words);

    private sealed record Known(LedgerMirror Ledger, string? Newest);
}
