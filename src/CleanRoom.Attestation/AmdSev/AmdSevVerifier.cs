using System.Buffers.Binary;
using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AmdSev;

/// <summary>Verifies that a platform is one of AMD's with SEV or SEV-ES. It proves no guest: that technology has no report for others than the guest's owner.</summary>
/// <remarks>Spec: contracts/spec/attestation/amd-sev.md; AMD 55766 appendices B and C. These certificates have no dates and no revocation.</remarks>
public sealed class AmdSevVerifier(ImmutableArray<SevRoot> roots) : IEvidenceVerifier
{
    private const int UsageOffset = 8;

    private static readonly ImmutableArray<string> s_words =
    [
        "only the platform is proven, and neither a guest nor its code: this evidence answers no question of a relying party",
        "sev and sev-es do not protect the guest's memory against changes by the host",
        "these certificates have no dates and no revocation list",
    ];

    /// <summary>Uses AMD's roots.</summary>
    public AmdSevVerifier()
        : this(SevRoot.Pinned)
    {
    }

    /// <inheritdoc/>
    public string Tee => TeeNames.AmdSev;

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> evidence) =>
        evidence.Length is > SevCertificate.Length and <= 2 * SevPlatform.Length
        && BinaryPrimitives.ReadUInt32LittleEndian(evidence) == 1
        && BinaryPrimitives.ReadUInt32LittleEndian(evidence[UsageOffset..]) == (uint)SevKeyUsage.Pdh;

    /// <inheritdoc/>
    public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements)
    {
        ArgumentNullException.ThrowIfNull(endorsements);
        return SevPlatform.Parse(evidence).TryGet(out var platform, out var failures)
            ? new SevEvidence(platform, SevEndorsements.Of(endorsements))
            : failures;
    }

    /// <inheritdoc/>
    public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at)
    {
        var sev = ParsedEvidence.ParsedHere<SevEvidence>(evidence);
        var failures = ImmutableArray.CreateBuilder<FailedCheck>();
        var ((pdh, pek, oca, cek), (ask, ark)) = (sev.Platform, sev.Endorsements);
        Check(pek.Signs(pdh), "pdh-signature", "one by the pek");
        Check(oca.Signs(pek), "pek-owner-signature", "one by the oca");
        Check(cek.Signs(pek), "pek-chip-signature", "one by the cek");
        Check(oca.Signs(oca), "oca-signature", "one by itself");
        Missing(ask, "ask", "amd's signing key");
        Missing(ark, "ark", "amd's root");
        if (ask is not null)
        {
            Check(ask.Signs(cek), "cek-signature", "one by the ask");
            Check(ark is null || ark.Signs(ask), "ask-signature", "one by the ark");
        }

        var root = ark is null ? null : roots.FirstOrDefault(root => root.SpkiDigest == ark.Key.SpkiDigest());
        if (ark is not null)
        {
            Check(ark.Signs(ark), "ark-signature", "one by itself");
            Check(root is not null, "chain", $"the root {string.Join(" or ", roots.Select(one => one.Name))}");
        }

        return failures.Count > 0 || root is null
            ? failures.ToImmutable()
            : new VerifiedEvidence(sev.StatedClaims with { Anchor = root.SpkiDigest }, AttestationVerdict.Warning, s_words) { VouchedBy = root.Name };

        void Check(bool holds, string check, string wanted)
        {
            if (!holds)
            {
                failures.Add(new FailedCheck(RefusalCode.EvidenceInvalid, check, wanted, "another"));
            }
        }

        void Missing(SevAuthority? authority, string check, string wanted)
        {
            if (authority is null)
            {
                failures.Add(new FailedCheck(RefusalCode.EndorsementMissing, check, $"the certificate of {wanted}", "none"));
            }
        }
    }
}
