using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Client.Datasets;
using CleanRoom.Datasets.Check;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using DocumentContract = CleanRoom.Protocol.Documents.Contract;
using DocumentDataset = CleanRoom.Protocol.Documents.Dataset;

namespace CleanRoom.Cli.Commands.Demo.Story;

/// <summary>The second part: each owner checks its file, seals it here, uploads it, releases the key, and the guest takes it in.</summary>
internal sealed class Contribution(StorySetting setting)
{
    /// <summary>Checks, seals and uploads every dataset, and grants its key to the verified room.</summary>
    public async Task<ImmutableArray<Digest>> UploadAsync(
        DocumentContract contract, ImmutableArray<Institution> institutions, CancellationToken cancellationToken)
    {
        setting.Narrator.Step("Each owner checks its file, seals it on its own machine, uploads it and releases the key to the verified room");
        var manifests = ImmutableArray.CreateBuilder<Digest>();
        var facts = new JsonArray();
        foreach (var dataset in contract.Datasets)
        {
            var owner = institutions.Single(one => one.Id == dataset.Owner).Steward;
            manifests.Add(await UploadAsync(dataset, owner, facts, cancellationToken));
        }

        setting.Narrator.Fact("datasets", facts);
        await setting.At(StoryMoment.Uploaded);
        return manifests.ToImmutable();
    }

    /// <summary>Waits until the guest has taken every dataset in, and lets each owner read its own report.</summary>
    public async Task IngestAsync(
        DocumentContract contract, ImmutableArray<Institution> institutions, ImmutableArray<Digest> manifests, CancellationToken cancellationToken)
    {
        setting.Narrator.Step("The guest opens the files in memory, checks every row, and seals them again for its own use");
        var facts = new JsonArray();
        for (var i = 0; i < manifests.Length; i++)
        {
            var dataset = contract.Datasets[i];
            var owner = institutions.Single(one => one.Id == dataset.Owner).Steward;
            var view = await WaitAsync(dataset, owner, manifests[i], cancellationToken);
            var report = view.Report!; // WaitAsync returns no other.
            if (!report.Accepted)
            {
                throw new StoryRefused([new Refusal(RefusalCode.DatasetRejected, $"{dataset.SqlName} as the contract describes it", Problems(report))]);
            }

            setting.Narrator.Say(
                $"{dataset.SqlName}: {report.Rows:N0} rows of {report.DistinctUnits:N0} people, at most {report.MaxRowsPerUnit} of one person "
                + $"(the contract allows {dataset.Policy.Join.MaxRowsPerUnit}); the report is sealed to {owner.Identity.Name}.");
            facts.Add(new JsonObject
            {
                ["dataset"] = dataset.SqlName,
                ["rows"] = report.Rows,
                ["people"] = report.DistinctUnits,
                ["maxRowsPerPerson"] = report.MaxRowsPerUnit,
                ["roundedCells"] = report.RoundedCells,
            });
        }

        setting.Narrator.Fact("ingested", facts);
    }

    private async Task<Digest> UploadAsync(DocumentDataset dataset, Person owner, JsonArray facts, CancellationToken cancellationToken)
    {
        var source = setting.Data.SourceOf(dataset);
        var uploads = new RoomUploads(owner.Room, owner.Memory);
        await CheckAsync(uploads, dataset, source, cancellationToken);
        var label = $"seal and upload {dataset.SqlName}";
        setting.Narrator.Progress(label, 0);
        var begun = await Calls.PatientlyAsync(setting.Services, () => uploads.BeginAsync(dataset.SqlName, source, cancellationToken), cancellationToken);
        var progress = new Relay<UploadProgress>(value => setting.Narrator.Progress(label, (int)Math.Min(99, 100 * value.BytesDone / value.Bytes)));
        var sent = await Calls.PatientlyAsync(setting.Services, () => uploads.SendAsync(begun, source, progress, cancellationToken), cancellationToken);
        setting.Narrator.Progress(label, 100);
        if (setting.Tamper == TamperKind.Manifest)
        {
            await TamperWithManifestAsync(sent, owner, cancellationToken);
        }

        if (setting.Tamper == TamperKind.Part && facts.Count == 0)
        {
            TamperWithPart();
        }

        var published = await Calls.PatientlyAsync(
            setting.Services, () => new RoomDatasets(owner.Room, owner.Memory).PublishAsync(sent, cancellationToken), cancellationToken);
        var manifest = RoomDatasets.ManifestOf(published).OrEnd();
        facts.Add(new JsonObject
        {
            ["dataset"] = dataset.SqlName,
            ["bytes"] = source.Length,
            ["parts"] = published.Source.Parts.Length,
            ["manifest"] = manifest.ToString(),
        });
        return manifest;
    }

    private async Task CheckAsync(RoomUploads uploads, DocumentDataset dataset, DatasetSource source, CancellationToken cancellationToken)
    {
        var label = $"check {dataset.SqlName} against the contract";
        var progress = new Relay<IngestProgress>(value =>
            setting.Narrator.Progress(label, (int)Math.Min(99, 100 * value.BytesRead / (value.BytesTotal ?? long.MaxValue))));
        setting.Narrator.Progress(label, 0);
        var report = (await uploads.CheckAsync(dataset.SqlName, source, new CheckOptions(), progress, cancellationToken)).OrEnd();
        if (!report.Accepted)
        {
            throw new StoryRefused([new Refusal(RefusalCode.DatasetRejected, $"{dataset.SqlName} as the contract describes it", Problems(report))]);
        }

        setting.Narrator.Progress(label, 100);
    }

    private async Task<IngestView> WaitAsync(DocumentDataset dataset, Person owner, Digest manifest, CancellationToken cancellationToken)
    {
        var label = $"take in {dataset.SqlName}";
        setting.Narrator.Progress(label, 0);
        var progress = new Relay<IngestView>(view =>
        {
            // The room would wait for the store to bring the part back; the story does not.
            if (view.Obstacle is { } obstacle && setting.Tamper == TamperKind.Part)
            {
                throw new StoryRefused([obstacle]);
            }

            setting.Narrator.Progress(label, Math.Min(99, view.Percent));
        });
        var view = await Calls.PatientlyAsync(setting.Services, () => new RoomIngests(owner.Room).WaitAsync(manifest, progress, cancellationToken), cancellationToken);
        setting.Narrator.Progress(label, 100);
        return view;
    }

    /// <summary>The operator changes one byte of the only sealed part that is in its store so far.</summary>
    private void TamperWithPart()
    {
        var part = new DirectoryInfo(Path.Combine(setting.OperatorDirectory.FullName, "objects", "uploads")).EnumerateFiles().First();
        setting.Narrator.Say("TAMPER: the operator changes one byte of a sealed part in its store.");
        using var file = part.Open(FileMode.Open, FileAccess.ReadWrite);
        file.Position = file.Length / 2;
        var value = file.ReadByte();
        file.Position--;
        file.WriteByte((byte)(value ^ 1));
    }

    /// <summary>Someone on the way points a signed manifest to another part.</summary>
    private async Task TamperWithManifestAsync(UploadState sent, Person owner, CancellationToken cancellationToken)
    {
        setting.Narrator.Say("TAMPER: a signed manifest is changed on its way, to name another part.");
        var part = sent.Acknowledged[0].Digest.ToString();
        var bytes = (int)Math.Min(SourceFacts.PartBytes, sent.Source.Length);
        var manifest = new DatasetManifest
        {
            Collaboration = sent.Collaboration,
            ContractDigest = sent.ContractDigest,
            Dataset = sent.Dataset,
            Version = 1,
            Previous = null,
            Upload = sent.Upload,
            Schema = sent.Source.Columns,
            Format = sent.Source.Format,
            PlaintextBytes = bytes,
            Parts = [new SealedPart { Index = 0, Offset = 0, Bytes = bytes, Digest = sent.Acknowledged[0].Digest }],
            Nonce = new Bytes(Encoding.ASCII.GetBytes(sent.Upload[..16])),
        };
        var signed = await Cryptography.Signatures.EnvelopeSigner.SignAsync(owner.Identity.Keys.Sign, manifest, cancellationToken);
        var changed = Encoding.UTF8.GetString(signed.Payload.Span).Replace(part, Digest.Of("another part"u8).ToString(), StringComparison.Ordinal);
        (await owner.Room.AppendAsync(signed with { Payload = new Bytes(Encoding.UTF8.GetBytes(changed)) }, cancellationToken)).OrEnd();
    }

    private static string Problems(IngestReport report) => string.Join("; ", report.Problems.Take(3).Select(problem => problem.ToString()));

    private sealed class Relay<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
