using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Attestation.Tpm.EventLog;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tpm;

/// <summary>Verifies quotes of a TPM 2.0. At best a warning: a TPM does not keep the operator out. Spec: contracts/spec/attestation/tpm.md.</summary>
/// <param name="anchors">The roots that certificates of attestation keys may lead to.</param>
public sealed class TpmVerifier(ImmutableArray<TrustAnchor> anchors) : IEvidenceVerifier, IChainedVerifier
{
    /// <summary>What every result says.</summary>
    public const string BareQuote =
        "a tpm says what was started; it does not keep the operator of the machine from reading the memory, and where the tpm is software, as in a virtual machine, the host holds its keys";

    /// <summary>What a result without a certificate says besides.</summary>
    public const string NoCertificate =
        "nobody vouches that the attestation key lies in a tpm: a software tpm, or a program that plays one, signs the same; only a contract that names this very key gives it a meaning";

    /// <summary>What a result without revocation lists says besides.</summary>
    public const string NoRevocation = "whether the attestation key's certificate was revoked is not known: no current list of every issuer came";

    /// <summary>Makes a verifier with the pinned roots: Google's two hierarchies of virtual TPMs.</summary>
    public TpmVerifier()
        : this(TrustAnchor.Pinned("google-ek-ak-root", "google-tpm-ek-root"))
    {
    }

    /// <inheritdoc/>
    public string Tee => TeeNames.Tpm;

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> evidence) =>
        evidence.Length > 0 && evidence[0] == '{' && evidence.EndsWith("\"type\":\"cleanroom/v1/tpm-evidence\"}"u8);

    /// <inheritdoc/>
    public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements)
    {
        ArgumentNullException.ThrowIfNull(endorsements);
        var sorted = EndorsementSet.Of(endorsements);
        if (!TpmEvidenceReader.Read(evidence).TryGet(out var parts, out var failures))
        {
            return failures;
        }

        // One that is left out would turn a certified key into one that stands for itself.
        return sorted.Others.IsEmpty
            ? new TpmEvidence(parts, sorted)
            : new FailedCheck(RefusalCode.EvidenceInvalid, "endorsements", "certificates and revocation lists", $"{sorted.Others.Length} of another form");
    }

    /// <inheritdoc/>
    public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at)
    {
        var tpm = ParsedEvidence.ParsedHere<TpmEvidence>(evidence);
        var failures = OwnFailures(tpm)
            .Concat(TpmQuoteCheck.Failures(tpm.Quote, tpm.Signature, tpm.Pcrs, tpm.Key.Key))
            .Concat(tpm.Log is { } log ? tpm.Pcrs.Banks.SelectMany(bank => EventLogCheck.Failures(log, bank, tpm.Pcrs)) : [])
            .ToImmutableArray();
        if (!TpmKeyTrust.Of(tpm.Key.Key, tpm.Endorsements, anchors, at).TryGet(out var trust, out var untrusted))
        {
            return failures.AddRange(untrusted);
        }

        return failures.IsEmpty ? new VerifiedEvidence(Claims(tpm, trust), AttestationVerdict.Warning, Words(trust)) { ValidUntil = trust.ValidUntil } : failures;
    }

    /// <inheritdoc/>
    IEnumerable<ChainQuestion> IChainedVerifier.Chains(ParsedEvidence evidence)
    {
        var tpm = ParsedEvidence.ParsedHere<TpmEvidence>(evidence);
        return TpmKeyTrust.Question(tpm.Key.Key, tpm.Endorsements, anchors) is { } question ? [question] : [];
    }

    private static IEnumerable<FailedCheck> OwnFailures(TpmEvidence tpm)
    {
        if (tpm.Key.AttributeFailure is { } unfit)
        {
            yield return unfit;
        }

        foreach (var failure in TpmQuoteCheck.BankFailures(tpm.Quote))
        {
            yield return failure;
        }

        if (tpm.Signature.Hash == HashName.Sha512)
        {
            yield return new FailedCheck(RefusalCode.EvidenceInvalid, "signature-hash", "sha256 or sha384, the hash of the pcr digest", tpm.Signature.Hash.ToString());
        }
    }

    private static EvidenceClaims Claims(TpmEvidence tpm, TpmKeyTrust trust) => tpm.StatedClaims with
    {
        Anchor = trust.Anchor,
        Values = tpm.StatedClaims.Values
            .Add("akCertified", trust.Certificate is null ? "false" : "true")
            .AddRange(trust.Certificate is { } certificate ? AttestationKeyCertificate.Claims(certificate) : [])
            .AddRange(tpm.Log is { } log ? EventLogClaims.Of(log, tpm.Pcrs.Banks[0], tpm.Pcrs) : []),
    };

    private static ImmutableArray<string> Words(TpmKeyTrust trust) =>
    [
        BareQuote,
        .. trust.Certificate is null ? [NoCertificate] : trust.IsRevocationKnown ? Array.Empty<string>() : [NoRevocation],
    ];
}
