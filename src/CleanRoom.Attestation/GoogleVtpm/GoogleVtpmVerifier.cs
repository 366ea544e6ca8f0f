using System.Collections.Immutable;
using CleanRoom.Attestation.AmdSevSnp;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.IntelTdx;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.GoogleVtpm;

/// <summary>Verifies Shielded and Confidential VMs of Google Compute Engine: quotes of a virtual TPM whose key Google certifies.</summary>
/// <remarks>Endorsements: issuers of the key's certificate, revocation lists, those of the hardware's evidence. Spec: contracts/spec/attestation/gcp-vtpm.md.</remarks>
/// <param name="google">The roots that certificates of attestation keys may lead to.</param>
/// <param name="amd">The roots that an SNP report's chain may end in.</param>
/// <param name="intel">The roots that a TDX quote's chain may end in.</param>
public sealed class GoogleVtpmVerifier(ImmutableArray<TrustAnchor> google, ImmutableArray<TrustAnchor> amd, ImmutableArray<TrustAnchor> intel) : IEvidenceVerifier
{
    /// <summary>What every result with the hardware's evidence says.</summary>
    public const string ApartFromHardware =
        "the quotes and the hardware's evidence have the nonce in common and nothing else: that both are of one machine is not proven";

    /// <summary>Report data of SNP and TDX: the nonce, then zeros. Source: google/go-tpm-tools, client.Attest.</summary>
    private const int HardwareReportDataBytes = 64;

    private const int MessageKeyTag = 0x0A;

    private readonly AmdSevSnpVerifier _snp = new(amd);
    private readonly IntelTdxVerifier _tdx = new(intel);

    /// <summary>Makes a verifier with the pinned roots of Google, AMD and Intel.</summary>
    public GoogleVtpmVerifier()
        : this(
            TrustAnchor.Pinned("google-ek-ak-root", "google-tpm-ek-root"),
            TrustAnchor.Pinned("amd-ark-milan", "amd-ark-genoa", "amd-ark-turin"),
            TrustAnchor.Pinned("intel-sgx-root"))
    {
    }

    /// <inheritdoc/>
    public string Tee => TeeNames.GoogleVtpm;

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> evidence)
    {
        // The first field is a TPMT_PUBLIC: a length of one or two bytes, then RSA or ECC, and a name algorithm.
        var reader = new ByteReader(evidence);
        return reader.Byte() == MessageKeyTag && (reader.Byte() < 0x80 || reader.Byte() < 0x80)
            && reader.UInt16Big() is TpmAlgorithms.Rsa or TpmAlgorithms.Ecc && reader.UInt16Big() is TpmAlgorithms.Sha256 or TpmAlgorithms.Sha384 or TpmAlgorithms.Sha512;
    }

    /// <inheritdoc/>
    public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements)
    {
        ArgumentNullException.ThrowIfNull(endorsements);
        if (!GoogleAttestation.Parse(evidence).TryGet(out var attestation, out var failures))
        {
            return failures;
        }

        var sorted = EndorsementSet.Of([.. attestation.Certificates, .. endorsements]);
        if (attestation.Hardware is not { } hardware)
        {
            return new GoogleVtpmEvidence(attestation, sorted, hardware: null);
        }

        IEvidenceVerifier verifier = hardware.Tee == TeeNames.AmdSevSnp ? _snp : _tdx;
        return verifier.Parse(hardware.Evidence.Span, [.. hardware.Endorsements, .. endorsements]).TryGet(out var parsed, out failures)
            ? new GoogleVtpmEvidence(attestation, sorted, (verifier, parsed))
            : failures;
    }

    /// <inheritdoc/>
    public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at)
    {
        var parsed = ParsedEvidence.ParsedHere<GoogleVtpmEvidence>(evidence);
        var attestation = parsed.Attestation;
        var failures = GoogleVtpmCheck.Failures(attestation)
            .Concat(parsed.Hardware is { } hardware ? NonceFailures(attestation, hardware.Evidence) : [])
            .Concat(attestation.Canonical is { } launch ? CanonicalLogCheck.Failures(launch, attestation, parsed.Hardware?.Evidence.StatedClaims) : [])
            .ToImmutableArray();
        var isTrusted = Trust(parsed, at).TryGet(out var trust, out var untrusted);
        var inner = parsed.Hardware is { } one ? one.Verifier.Verify(one.Evidence, at) : null;
        failures = [.. failures, .. untrusted, .. inner?.Failures ?? []];
        return failures.IsEmpty && isTrusted ? Verified(parsed, trust!, inner) : failures;
    }

    /// <summary>Google's kind of evidence without Google's certificate would be anybody's.</summary>
    private CheckResult<TpmKeyTrust> Trust(GoogleVtpmEvidence parsed, Timestamp at)
    {
        if (parsed.Endorsements.Certificates.IsEmpty)
        {
            return new FailedCheck(RefusalCode.EndorsementMissing, "ak-certificate", "google's certificate of the key that quotes", "none");
        }

        if (!TpmKeyTrust.Of(parsed.Attestation.Key.Key, parsed.Endorsements, google, at).TryGet(out var trust, out var failures))
        {
            return failures;
        }

        return parsed.Attestation.Instance is { } stated && stated != GceInstance.Of(trust.Certificate!)
            ? FailedCheck.Invalid("instance-info", "the instance that the key's certificate names", Printable.Text(stated.ToString()))
            : trust;
    }

    /// <summary>The hardware's evidence must be as fresh as the quotes.</summary>
    private static IEnumerable<FailedCheck> NonceFailures(GoogleAttestation attestation, ParsedEvidence hardware)
    {
        var nonce = attestation.Quotes[0].Statement.ExtraData;
        var wanted = Hex.Of(nonce.Span).PadRight(2 * HardwareReportDataBytes, '0');
        if (wanted != hardware.StatedClaims.ReportData)
        {
            yield return FailedCheck.Invalid("hardware-nonce", $"hardware report data {wanted}, the quotes' nonce and zeros", hardware.StatedClaims.ReportData);
        }
    }

    private static VerifiedEvidence Verified(GoogleVtpmEvidence parsed, TpmKeyTrust trust, CheckResult<VerifiedEvidence>? inner)
    {
        VerifiedEvidence? hardware = null;
        inner?.TryGet(out hardware, out _);
        var claims = GoogleVtpmClaims.Verified(parsed.Attestation, trust, hardware?.Claims, parsed.Hardware?.Verifier.Tee);
        ImmutableArray<string> words =
        [
            .. hardware is null ? [TpmVerifier.BareQuote] : hardware.Words.Add(ApartFromHardware),
            .. trust.IsRevocationKnown ? Array.Empty<string>() : [TpmVerifier.NoRevocation],
        ];
        return new VerifiedEvidence(claims, AttestationVerdict.Warning, words) { ValidUntil = hardware?.ValidUntil };
    }
}
