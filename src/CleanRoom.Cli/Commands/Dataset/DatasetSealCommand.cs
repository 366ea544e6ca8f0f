using System.CommandLine;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Datasets;
using CleanRoom.Datasets.Check;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Commands.Dataset;

/// <summary><c>cleanroom dataset seal FILE</c>: checks a file and seals it into a folder. No network.</summary>
internal static class DatasetSealCommand
{
    private static readonly Argument<FileInfo> _file = new("file") { Description = "CSV or Parquet." };

    private static readonly Option<string> _dataset = new("--dataset") { Description = "The dataset's SQL name: OWNER.NAME.", Required = true };

    private static readonly Option<DirectoryInfo> _out = new("--out") { Description = "The folder for the sealed parts; a started one is gone on with.", Required = true };

    public static Command Create(CliHost host) => Verb.Create(
        host, "seal", "Checks a file against the room's contract and seals it into a folder, without a network.",
        [_file, _dataset, _out, CommonOptions.As, CommonOptions.Room, CommonOptions.PassphraseFile], RunAsync);

    private static async Task<Result<VerbAnswer>> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var memory = new FileRoomMemory(context.Profile);
        if (!LocalSource.Of(context.Require(_file)).TryGet(out var source, out var refusals)
            || !memory.Find(context.Get(CommonOptions.Room)).TryGet(out var collaboration, out refusals)
            || !(await memory.LoadAsync(collaboration, cancellationToken)).TryGet(out var record, out refusals)
            || !(await KeyRing.OpenMemberAsync(context, cancellationToken)).TryGet(out var member, out refusals))
        {
            return refusals;
        }

        using (member.Keys)
        {
            return await SealAsync(context, new UploadOwner(context.Host.Backend, collaboration, record.Contract, member), source, cancellationToken);
        }
    }

    private static async Task<Result<VerbAnswer>> SealAsync(
        VerbContext context, UploadOwner owner, DatasetSource source, CancellationToken cancellationToken)
    {
        var dataset = context.Require(_dataset);
        var checking = new ProgressLines(context.Host, "checking");
        var options = new CheckOptions();
        if (!(await DatasetSealing.CheckAsync(owner, dataset, source, options, checking, cancellationToken)).TryGet(out var report, out var refusals))
        {
            return refusals;
        }

        if (!report.Accepted)
        {
            return ReportWords.Refusals(dataset, report);
        }

        var folder = new SealedFolder(context.Require(_out));
        var begun = folder.IsBegun
            ? folder.Load(owner.Collaboration, owner.Member.Collaborator, dataset)
            : await DatasetSealing.BeginAsync(owner, dataset, source, cancellationToken);
        if (!begun.TryGet(out var state, out refusals))
        {
            return refusals;
        }

        var sealing = new ProgressLines(context.Host, "sealing");
        return (await DatasetSealing.SealAsync(owner, state, source, folder.WriteAsync, folder, sealing, cancellationToken)).Then<VerbAnswer>(done => VerbAnswer.Of(
            new JsonObject { ["upload"] = done.Upload, ["parts"] = done.Source.Parts.Length, ["folder"] = context.Require(_out).FullName, ["report"] = ReportWords.Json(report) },
            [
                .. ReportWords.Of(dataset, report),
                $"sealed in {done.Source.Parts.Length} parts in {context.Require(_out).FullName}; its key is there only sealed to {owner.Member.Name}",
            ]));
    }
}
