using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Cli.Hosting;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Cli.Commands.Attest;

/// <summary>Evidence from a file: a node's whole attestation as <c>room verify --save</c> writes it, or the bare bytes of one TEE.</summary>
/// <param name="Presented">The evidence with its endorsements.</param>
/// <param name="Binding">What the report data commits to; null for bare bytes.</param>
internal sealed record EvidenceFile(PresentedEvidence Presented, Binding? Binding)
{
    /// <summary>Reads a file and, for bare bytes, the endorsements beside it.</summary>
    /// <param name="file">The evidence.</param>
    /// <param name="endorsements">A folder of certificates and collateral, in order of name; null for none.</param>
    /// <param name="format">The TEE's name; null to detect it.</param>
    public static Result<EvidenceFile> Read(FileInfo file, DirectoryInfo? endorsements, string? format)
    {
        if (!InputFiles.Read(file, DocumentCodec.MaxDocumentBytes).TryGet(out var bytes, out var refusals)
            || !ReadEndorsements(endorsements).TryGet(out var certificates, out refusals))
        {
            return refusals;
        }

        if (DocumentCodec.ParseAttestation(bytes).TryGet(out var attestation, out _))
        {
            var presented = PresentedEvidence.Of(attestation);
            return format is null || format == presented.Tee
                ? new EvidenceFile(presented with { Endorsements = [.. presented.Endorsements, .. certificates] }, attestation.Binding)
                : new Refusal(RefusalCode.EvidenceNotAccepted, $"evidence of format {format}", presented.Tee);
        }

        var evidence = new Bytes(bytes);
        return (format is null ? PresentedEvidence.Detect(evidence, certificates, Verifiers.All) : new PresentedEvidence(format, evidence, certificates)) is { } found
            ? new EvidenceFile(found, Binding: null)
            : new Refusal(
                RefusalCode.EvidenceInvalid,
                $"evidence of a format that this build knows: {string.Join(", ", Verifiers.All.Select(verifier => verifier.Tee).DefaultIfEmpty("none"))}",
                $"other bytes in {file.Name}");
    }

    private static Result<ImmutableArray<Bytes>> ReadEndorsements(DirectoryInfo? folder)
    {
        if (folder is null)
        {
            return ImmutableArray<Bytes>.Empty;
        }

        if (!folder.Exists)
        {
            return new Refusal(RefusalCode.EndorsementMissing, "a folder of endorsements", $"nothing at {folder.FullName}");
        }

        var read = ImmutableArray.CreateBuilder<Bytes>();
        foreach (var file in folder.GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal).Take(EvidenceAppraiser.MaxEndorsements + 1))
        {
            if (!InputFiles.Read(file, EvidenceAppraiser.MaxBytes).TryGet(out var bytes, out var refusals))
            {
                return refusals;
            }

            read.Add(new Bytes(bytes));
        }

        return read.ToImmutable();
    }
}
