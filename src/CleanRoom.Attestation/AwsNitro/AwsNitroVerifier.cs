using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Cose;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using Org.BouncyCastle.Asn1.X509;

namespace CleanRoom.Attestation.AwsNitro;

/// <summary>Verifies attestation documents of AWS Nitro Enclaves. Spec: contracts/spec/attestation/aws-nitro.md.</summary>
/// <param name="anchors">Trusted roots; the certificates in a document never become one.</param>
public sealed class AwsNitroVerifier(ImmutableArray<TrustAnchor> anchors) : IEvidenceVerifier, IChainedVerifier
{
    private const int MaxBytes = 32 * 1_024;
    private const int RecognisedBytes = 64;
    private const string Part = "attestation document";
    private const string TpmRegisters = "nitrotpm_pcrs";

    /// <summary>How old a document may be: one hour. Its leaf lives three; freshness itself comes from the nonce in the report data.</summary>
    private static readonly TimeSpan s_maxAge = TimeSpan.FromHours(1);

    /// <summary>How far the hypervisor's clock may be ahead: five minutes.</summary>
    private static readonly TimeSpan s_maxAhead = TimeSpan.FromMinutes(5);

    /// <summary>Uses the root of AWS, G1.</summary>
    public AwsNitroVerifier()
        : this(TrustAnchor.Pinned("aws-nitro-root-g1"))
    {
    }

    /// <inheritdoc/>
    public string Tee => TeeNames.AwsNitro;

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> evidence)
    {
        // The security module writes module_id first. A torn or longer document is one too, so that the refusal says what is wrong with it.
        var start = evidence.Length > RecognisedBytes ? evidence[..RecognisedBytes] : evidence;
        return CoseSign1.LooksLikeOne(evidence) && start.IndexOf("\x69module_id"u8) >= 0;
    }

    /// <inheritdoc/>
    public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements)
    {
        if (!CoseSign1.Parse(evidence, MaxBytes, Part).TryGet(out var message, out var failures))
        {
            return failures;
        }

        var reader = new ClaimReader(Part);
        if (CborItem.Parse(message.Payload.Span, MaxBytes) is not { Kind: CborKind.Map } payload)
        {
            reader.Fail("payload", "a map", $"{message.Payload.Length} other bytes");
            return reader.Failures;
        }

        if (payload[TpmRegisters] is not null)
        {
            // Root and form are the same, and the registers are those of an instance and not of an enclave's image.
            return FailedCheck.Invalid("nitrotpm", "the document of an enclave, with pcrs", $"one of an instance's nitrotpm, with {TpmRegisters}: this program does not verify it");
        }

        var document = NitroDocument.Read(payload, reader);
        return reader.Failures is { IsEmpty: false } malformed ? malformed : new NitroEvidence(NitroClaims.Of(document), message, document);
    }

    /// <inheritdoc/>
    public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at)
    {
        var (message, document) = evidence is NitroEvidence parsed
            ? (parsed.Message, parsed.Document)
            : throw new ArgumentException("wanted evidence that this verifier parsed", nameof(evidence));
        var failures = new List<FailedCheck>();
        CheckAlgorithm(message, failures);
        CheckTime(document, at, failures);
        if (Certificate.Parse(document.Certificate.Span) is not { } leaf)
        {
            failures.Add(FailedCheck.Invalid("chain", "a certificate", $"{document.Certificate.Length} bytes that are none"));
            return failures.ToImmutableArray();
        }

        CheckLeaf(leaf, failures);
        if (!message.IsSignedBy(leaf.Key))
        {
            failures.Add(FailedCheck.Invalid("signature", "made by the key of the leaf", "another"));
        }

        var chain = BuildChain(document, leaf, at, failures);
        return chain is not null && failures.Count == 0
            ? new VerifiedEvidence(evidence.StatedClaims with { Anchor = chain.Anchor.SpkiDigest }, AttestationVerdict.Affirming, [])
            {
                VouchedBy = chain.Anchor.Name,
                ValidUntil = chain.ValidUntil,
            }
            : failures.ToImmutableArray();
    }

    /// <inheritdoc/>
    IEnumerable<ChainQuestion> IChainedVerifier.Chains(ParsedEvidence evidence)
    {
        var document = ParsedEvidence.ParsedHere<NitroEvidence>(evidence).Document;
        return Certificate.Parse(document.Certificate.Span) is { } leaf ? [Question(document, leaf)] : [];
    }

    private ChainQuestion Question(NitroDocument document, Certificate leaf) => new(
        "the key of the document", leaf, [.. document.Bundle.Select(der => Certificate.Parse(der.Span)).OfType<Certificate>()], anchors, ChainRules.Strict);

    private CertificateChain? BuildChain(NitroDocument document, Certificate leaf, Timestamp at, List<FailedCheck> failures)
    {
        if (!Question(document, leaf).Build(at).TryGet(out var chain, out var broken))
        {
            failures.AddRange(broken);
            return null;
        }

        // The specification wants the bundle to be the path from the root down; the path that was checked ends in the pinned copy of that root.
        Bytes[] path = [.. chain.Path.Skip(1).Select(step => step.Der).Append(chain.Anchor.Certificate.Der).Reverse()];
        if (!document.Bundle.SequenceEqual(path))
        {
            failures.Add(FailedCheck.Invalid("cabundle", $"the {path.Length} certificates from the pinned root down, in order", $"{document.Bundle.Length} others"));
        }

        return chain;
    }

    private static void CheckAlgorithm(CoseSign1 message, List<FailedCheck> failures)
    {
        if (message.Algorithm != CoseAlgorithm.Es384)
        {
            failures.Add(FailedCheck.Invalid("algorithm", nameof(CoseAlgorithm.Es384), message.Algorithm.ToString()));
        }
    }

    private static void CheckTime(NitroDocument document, Timestamp at, List<FailedCheck> failures)
    {
        if (document.MadeAt.Value < at.Value - s_maxAge || document.MadeAt.Value > at.Value + s_maxAhead)
        {
            failures.Add(FailedCheck.Invalid("timestamp", $"at most {s_maxAge.TotalMinutes} minutes before and {s_maxAhead.TotalMinutes} after {at}", document.MadeAt.ToString()));
        }
    }

    /// <summary>The certificates of the instance and the zone may issue; only the enclave's own may sign documents.</summary>
    private static void CheckLeaf(Certificate leaf, List<FailedCheck> failures)
    {
        if (leaf.Constraints.IsCa || leaf.KeyUsageBits is not { } usage || (usage & KeyUsage.DigitalSignature) == 0)
        {
            failures.Add(FailedCheck.Invalid("leaf", "a certificate that may sign and not issue", leaf.ToString()));
        }
    }
}
