using System.Buffers.Binary;
using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.AzureUvm;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;
using Org.BouncyCastle.Asn1.X509;

namespace CleanRoom.Attestation.AmdSevSnp;

/// <summary>Verifies attestation reports of AMD SEV-SNP guests: Milan, Genoa with Bergamo and Siena, Turin; VCEK and VLEK.</summary>
/// <remarks>Spec: contracts/spec/attestation/amd-sev-snp.md and azure-uvm.md; AMD 56860 and 57230.</remarks>
/// <param name="anchors">The roots that a report's chain may end in.</param>
/// <param name="uvmAnchors">The roots that the chain of Azure's statement about a utility VM may end in.</param>
public sealed class AmdSevSnpVerifier(ImmutableArray<TrustAnchor> anchors, ImmutableArray<TrustAnchor> uvmAnchors) : IEvidenceVerifier, IChainedVerifier
{
    private const int AlgorithmOffset = 0x34;
    private const uint FirstVersion = 2;
    private const uint LastPlausibleVersion = 63;

    /// <summary>One intermediate, ASK or ASVK: neither signing keys nor the root's own signature replaces it.</summary>
    private static readonly ChainRules s_rules = new() { MaxIntermediates = 1 };

    /// <summary>Uses AMD's roots.</summary>
    public AmdSevSnpVerifier()
        : this(TrustAnchor.Pinned("amd-ark-milan", "amd-ark-genoa", "amd-ark-turin"))
    {
    }

    /// <summary>Uses other roots for reports, and Microsoft's for its utility VMs.</summary>
    public AmdSevSnpVerifier(ImmutableArray<TrustAnchor> anchors)
        : this(anchors, UvmEndorsementVerifier.PinnedAnchors)
    {
    }

    /// <inheritdoc/>
    public string Tee => TeeNames.AmdSevSnp;

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> evidence) =>
        evidence.Length is >= SnpReport.SignedLength and <= 2 * SnpReport.Length
        && BinaryPrimitives.ReadUInt32LittleEndian(evidence) is >= FirstVersion and <= LastPlausibleVersion
        && BinaryPrimitives.ReadUInt32LittleEndian(evidence[AlgorithmOffset..]) == 1;

    /// <inheritdoc/>
    public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements)
    {
        ArgumentNullException.ThrowIfNull(endorsements);
        if (!SnpReportParser.Parse(evidence).TryGet(out var report, out var failures))
        {
            return failures;
        }

        var sorted = SnpEndorsements.Of(endorsements);
        var vek = sorted.Vek(report.SigningKey);
        if (report.Processor is not var (family, model))
        {
            // Version 2 does not name the processor. Its signing key does, and the chain decides whether that is so.
            return new SnpEvidence(report, SnpProduct.OfIssuer(vek?.Issuer.GetValueList(X509Name.CN).FirstOrDefault()), vek, sorted);
        }

        return SnpProduct.OfProcessor(family, model) is { } product
            ? new SnpEvidence(report, product, vek, sorted)
            : new FailedCheck(RefusalCode.EvidenceInvalid, "product", "a processor of Milan, Genoa or Turin", $"family {family:x2}h model {model:x2}h");
    }

    /// <inheritdoc/>
    public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at)
    {
        var snp = ParsedEvidence.ParsedHere<SnpEvidence>(evidence);
        if (snp.Vek is not { } vek)
        {
            var name = snp.Report.SigningKey == SnpSigningKey.Vlek ? "SEV-VLEK" : "SEV-VCEK";
            return new FailedCheck(RefusalCode.EndorsementMissing, "vek", $"the certificate of the report's key, {name}", "none");
        }

        var failures = ImmutableArray.CreateBuilder<FailedCheck>();

        // The numbers have the length of P-384's: a key of another kind or curve verifies none.
        if (!vek.Key.VerifyEcdsa(HashName.Sha384, snp.Report.Signed.Span, snp.Report.Signature.Span))
        {
            failures.Add(new FailedCheck(RefusalCode.EvidenceInvalid, "signature", $"one by {vek}, ecdsa p-384", "another"));
        }

        if (snp.Product is { } product)
        {
            failures.AddRange(SnpTcbCheck.Failures(snp.Report, product));
            failures.AddRange(VekCheck.Failures(snp.Report, product, vek));
        }
        else
        {
            failures.Add(new FailedCheck(RefusalCode.EvidenceInvalid, "vek-issuer", "SEV- or SEV-VLEK- and Milan, Genoa or Turin", "another name"));
        }

        var chain = Chain(snp, vek, at, failures);
        var uvm = UvmCheck.Verify(snp, uvmAnchors, at, failures);
        return failures.Count > 0 || chain is null
            ? failures.ToImmutable()
            : new VerifiedEvidence(snp.StatedClaims.WithUvm(uvm) with { Anchor = chain.Anchor.SpkiDigest }, AttestationVerdict.Affirming, Words(snp, chain, uvm))
            {
                VouchedBy = chain.Anchor.Name,
                ValidUntil = RevocationCheck.ValidUntil(chain, snp.Endorsements.RevocationLists),
            };
    }

    /// <inheritdoc/>
    IEnumerable<ChainQuestion> IChainedVerifier.Chains(ParsedEvidence evidence)
    {
        var snp = ParsedEvidence.ParsedHere<SnpEvidence>(evidence);
        return snp.Vek is { } vek ? [Question(snp, vek)] : [];
    }

    private ChainQuestion Question(SnpEvidence snp, Certificate vek) =>
        new("the key of the report", vek, snp.Endorsements.Certificates, anchors, s_rules) { Lists = snp.Endorsements.RevocationLists };

    private CertificateChain? Chain(SnpEvidence snp, Certificate vek, Timestamp at, ImmutableArray<FailedCheck>.Builder failures)
    {
        if (!Question(snp, vek).Build(at).TryGet(out var chain, out var broken))
        {
            failures.AddRange(broken);
            return null;
        }

        // Each product has a root of its own; the key of an older one must not speak for a newer one.
        var root = $"ARK-{snp.Product?.Name}";
        var got = chain.Anchor.Certificate.SubjectValue(X509Name.CN.Id);
        if (got != root || chain.Path.Length != 2)
        {
            failures.Add(new FailedCheck(RefusalCode.EvidenceInvalid, "chain-product", $"one intermediate below {root}", $"{chain.Path.Length - 1} below {got}"));
        }

        failures.AddRange(RevocationCheck.Failures(chain, snp.Endorsements.RevocationLists, at, _ => false));
        return chain;
    }

    private static ImmutableArray<string> Words(SnpEvidence snp, CertificateChain chain, VerifiedUvmEndorsement? uvm)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        if (snp.Report.SigningKey == SnpSigningKey.Vlek)
        {
            words.Add("the report's key was leased to a cloud provider: no single chip is proven, only one of that provider");
        }

        if (!snp.Endorsements.RevocationLists.Any(list => list.Issuer.Equivalent(chain.Anchor.Certificate.Subject)))
        {
            words.Add("amd's revocation list did not come with the evidence, so revocation was not checked");
        }

        if (uvm is not null)
        {
            words.Add("when microsoft signed its statement about the measurement is known from that statement alone");
        }

        return words.ToImmutable();
    }
}
