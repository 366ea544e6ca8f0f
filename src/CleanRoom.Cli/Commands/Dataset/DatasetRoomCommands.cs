using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Datasets;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Cli.Commands.Dataset;

/// <summary><c>cleanroom dataset status|grant|withdraw</c>.</summary>
internal static class DatasetRoomCommands
{
    private static readonly Option<string> _manifest = new("--manifest") { Description = "The version's manifest digest, or its beginning.", Required = true };

    private static readonly Option<string> _reason = new("--reason") { Description = "Why, for the other collaborators.", Required = true };

    public static IEnumerable<Command> Create(CliHost host) =>
    [
        Verb.Create(
            host, "status", "Lists versions, how far they are, and the reports of one's own.", [.. CommonOptions.Acting],
            (context, cancel) => RoomSession.RunAsync(context, room => StatusAsync(context, room, cancel), cancel)),
        Verb.Create(
            host, "grant", "Grants the key of one's own version to the room again, by the kept self-grant.", [_manifest, .. CommonOptions.Acting],
            (context, cancel) => RoomSession.RunAsync(context, room => GrantAsync(context, room, cancel), cancel)),
        Verb.Create(
            host, "withdraw", "Takes one's own version back.", [_manifest, _reason, .. CommonOptions.Acting],
            (context, cancel) => RoomSession.RunAsync(context, room => WithdrawAsync(context, room, cancel), cancel)),
    ];

    private static async Task<Result<VerbAnswer>> StatusAsync(VerbContext context, RoomClient room, CancellationToken cancellationToken)
    {
        if (!new FileUploadStore(context.Profile, room.Collaboration).Load().TryGet(out var uploads, out var refusals))
        {
            return refusals;
        }

        var json = new JsonArray();
        var words = ImmutableArray.CreateBuilder<string>();
        foreach (var version in room.State.Datasets.Values.OrderBy(version => version.Sequence))
        {
            IngestView? view = null;
            if (version.Owner == room.Member.Collaborator && version.WithdrawnSequence is null
                && !(await new RoomIngests(room).ViewAsync(version.Digest, cancellationToken)).TryGet(out view, out refusals))
            {
                return refusals;
            }

            json.Add(Describe(version, view));
            words.Add($"{version.Manifest.Dataset} version {version.Manifest.Version} ({version.Digest.Abbreviated}): {InWords(version, view)}");
            if (view?.Report is { } report)
            {
                words.AddRange(ReportWords.Of(version.Manifest.Dataset, report).Select(line => "  " + line));
            }
        }

        foreach (var upload in uploads.Where(upload => !RoomDatasets.IsPublished(room.State, upload)))
        {
            json.Add(new JsonObject
            {
                ["dataset"] = upload.Dataset, ["upload"] = upload.Upload, ["state"] = "sending",
                ["parts"] = upload.Source.Parts.Length, ["acknowledged"] = upload.Acknowledged.Length,
            });
            words.Add($"{upload.Dataset} upload {upload.Upload[..12]}: {upload.Acknowledged.Length} of {upload.Source.Parts.Length} parts sent");
        }

        return new VerbAnswer(json, words.Count == 0 ? ["no dataset yet"] : words.ToImmutable());
    }

    private static async Task<Result<VerbAnswer>> GrantAsync(VerbContext context, RoomClient room, CancellationToken cancellationToken)
    {
        var store = new FileUploadStore(context.Profile, room.Collaboration);
        if (!FindVersion(context, room).TryGet(out var version, out var refusals) || !store.Load().TryGet(out var uploads, out refusals))
        {
            return refusals;
        }

        var own = uploads.FirstOrDefault(upload => RoomDatasets.ManifestOf(upload).TryGet(out var digest, out _) && digest == version.Digest);
        if (own is null)
        {
            return new Refusal(RefusalCode.UploadUnknown, "the self-grant of this version in the profile", "none: it was sent from another profile");
        }

        return (await new RoomDatasets(room, store).GrantAsync(own, cancellationToken)).Then<VerbAnswer>(_ => VerbAnswer.Of(
            new JsonObject { ["manifest"] = version.Digest.ToString(), ["granted"] = true }, $"{version.Manifest.Dataset} version {version.Manifest.Version} is granted"));
    }

    private static async Task<Result<VerbAnswer>> WithdrawAsync(VerbContext context, RoomClient room, CancellationToken cancellationToken)
    {
        if (!FindVersion(context, room).TryGet(out var version, out var refusals))
        {
            return refusals;
        }

        var store = new FileUploadStore(context.Profile, room.Collaboration);
        return (await new RoomDatasets(room, store).WithdrawAsync(version.Digest, context.Require(_reason), cancellationToken)).Then<VerbAnswer>(appended => VerbAnswer.Of(
            new JsonObject { ["manifest"] = version.Digest.ToString(), ["sequence"] = appended.Sequence },
            $"{version.Manifest.Dataset} version {version.Manifest.Version} is withdrawn in row {appended.Sequence}"));
    }

    private static Result<DatasetState> FindVersion(VerbContext context, RoomClient room) =>
        DigestPrefix.Find(context.Require(_manifest), room.State.Datasets, RefusalCode.DatasetUnknown, "a dataset version of this ledger");

    private static JsonObject Describe(DatasetState version, IngestView? view) => new()
    {
        ["dataset"] = version.Manifest.Dataset,
        ["version"] = version.Manifest.Version,
        ["manifest"] = version.Digest.ToString(),
        ["state"] = StateOf(version, view),
        ["usable"] = version.IsUsable,
        ["report"] = view?.Report is { } report ? ReportWords.Json(report) : null,
        ["obstacle"] = view?.Obstacle?.ToString(),
    };

    private static string InWords(DatasetState version, IngestView? view) =>
        StateOf(version, view) + (view?.Obstacle is { } obstacle ? $", held up: {obstacle}" : string.Empty);

    private static string StateOf(DatasetState version, IngestView? view) => version switch
    {
        { WithdrawnSequence: not null } => "withdrawn",
        { Ingest.Accepted: true } => "accepted",
        { Ingest.Accepted: false } => "refused",
        { Grant: null } => "not granted",
        _ => view?.State ?? "waiting",
    };
}
