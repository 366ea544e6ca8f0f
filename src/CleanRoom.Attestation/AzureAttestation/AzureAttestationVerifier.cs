using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Jose;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AzureAttestation;

/// <summary>Verifies tokens of Microsoft Azure Attestation about SGX enclaves and SEV-SNP or TDX machines.</summary>
/// <param name="issuers">The instances that the caller trusts. Empty: keys come with the evidence, and only a contract that names key and issuer accepts them.</param>
/// <remarks>Spec: contracts/spec/attestation/azure-attestation.md.</remarks>
public sealed class AzureAttestationVerifier(ImmutableArray<TrustedTokenIssuer> issuers) : IEvidenceVerifier
{
    /// <summary>Claims that say who signed. Where the caller pinned nobody no value of them is safe.</summary>
    private const string SigningKeyClaim = "signingKey";
    private const string IssuerClaim = "issuer";

    private const string Version = "1.0";
    private const long MostSeconds = 8 * 3_600;

    /// <summary>Makes a verifier that trusts no instance by itself.</summary>
    public AzureAttestationVerifier()
        : this([])
    {
    }

    /// <inheritdoc/>
    public string Tee => TeeNames.AzureAttestation;

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> evidence) =>
        CompactJws.Parse(evidence) is { } token && token.Payload.TextAt("x-ms-attestation-type") is not null && token.Payload.TextAt("x-ms-ver") is not null;

    /// <inheritdoc/>
    public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements)
    {
        ArgumentNullException.ThrowIfNull(endorsements);
        if (CompactJws.Parse(evidence) is not { } token)
        {
            return FailedCheck.Invalid("evidence-format", $"a compact JWS of at most {CompactJws.MaxBytes} bytes with JSON objects", "another form");
        }

        if (TokenTimes.Read(token.Payload) is not { } times || token.Payload.TextAt("iss") is not { } issuer)
        {
            return FailedCheck.Invalid("evidence-format", "iss, iat, nbf and exp", "fewer, or of another form");
        }

        return AzureClaims.Read(token.Payload) is { } claims
            ? new AzureToken(token, times, issuer, EndorsementSet.Of(endorsements), claims with { Values = claims.Values.Add(IssuerClaim, issuer) })
            : FailedCheck.Invalid("evidence-format", "the claims about sgx, sevsnpvm, tdxvm, or azurevm with one of the last two", "others, fewer, or of another form");
    }

    /// <inheritdoc/>
    public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at)
    {
        var parsed = ParsedEvidence.ParsedHere<AzureToken>(evidence);
        var failures = new List<FailedCheck>(parsed.Token.AlgorithmFailures());
        failures.AddRange(parsed.Times.Failures(at, MostSeconds));
        if (parsed.Token.Payload.TextAt("x-ms-ver") is not Version)
        {
            failures.Add(FailedCheck.Invalid("token-version", Version, Printable.Text(parsed.Token.Payload.TextAt("x-ms-ver"))));
        }

        var key = SigningKey(parsed, failures);
        if (key is not null)
        {
            failures.AddRange(parsed.Token.SignatureFailures(key.Key));
            if (key.Certificate is { } certificate && (at.Value < certificate.NotBefore || at.Value > certificate.NotAfter))
            {
                failures.Add(FailedCheck.Invalid("signing-key-validity", $"a certificate that is valid at {at}", $"{certificate.NotBefore:O} to {certificate.NotAfter:O}"));
            }
        }

        return failures.Count > 0 || key is null
            ? failures.ToImmutableArray()
            : new VerifiedEvidence(
                Claims(parsed, key), AttestationVerdict.Affirming, ["microsoft's service verified the hardware's evidence; nobody else did"]);
    }

    private EvidenceClaims Claims(AzureToken parsed, JsonWebKey key)
    {
        var claims = parsed.StatedClaims;
        var digest = key.Key.SpkiDigest();
        return claims with
        {
            Anchor = digest,
            Values = claims.Values.Add(SigningKeyClaim, digest.ToString()),
            Guarded = issuers.IsEmpty
                ? claims.Guarded.AddRange(
                    GuardedClaim.WithoutSafeValue(SigningKeyClaim, isJudgedAlone: true), GuardedClaim.WithoutSafeValue(IssuerClaim, isJudgedAlone: true))
                : claims.Guarded,
        };
    }

    /// <summary>The header's own keys and addresses are never asked. With pinned issuers, neither are the endorsements.</summary>
    private JsonWebKey? SigningKey(AzureToken parsed, List<FailedCheck> failures)
    {
        var issuer = issuers.FirstOrDefault(one => string.Equals(one.Issuer, parsed.Issuer, StringComparison.Ordinal));
        if (issuer is null && !issuers.IsEmpty)
        {
            failures.Add(FailedCheck.Invalid(IssuerClaim, $"one of {string.Join(", ", issuers.Select(one => one.Issuer))}", Printable.Text(parsed.Issuer)));
            return null;
        }

        var sets = issuer is null ? parsed.Endorsements.Others : [issuer.KeySet];
        var key = sets.Select(set => JsonWebKeySet.Parse(set.Span)?.Find(parsed.Token.KeyId)).FirstOrDefault(found => found is not null);
        if (key is null)
        {
            failures.Add(new FailedCheck(
                RefusalCode.EndorsementMissing, "signing-key", "the key of the token's key id in the issuer's key set", Printable.Text(parsed.Token.KeyId)));
        }

        return key;
    }
}
