using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Datasets;
using CleanRoom.Client.Rooms;
using CleanRoom.Datasets.Check;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Commands.Dataset;

/// <summary><c>cleanroom dataset upload FILE</c>: check, seal, send, describe, grant, and wait for the guest's report.</summary>
internal static class DatasetUploadCommand
{
    private static readonly Argument<FileInfo?> _file = new("file") { Description = "CSV or Parquet; left out with --sealed.", Arity = ArgumentArity.ZeroOrOne };

    private static readonly Option<string?> _dataset = new("--dataset") { Description = "The dataset's SQL name: OWNER.NAME." };

    private static readonly Option<DirectoryInfo?> _sealed = new("--sealed") { Description = "A folder of dataset seal, in place of a file." };

    public static Command Create(CliHost host) => Verb.Create(
        host, "upload", "Checks, seals and sends a file, grants its key to the room and waits for the report. Goes on where a killed one stopped.",
        [_file, _dataset, _sealed, .. CommonOptions.Acting],
        (context, cancel) => RoomSession.RunAsync(context, room => RunAsync(context, room, cancel), cancel));

    private static async Task<Result<VerbAnswer>> RunAsync(VerbContext context, RoomClient room, CancellationToken cancellationToken)
    {
        var store = new FileUploadStore(context.Profile, room.Collaboration);
        var sending = new ProgressLines(context.Host, "sealing and sending");
        Result<UploadState> sent;
        switch (context.Get(_file), context.Get(_sealed), context.Get(_dataset))
        {
            case (null, { } folder, _):
                sent = await SendSealedAsync(context, room, store, new SealedFolder(folder), sending, cancellationToken);
                break;
            case ({ } file, null, { } dataset):
                sent = await SendAsync(context, room, store, file, dataset, sending, cancellationToken);
                break;
            default:
                return new Refusal(RefusalCode.DocumentInvalid, "a file with --dataset, or --sealed with a folder", "another combination");
        }

        if (!sent.TryGet(out var complete, out var refusals)
            || !(await new RoomDatasets(room, store).PublishAsync(complete, cancellationToken)).TryGet(out var published, out refusals)
            || !RoomDatasets.ManifestOf(published).TryGet(out var manifest, out refusals))
        {
            return refusals;
        }

        context.Host.Say($"version {manifest.Abbreviated} of {published.Dataset} is in the ledger and granted; the guest takes it in");
        if (!(await new RoomIngests(room).WaitAsync(manifest, progress: null, cancellationToken)).TryGet(out var view, out refusals))
        {
            return refusals;
        }

        var report = view.Report!; // WaitAsync waits for it.
        return new VerbAnswer(
            new JsonObject { ["manifest"] = manifest.ToString(), ["accepted"] = report.Accepted, ["report"] = ReportWords.Json(report) },
            [.. ReportWords.Of(published.Dataset, report), $"manifest {manifest}"])
        {
            ExitCode = report.Accepted ? ExitCodes.Ok : ExitCodes.Policy,
        };
    }

    private static async Task<Result<UploadState>> SendSealedAsync(
        VerbContext context, RoomClient room, FileUploadStore store, SealedFolder folder, ProgressLines sending, CancellationToken cancellationToken)
    {
        if (!folder.Load().TryGet(out var state, out var refusals) || !store.Load().TryGet(out var kept, out refusals))
        {
            return refusals;
        }

        // Kept once every part was sent, and since then perhaps with manifest and grant, of which the folder knows nothing.
        if (kept.FirstOrDefault(one => one.Upload == state.Upload) is { } sent)
        {
            context.Host.Say($"going on with upload {sent.Upload[..12]}: its parts are there");
            return sent;
        }

        return await new RoomUploads(room, store).SendSealedAsync(state, folder.ReadAsync, sending, cancellationToken);
    }

    private static async Task<Result<UploadState>> SendAsync(
        VerbContext context,
        RoomClient room,
        FileUploadStore store,
        FileInfo file,
        string dataset,
        ProgressLines sending,
        CancellationToken cancellationToken)
    {
        var uploads = new RoomUploads(room, store);
        if (!LocalSource.Of(file).TryGet(out var source, out var refusals) || !store.Load().TryGet(out var kept, out refusals))
        {
            return refusals;
        }

        // An unpublished upload of the same file: not begun twice. Its content is compared part by part while it is sent.
        var open = kept.FirstOrDefault(state => state.Dataset == dataset && !RoomDatasets.IsPublished(room.State, state) && state.Source.WhyChanged(source) is null);
        if (open is not null)
        {
            context.Host.Say($"going on with upload {open.Upload[..12]}: {open.Acknowledged.Length} of {open.Source.Parts.Length} parts are there");
            return await uploads.SendAsync(open, source, sending, cancellationToken);
        }

        var options = new CheckOptions();
        if (!(await uploads.CheckAsync(dataset, source, options, new ProgressLines(context.Host, "checking"), cancellationToken)).TryGet(out var report, out refusals))
        {
            return refusals;
        }

        if (!report.Accepted)
        {
            return ReportWords.Refusals(dataset, report);
        }

        return (await uploads.BeginAsync(dataset, source, cancellationToken)).TryGet(out var begun, out refusals)
            ? await uploads.SendAsync(begun, source, sending, cancellationToken)
            : refusals;
    }
}
