using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Cose;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.ArmPsa;

/// <summary>Verifies PSA attestation tokens. Spec: contracts/spec/attestation/arm-psa.md.</summary>
/// <remarks>There is no root: the device's key comes as an endorsement, and its digest is the anchor that a contract names.</remarks>
public sealed class ArmPsaVerifier : IEvidenceVerifier
{
    private const int MaxBytes = 16 * 1_024;
    private const string Part = "psa token";
    private const string NotMeasured = "none";

    /// <inheritdoc/>
    public string Tee => TeeNames.ArmPsa;

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> evidence) => evidence.Length <= MaxBytes && CoseSign1.LooksLikeOne(evidence) && PsaProfile.IsIn(evidence);

    /// <inheritdoc/>
    public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements)
    {
        if (!CoseSign1.Parse(evidence, MaxBytes, Part).TryGet(out var message, out var failures))
        {
            return failures;
        }

        var reader = new ClaimReader(Part);
        if (CborItem.Parse(message.Payload.Span, MaxBytes) is not { Kind: CborKind.Map } payload || PsaProfile.Of(payload) is not { } profile)
        {
            reader.Fail("payload", "a map with a known profile", $"{message.Payload.Length} other bytes");
            return reader.Failures;
        }

        var token = PsaToken.Read(payload, profile, reader);
        return reader.Failures is { IsEmpty: false } malformed
            ? malformed
            : new PsaEvidence(Claims(token), message, token, PublicKeyReader.ReadAll(endorsements));
    }

    /// <inheritdoc/>
    public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at)
    {
        var parsed = ParsedEvidence.ParsedHere<PsaEvidence>(evidence);
        var failures = new List<FailedCheck>();
        var key = EndorsedSignature.Find(parsed.Message, parsed.Keys, string.Empty, failures);
        if (parsed.Token.Components is null)
        {
            failures.Add(new FailedCheck(RefusalCode.EvidenceInvalid, EvidenceClaims.Measurement, "software components", "a token that says that nothing was measured"));
        }

        return key is not null && failures.Count == 0
            ? new VerifiedEvidence(parsed.StatedClaims with { Anchor = key.SpkiDigest() }, AttestationVerdict.Affirming, []) { IsAnchorPresented = true }
            : failures.ToImmutableArray();
    }

    private static EvidenceClaims Claims(PsaToken token)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        token.Components?.AddTo(values);
        values[EvidenceClaims.Measurement] = token.Components?.Digest ?? NotMeasured;
        values["implementationId"] = Hex.Of(token.ImplementationId.Span);
        values["clientId"] = ((int)token.ClientId).ToString("x8", CultureInfo.InvariantCulture);
        values[ArmLifecycle.Claim] = token.Lifecycle;
        values["profile"] = token.Profile.Name;
        if (token.BootSeed is { } seed)
        {
            values["bootSeed"] = Hex.Of(seed.Span);
        }

        if (token.Certification is { } certification)
        {
            values["certification"] = certification;
        }

        return new EvidenceClaims
        {
            ReportData = Hex.Of(token.Nonce.Span),
            Values = values.ToImmutable(),
            Tcb = ImmutableSortedDictionary<string, int>.Empty,
            ChipId = Hex.Of(token.InstanceId.Span),
            Debug = ArmLifecycle.IsDebug(token.Lifecycle),
            Anchor = null,
            Guarded = [new GuardedClaim(ArmLifecycle.Claim, ArmLifecycle.Secured, IsJudgedAlone: true)],
        };
    }
}
