using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.IntelSgx;
using CleanRoom.Attestation.Jose;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AzureAttestation;

/// <summary>Verifies tokens of Microsoft Azure Attestation about SGX and VBS enclaves, SEV-SNP and TDX machines, and machines with a TPM.</summary>
/// <param name="issuers">The instances that the caller trusts. Empty: keys come with the evidence, and only a contract that names key and issuer accepts them.</param>
/// <param name="hardware">The roots in which the quote of the service's own enclave may end.</param>
/// <remarks>Spec: contracts/spec/attestation/azure-attestation.md.</remarks>
public sealed class AzureAttestationVerifier(ImmutableArray<TrustedTokenIssuer> issuers, ImmutableArray<TrustAnchor> hardware) : IEvidenceVerifier
{
    /// <summary>Claims that say who signed. Where the caller pinned nobody no value of them is safe.</summary>
    private const string SigningKeyClaim = "signingKey";
    private const string IssuerClaim = "issuer";

    private const string Version = "1.0";
    private const long MostSeconds = 8 * 3_600;

    private const string Service = "microsoft's service verified the hardware's evidence; nobody else did";
    private const string ByPolicy = "every claim about the machine is the word of the instance's policy: it means what the policy with that hash says";
    private const string OperatorReads = "neither a tpm nor vbs keeps whoever holds the machine from reading its memory";
    private const string QuoteUnverified = "the signing key's certificate holds a quote of the service's enclave, which was not verified: intel's collateral did not come, or is of another time";

    private readonly IntelSgxVerifier _sgx = new(hardware);

    /// <summary>Makes a verifier that trusts no instance by itself.</summary>
    public AzureAttestationVerifier()
        : this([])
    {
    }

    /// <summary>Makes a verifier with Intel's pinned root for the service's own quote.</summary>
    public AzureAttestationVerifier(ImmutableArray<TrustedTokenIssuer> issuers)
        : this(issuers, TrustAnchor.Pinned("intel-sgx-root"))
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
            ? new AzureToken(token, times, issuer, [.. endorsements], claims with { Values = claims.Values.Add(IssuerClaim, issuer) })
            : FailedCheck.Invalid("evidence-format", "the claims about sgx, sevsnpvm, tdxvm, azurevm with one of the last two, tpm or vbs", "others, fewer, or of another form");
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
        var quote = ServiceQuote.Of(key?.Certificate, parsed.Presented, _sgx, at);
        failures.AddRange(quote.Failures);
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
                Claims(parsed, key, quote), parsed.IsByPolicy ? AttestationVerdict.Warning : AttestationVerdict.Affirming, [.. Words(parsed, quote)])
            {
                VouchedBy = issuers.IsEmpty ? null : parsed.Issuer,
                ValidUntil = Earliest.Of(parsed.Times.ValidUntil, key.Certificate is { } signer ? Earliest.At(signer.NotAfter) : null),
            };
    }

    private static IEnumerable<string> Words(AzureToken parsed, ServiceQuote quote)
    {
        yield return Service;
        if (parsed.IsByPolicy)
        {
            yield return ByPolicy;
            yield return OperatorReads;
        }

        if (quote.State == ServiceQuote.Unverified)
        {
            yield return QuoteUnverified;
        }
    }

    private EvidenceClaims Claims(AzureToken parsed, JsonWebKey key, ServiceQuote quote)
    {
        var claims = parsed.StatedClaims;
        var digest = key.Key.SpkiDigest();
        return claims with
        {
            Anchor = digest,
            Values = claims.Values.Add(SigningKeyClaim, digest.ToString()).AddRange(quote.Claims()),
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
