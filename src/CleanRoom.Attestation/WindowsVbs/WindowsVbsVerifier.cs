using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.WindowsVbs;

/// <summary>Verifies reports of Windows VBS (VSM) enclaves, alone or in the envelope of SQL Server.</summary>
/// <param name="anchors">The Host Guardian Services that the caller trusts. Empty: a root comes with the evidence, and only a contract that names its key accepts it.</param>
/// <remarks>Spec: contracts/spec/attestation/windows-vbs.md. Microsoft has no root here: every operator of hosts runs a service of its own.</remarks>
public sealed class WindowsVbsVerifier(ImmutableArray<TrustAnchor> anchors) : IEvidenceVerifier
{
    private const int DigestBytes = 32;

    private static readonly ImmutableArray<string> s_words =
    [
        "the hypervisor isolates a vbs enclave and memory is not encrypted: whoever holds the machine can read it",
        "a host guardian service measured the host through its tpm; nobody else did",
    ];

    private const string NoNonce = "this envelope binds the enclave's key and no nonce: it may be as old as the host's certificate";

    /// <summary>Makes a verifier that trusts no service by itself.</summary>
    public WindowsVbsVerifier()
        : this([])
    {
    }

    /// <inheritdoc/>
    public string Tee => TeeNames.WindowsVbs;

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> evidence) => VbsPackage.LooksLikeOne(evidence) || SqlEnvelope.LooksLikeOne(evidence);

    /// <inheritdoc/>
    public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements)
    {
        ArgumentNullException.ThrowIfNull(endorsements);
        var envelope = SqlEnvelope.LooksLikeOne(evidence) ? SqlEnvelope.Parse(evidence) : null;
        if (VbsPackage.Parse(envelope is null ? evidence : envelope.Package.Span) is not { } package)
        {
            return FailedCheck.Invalid(
                "evidence-format", $"a report package of at most {VbsPackage.MaxBytes} bytes, or an envelope of SQL Server with one, of the stated lengths", "another form");
        }

        ImmutableArray<Certificate> inside = envelope is null ? [] : [.. new[] { Certificate.Parse(envelope.Certificate.Span) }.OfType<Certificate>()];
        return new VbsEvidence(package, envelope, [.. inside, .. EndorsementSet.Of(endorsements).Certificates]);
    }

    /// <inheritdoc/>
    public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at)
    {
        var parsed = ParsedEvidence.ParsedHere<VbsEvidence>(evidence);
        var failures = new List<FailedCheck>();
        var chain = HealthCertificate.Find(parsed.Package, parsed.Certificates, failures) is { } health ? BuildChain(parsed, health, at, failures) : null;
        if (parsed.Envelope is { } envelope)
        {
            CheckEnvelope(envelope, parsed.Package.Report, failures);
        }

        return chain is not null && failures.Count == 0
            ? new VerifiedEvidence(
                parsed.StatedClaims with { Anchor = chain.Anchor.SpkiDigest },
                AttestationVerdict.Warning,
                parsed.Envelope is null ? s_words : s_words.Add(NoNonce))
            {
                VouchedBy = anchors.IsEmpty ? null : chain.Anchor.Name,
                ValidUntil = chain.ValidUntil,
                IsAnchorPresented = anchors.IsEmpty,
            }
            : failures.ToImmutableArray();
    }

    private CertificateChain? BuildChain(VbsEvidence parsed, Certificate health, Timestamp at, List<FailedCheck> failures)
    {
        failures.AddRange(HealthCertificate.Failures(health));
        ImmutableArray<TrustAnchor> roots = anchors.IsEmpty ? [.. parsed.Certificates.Where(one => one.IsSignedBy(one.Key)).Select(Presented)] : anchors;
        if (CertificateChain.Build(health, parsed.Certificates, roots, at, ChainRules.Strict).TryGet(out var chain, out var broken))
        {
            return chain;
        }

        failures.AddRange(broken);
        return null;
    }

    /// <summary>Without these anybody puts a key of his own beside a genuine report.</summary>
    private static void CheckEnvelope(SqlEnvelope envelope, VbsReport report, List<FailedCheck> failures)
    {
        var digest = HashName.Sha256.Hash(envelope.EnclaveKey.Span);
        if (!report.EnclaveData.Span.SequenceEqual([.. digest, .. new byte[DigestBytes]]))
        {
            failures.Add(FailedCheck.Invalid(
                "enclave-key-binding", $"enclave data {Convert.ToHexStringLower(digest)} and zeros", Convert.ToHexStringLower(report.EnclaveData.Span)));
        }

        if (envelope.Key() is not { } key)
        {
            failures.Add(FailedCheck.Invalid("enclave-key", "a public RSA key of 2,048 bits or more", "another form"));
        }
        else if (!key.VerifyPkcs1(HashName.Sha256, envelope.SessionKey.Span, envelope.SessionSignature.Span))
        {
            failures.Add(FailedCheck.Invalid("session-signature", "one by the enclave's key over the session's key", "another"));
        }
    }

    private static TrustAnchor Presented(Certificate certificate) => TrustAnchor.Trusted("a service that came with the evidence", certificate.Der.Span);
}
