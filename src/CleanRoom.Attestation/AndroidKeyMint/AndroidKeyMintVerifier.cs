using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AndroidKeyMint;

/// <summary>Verifies that a key lies in the trusted hardware of an Android device (TrustZone, StrongBox), and which system the device booted.</summary>
/// <remarks>Spec: contracts/spec/attestation/android-keymint.md; Android, "Verify hardware-backed key pairs with key attestation".</remarks>
/// <param name="anchors">Trusted roots; a certificate in the evidence never becomes one.</param>
public sealed class AndroidKeyMintVerifier(ImmutableArray<TrustAnchor> anchors) : IEvidenceVerifier
{
    /// <summary>Leaves have the dates of the key, from 1970 on. The pinned copy of the older root lapsed in 2026; its key was issued again.</summary>
    private static readonly ChainRules s_rules = new() { IgnoreLeafDates = true, IgnoreAnchorDates = true };

    private static readonly ImmutableArray<string> s_words =
    [
        "a key in the device's trusted hardware is proven, and the system that booted; not that the code which uses the key is isolated from that system",
    ];

    /// <summary>Uses Google's roots for hardware attestation.</summary>
    public AndroidKeyMintVerifier()
        : this(TrustAnchor.Pinned("google-android-root-rsa", "google-android-root-ec"))
    {
    }

    /// <inheritdoc/>
    public string Tee => TeeNames.AndroidKeyMint;

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> evidence) => AttestationChain.Read(evidence).Any(HasExtension);

    /// <inheritdoc/>
    public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements)
    {
        ArgumentNullException.ThrowIfNull(endorsements);
        var chain = AttestationChain.Read(evidence);

        // Whoever holds an attested key can sign a certificate below it, with an extension that says anything.
        var attested = chain.Length - 1;
        while (attested >= 0 && !HasExtension(chain[attested]))
        {
            attested--;
        }

        if (attested < 0)
        {
            return FailedCheck.Invalid(
                "evidence-format", $"1 to {AttestationChain.MaxCertificates} certificates, leaf first, with the extension {KeyDescription.Oid}", "another form");
        }

        return KeyDescription.Parse(chain[attested].Extension(KeyDescription.Oid).Span) is { } description
            ? new KeyMintEvidence(chain, attested, description, [.. endorsements.Select(one => StatusList.Parse(one.Span)).OfType<StatusList>()])
            : FailedCheck.Invalid("key-description", "a key description in DER", "another form");
    }

    /// <inheritdoc/>
    public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at)
    {
        var parsed = ParsedEvidence.ParsedHere<KeyMintEvidence>(evidence);
        var failures = new List<FailedCheck>();
        CheckLevel("attestation-level", parsed.Description.AttestationLevel, failures);
        CheckLevel("key-level", parsed.Description.KeyLevel, failures);
        if (parsed.Attested != 0)
        {
            failures.Add(FailedCheck.Invalid(
                "attested-certificate", "an attested key that signs no further certificate", $"{parsed.Attested} below {parsed.Chain[parsed.Attested]}"));
        }

        var chain = BuildChain(parsed.Chain, at, failures);
        failures.AddRange(parsed.StatusLists.SelectMany(list => list.Failures(parsed.Chain)));
        return chain is not null && failures.Count == 0
            ? new VerifiedEvidence(parsed.StatedClaims with { Anchor = chain.Anchor.SpkiDigest }, AttestationVerdict.Warning, Words(parsed.StatusLists))
            {
                VouchedBy = chain.Anchor.Name,
                ValidUntil = ValidUntil(chain),
            }
            : failures.ToImmutableArray();
    }

    /// <summary>The path must be the one that was presented: the place of the extension is counted in it.</summary>
    private CertificateChain? BuildChain(ImmutableArray<Certificate> presented, Timestamp at, List<FailedCheck> failures)
    {
        if (!CertificateChain.Build(presented[0], presented[1..], anchors, at, s_rules).TryGet(out var chain, out var broken))
        {
            failures.AddRange(broken);
            return null;
        }

        var path = presented[^1].SpkiDigest == chain.Anchor.SpkiDigest ? presented[..^1] : presented;
        if (!chain.Path.SequenceEqual(path))
        {
            failures.Add(FailedCheck.Invalid("chain-order", $"the {chain.Path.Length} certificates below the root, leaf first, and no others", $"{path.Length} others"));
        }

        return chain;
    }

    private static void CheckLevel(string check, string got, List<FailedCheck> failures)
    {
        if (got == KeyDescription.Software)
        {
            failures.Add(new FailedCheck(RefusalCode.EvidenceNotAccepted, check, "tee or strongbox", got));
        }
    }

    private static ImmutableArray<string> Words(ImmutableArray<StatusList> lists) => s_words.Add(lists.IsEmpty
        ? "whether google took these keys back is not known: its status list did not come"
        : "google's status list is not signed: that these keys are not in it is worth what its sender is worth");

    private static Timestamp? ValidUntil(CertificateChain chain) => chain.Path.Length > 1
        ? Timestamp.From(new DateTimeOffset(chain.Path.Skip(1).Min(certificate => certificate.NotAfter), TimeSpan.Zero))
        : null;

    private static bool HasExtension(Certificate certificate) => certificate.Extension(KeyDescription.Oid).Length > 0;
}
