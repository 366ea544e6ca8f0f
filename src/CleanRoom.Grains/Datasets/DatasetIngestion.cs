using System.Buffers.Binary;
using System.Collections.Immutable;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Conversion;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Grains.Datasets;

/// <summary>Takes in one dataset version: open, check, normalise, convert, seal again, report to the owner. The grain's logic without a silo.</summary>
/// <remarks>Spec: contracts/spec/0007 s.10.</remarks>
internal sealed class DatasetIngestion(IngestServices services)
{
    private const string ReportNameLabel = "cleanroom/v1/ingest-report-name";

    /// <summary>Has this silo hold the collaboration's keys, if a peer gives them. In the turn of a grain: peers hand a secret to no thread beside one.</summary>
    /// <returns>Nothing: <see cref="RunAsync"/> says why when it does not.</returns>
    public Task FetchKeysAsync(IngestAssignment assignment, CancellationToken cancellationToken) =>
        services.Keyring.OpenAsync(DocumentCodec.Parse<DatasetManifest>(assignment.Manifest).Value.Collaboration, cancellationToken);

    /// <summary>Runs it.</summary>
    /// <param name="assignment">What the ledger says of the version.</param>
    /// <param name="percent">Told 0 to 100.</param>
    /// <param name="cancellationToken">Stops; nothing is stored under a name that a statement could use.</param>
    /// <returns>
    /// The statement to append: accepted, or refused with a report for the owner. A refusal instead says that the version could not be
    /// judged: a part that the store changed (<see cref="RefusalCode.PartInvalid"/>), or a grant that does not open.
    /// </returns>
    /// <exception cref="StorageException">The store did not do its work.</exception>
    public async Task<Result<IngestStatement>> RunAsync(IngestAssignment assignment, IProgress<int> percent, CancellationToken cancellationToken)
    {
        var contract = DocumentCodec.Parse<Contract>(assignment.Contract).Value;
        var manifest = DocumentCodec.Parse<DatasetManifest>(assignment.Manifest).Value;
        var grant = DocumentCodec.Parse<KeyGrant>(assignment.Grant).Value;
        var dataset = contract.Datasets.Single(d => d.SqlName == manifest.Dataset);
        if (!(await services.Keyring.OpenAsync(manifest.Collaboration, cancellationToken)).TryGet(out var room, out var locked))
        {
            return locked;
        }

        if (!(await KeyGrants.OpenAsync(services.Backend, room.Keys.Sealing, grant, cancellationToken)).TryGet(out var key, out var unopened))
        {
            return unopened;
        }

        using (key)
        {
            try
            {
                return await ConvertAsync(new Version(contract, dataset, manifest, DocumentCodec.DigestOf(manifest)), room, key, assignment, percent, cancellationToken);
            }
            catch (PartRefusedException exception)
            {
                return exception.Refusal;
            }
        }
    }

    /// <summary>Removes what <see cref="RunAsync"/> stored for a statement that the ledger did not take.</summary>
    public async Task DiscardAsync(IngestStatement statement, CancellationToken cancellationToken)
    {
        foreach (var derived in statement.Derived)
        {
            var name = ObjectName.Parse(derived.Name);
            await services.Objects.DeleteAsync(ObjectContainer.Derived, name, cancellationToken);
        }
    }

    /// <summary>
    /// Removes the uploaded parts, the derived objects and the memory of answers of a version that nobody may read any more. The report stays the
    /// owner's.
    /// </summary>
    public async Task ForgetAsync(DatasetManifest manifest, IngestStatement? statement, ObjectName? history, CancellationToken cancellationToken)
    {
        if (history is { } name)
        {
            await services.Objects.DeleteAsync(ObjectContainer.Derived, name, cancellationToken);
        }

        foreach (var part in manifest.Parts)
        {
            await services.Objects.DeleteAsync(ObjectContainer.Uploads, PartNames.Of(manifest.Upload, part.Digest), cancellationToken);
        }

        if (statement is not null)
        {
            await DiscardAsync(statement, cancellationToken);
        }
    }

    /// <summary>Reads the sealed report of a statement as bytes; null when the store lost it.</summary>
    public async Task<byte[]?> ReadReportAsync(Digest commitment, CancellationToken cancellationToken)
    {
        try
        {
            await using var stored = await services.Objects.OpenReadAsync(ObjectContainer.Derived, ReportName(commitment), cancellationToken);
            using var bytes = new MemoryStream();
            await stored.CopyToAsync(bytes, cancellationToken);
            return bytes.ToArray();
        }
        catch (StorageException exception) when (exception.Failure == StorageFailure.NotFound)
        {
            return null;
        }
    }

    private async Task<Result<IngestStatement>> ConvertAsync(
        Version version, RoomKeys room, DataKey key, IngestAssignment assignment, IProgress<int> percent, CancellationToken cancellationToken)
    {
        var manifest = version.Manifest;
        var partitions = new RoomPartitions(
            room.Keys.GuestOnly, DatasetPartitions.CountFor(version.Dataset, manifest.PlaintextBytes, services.Limits.PartitionBytes));
        var positions = Enumerable.Range(0, partitions.Count).Select(partition => new DerivedPosition
        {
            Collaboration = manifest.Collaboration,
            Dataset = manifest.Dataset,
            ManifestDigest = version.Digest,
            Name = ObjectName.Random().ToString(),
            Partition = partition,
        });
        using var identifiers = new RoomIdentifiers(version.Contract, room.Keys.GuestOnly);
        await using var source = new SealedPartsStream(services.Backend, services.Objects, key, manifest);
        var progress = new Percent(manifest.PlaintextBytes, percent);
        IngestReport? report = null;
        var derived = await PartitionWriter.WriteAsync(
            services.Backend,
            services.Objects,
            room.Keys.Storage,
            [.. positions],
            async (parquet, stop) =>
            {
                var outcome = await DatasetIngest.RunAsync(source, version.Dataset, identifiers, partitions, parquet, progress, stop);
                report = outcome.Report;
                return report.Accepted;
            },
            cancellationToken);
        var commitment = await StoreReportAsync(version, report!, assignment.ReportReaders, cancellationToken);
        return commitment.Then<IngestStatement>(digest => new IngestStatement
        {
            Collaboration = manifest.Collaboration,
            Dataset = manifest.Dataset,
            ManifestDigest = version.Digest,
            Derived = derived,
            Accepted = !derived.IsEmpty,
            Rows = report!.Rows,
            MaxRowsPerUnit = report.MaxRowsPerUnit,
            EveryRowHasUnit = !derived.IsEmpty && version.Dataset.Policy.Unit is not null && report is { NullUnitRows: 0, SentinelUnitRows: 0 },
            ReportCommitment = digest,
            Rekeyed = !derived.IsEmpty && RekeyedProfiles.Of(version.Contract, version.Dataset) is { IsEmpty: false } profiles ? profiles : null,
        });
    }

    private async Task<Result<Digest>> StoreReportAsync(
        Version version, IngestReport report, ImmutableArray<ReceiverKey> readers, CancellationToken cancellationToken)
    {
        var context = new ReportContext(version.Manifest.Collaboration, version.Manifest.Dataset, version.Digest);
        using var sealedReport = await ReportSealing.SealAsync(services.Backend, context, IngestReportCodec.Encode(report), cancellationToken);
        var wraps = ImmutableArray.CreateBuilder<ResultWrap>(readers.Length);
        foreach (var reader in readers)
        {
            var wrapped = await ReportSealing.WrapAsync(
                services.Backend, context, reader.Collaborator, reader.Member, new Bytes(reader.PublicKey), sealedReport, cancellationToken);
            if (!wrapped.TryGet(out var wrap, out var refusals))
            {
                return refusals;
            }

            wraps.Add(wrap);
        }

        using var content = new MemoryStream(SealedReports.Encode(new SealedReport(new Bytes(sealedReport.Blob.Span), wraps.ToImmutable())));
        await services.Objects.PutAsync(ObjectContainer.Derived, ReportName(sealedReport.Commitment), content, cancellationToken);
        return sealedReport.Commitment;
    }

    /// <summary>The statement holds the commitment, so that the report needs no name of its own in it.</summary>
    private static ObjectName ReportName(Digest commitment) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(Digest.Labelled(ReportNameLabel, commitment.ToArray()).ToArray()));

    private sealed record Version(Contract Contract, Dataset Dataset, DatasetManifest Manifest, Digest Digest);

    private sealed class Percent(long totalBytes, IProgress<int> percent) : IProgress<IngestProgress>
    {
        public void Report(IngestProgress value) => percent.Report((int)Math.Min(100, 100 * value.BytesRead / Math.Max(1, totalBytes)));
    }
}
