using System.Collections.Immutable;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;

namespace CleanRoom.Attestation.WindowsVbs;

/// <summary>A report whose form is right, the envelope that it came in, if any, and the certificates beside it.</summary>
internal sealed class VbsEvidence(VbsPackage package, SqlEnvelope? envelope, ImmutableArray<Certificate> certificates)
    : ParsedEvidence(VbsClaims.Of(package.Report, envelope))
{
    public VbsPackage Package { get; } = package;

    public SqlEnvelope? Envelope { get; } = envelope;

    /// <summary>Gets the certificates, that of the envelope first.</summary>
    public ImmutableArray<Certificate> Certificates { get; } = certificates;
}
