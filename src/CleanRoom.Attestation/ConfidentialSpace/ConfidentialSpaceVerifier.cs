using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Jose;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.ConfidentialSpace;

/// <summary>Verifies tokens of Google Cloud Attestation: kind PKI to a pinned root, kind OIDC with a key that the caller pinned.</summary>
/// <param name="anchors">Roots of the PKI kind.</param>
/// <param name="pinnedKeys">SHA-256 of the SubjectPublicKeyInfo of each OIDC signing key that the caller trusts. Google rotates them: empty is usual.</param>
/// <remarks>Spec: contracts/spec/attestation/gcp-confidential-space.md.</remarks>
public sealed class ConfidentialSpaceVerifier(ImmutableArray<TrustAnchor> anchors, ImmutableArray<Digest> pinnedKeys) : IEvidenceVerifier, IChainedVerifier
{
    /// <summary>The only issuer.</summary>
    internal const string Issuer = "https://confidentialcomputing.googleapis.com";

    /// <summary>Google's number among the private enterprises: <c>oemid</c> of its machines.</summary>
    private const long GoogleOemId = 11_129;

    private const long MostSeconds = 3_600;

    private static readonly ImmutableHashSet<string> s_hardware = ["GCP_AMD_SEV", "GCP_AMD_SEV_ES", "GCP_AMD_SEV_SNP", "GCP_INTEL_TDX"];

    /// <summary>Key sets that are looked at besides those among the endorsements.</summary>
    private readonly ImmutableArray<Bytes> _keySets = [];

    /// <summary>Makes a verifier with Google's pinned root and no pinned OIDC key.</summary>
    public ConfidentialSpaceVerifier()
        : this(TrustAnchor.Pinned("google-confidential-space-root"), [])
    {
    }

    private ConfidentialSpaceVerifier(Bytes keySet, JsonWebKeySet keys)
        : this(TrustAnchor.Pinned("google-confidential-space-root"), [.. keys.ReadAll().Select(key => key.Key.SpkiDigest())]) => _keySets = [keySet];

    /// <inheritdoc/>
    public string Tee => TeeNames.ConfidentialSpace;

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> evidence) => CompactJws.Parse(evidence) is { } token && token.Payload.TextAt("iss") is Issuer;

    /// <inheritdoc/>
    public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements)
    {
        ArgumentNullException.ThrowIfNull(endorsements);
        if (CompactJws.Parse(evidence) is not { } token)
        {
            return FailedCheck.Invalid("evidence-format", $"a compact JWS of at most {CompactJws.MaxBytes} bytes with JSON objects", "another form");
        }

        if (TokenTimes.Read(token.Payload) is not { } times)
        {
            return FailedCheck.Invalid("evidence-format", "iat, nbf and exp", "fewer, or of another form");
        }

        return ConfidentialSpaceClaims.Read(token.Payload) is { } claims
            ? new ConfidentialSpaceToken(token, times, EndorsementSet.Of(endorsements), claims)
            : FailedCheck.Invalid("evidence-format", "the claims of google cloud attestation", "fewer, or of another form");
    }

    /// <inheritdoc/>
    public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at)
    {
        var parsed = ParsedEvidence.ParsedHere<ConfidentialSpaceToken>(evidence);
        var failures = new List<FailedCheck>(parsed.Token.AlgorithmFailures());
        var chain = parsed.Token.Header.At("x5c") is null ? null : Chain(parsed.Token, at, failures);
        var anchor = parsed.Token.Header.At("x5c") is null ? PinnedKey(parsed, failures) : chain?.Anchor.SpkiDigest;
        failures.AddRange(parsed.Times.Failures(at, MostSeconds));
        failures.AddRange(ClaimFailures(parsed));
        return failures.Count > 0 || anchor is null
            ? failures.ToImmutableArray()
            : new VerifiedEvidence(parsed.StatedClaims with { Anchor = anchor }, AttestationVerdict.Affirming, [])
            {
                VouchedBy = chain?.Anchor.Name ?? Issuer,
                ValidUntil = Earliest.Of(parsed.Times.ValidUntil, chain?.ValidUntil),
            };
    }

    /// <summary>Makes a verifier with Google's pinned root that trusts every key of a set that the caller saved.</summary>
    internal static ConfidentialSpaceVerifier Trusting(Bytes keySet, JsonWebKeySet keys) => new(keySet, keys);

    private static IEnumerable<FailedCheck> ClaimFailures(ConfidentialSpaceToken parsed)
    {
        var payload = parsed.Token.Payload;
        if (payload.TextAt("iss") is not Issuer)
        {
            yield return FailedCheck.Invalid("issuer", Issuer, Printable.Text(payload.TextAt("iss")));
        }

        if (payload.IntegerAt("oemid") is not GoogleOemId)
        {
            yield return FailedCheck.Invalid("oemid", $"{GoogleOemId}", $"{payload.IntegerAt("oemid")?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}");
        }

        if (!s_hardware.Contains(parsed.StatedClaims.Values["hwModel"]))
        {
            yield return FailedCheck.Invalid("hwModel", $"one of {string.Join(", ", s_hardware.Order(StringComparer.Ordinal))}", Printable.Text(parsed.StatedClaims.Values["hwModel"]));
        }

        if (!parsed.StatedClaims.Values.ContainsKey(EvidenceClaims.Measurement))
        {
            yield return FailedCheck.Invalid(EvidenceClaims.Measurement, "the sha256 digest of a container image", "none");
        }
    }

    /// <inheritdoc/>
    IEnumerable<ChainQuestion> IChainedVerifier.Chains(ParsedEvidence evidence) =>
        Question(ParsedEvidence.ParsedHere<ConfidentialSpaceToken>(evidence).Token) is { } question ? [question] : [];

    private ChainQuestion? Question(CompactJws token) =>
        token.Certificates is [var leaf, .. var pool] ? new ChainQuestion("the key of the token", leaf, pool, anchors, ChainRules.Strict) : null;

    /// <summary>Kind PKI: the header's certificates lead to a pinned root, whose pinned copy is the one that counts.</summary>
    private CertificateChain? Chain(CompactJws token, Timestamp at, List<FailedCheck> failures)
    {
        if (Question(token) is not { } question)
        {
            failures.Add(FailedCheck.Invalid("chain", "certificates in x5c, leaf first", "none that can be read"));
            return null;
        }

        failures.AddRange(token.SignatureFailures(question.Leaf.Key));
        if (question.Build(at).TryGet(out var chain, out var chainFailures))
        {
            return chain;
        }

        failures.AddRange(chainFailures);
        return null;
    }

    /// <summary>Kind OIDC: a key set proves nothing by itself, so only a key that the caller pinned counts.</summary>
    private Digest? PinnedKey(ConfidentialSpaceToken parsed, List<FailedCheck> failures)
    {
        var key = _keySets.Concat(parsed.Endorsements.Others).Select(one => JsonWebKeySet.Parse(one.Span)?.Find(parsed.Token.KeyId)?.Key)
            .FirstOrDefault(found => found is not null && pinnedKeys.Contains(found.SpkiDigest()));
        if (key is null)
        {
            failures.Add(new FailedCheck(
                RefusalCode.EndorsementMissing, "signing-key", "a pinned key of the token's key id", Printable.Text(parsed.Token.KeyId)));
            return null;
        }

        failures.AddRange(parsed.Token.SignatureFailures(key));
        return key.SpkiDigest();
    }
}
