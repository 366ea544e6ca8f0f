using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.ArmPsa;
using CleanRoom.Attestation.Cose;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.ArmCca;

/// <summary>Verifies CCA attestation tokens of realms. Spec: contracts/spec/attestation/arm-cca.md.</summary>
/// <remarks>There is no root: the platform's key comes as an endorsement, and its digest is the anchor that a contract names.</remarks>
public sealed class ArmCcaVerifier : IEvidenceVerifier
{
    private const int MaxBytes = 32 * 1_024;
    private const ulong CollectionTag = 399;
    private const long PlatformToken = 44234;
    private const long RealmToken = 44241;
    private const string PlatformPart = "platform token";
    private const string RealmPart = "realm token";

    /// <inheritdoc/>
    public string Tee => TeeNames.ArmCca;

    /// <inheritdoc/>
    public bool Recognises(ReadOnlySpan<byte> evidence) => evidence.StartsWith((ReadOnlySpan<byte>)[0xd9, 0x01, 0x8f]);

    /// <inheritdoc/>
    public CheckResult<ParsedEvidence> Parse(ReadOnlySpan<byte> evidence, IReadOnlyList<Bytes> endorsements)
    {
        if (CborItem.Parse(evidence, MaxBytes) is not { Kind: CborKind.Tagged, Tag: CollectionTag } tagged
            || tagged.Items[0] is not { Entries.Length: 2 } collection
            || collection[PlatformToken] is not { Kind: CborKind.ByteString } platformBytes || collection[RealmToken] is not { Kind: CborKind.ByteString } realmBytes)
        {
            return new FailedCheck(RefusalCode.EvidenceInvalid, "evidence-format", $"tag {CollectionTag} over a platform token and a realm token", "another form");
        }

        var failures = new List<FailedCheck>();
        var (platformMessage, platform) = Read(platformBytes.Content, PlatformPart, CcaPlatform.Read, failures);
        var (realmMessage, realm) = Read(realmBytes.Content, RealmPart, CcaRealm.Read, failures);
        if (failures.Count > 0 || platform is null || realm?.Key is null)
        {
            return failures.ToImmutableArray();
        }

        return new CcaEvidence(CcaClaims.Of(platform, realm))
        {
            PlatformMessage = platformMessage!,
            RealmMessage = realmMessage!,
            Platform = platform,
            Realm = realm,
            RealmKey = realm.Key,
            Keys = PublicKeyReader.ReadAll(endorsements),
        };
    }

    /// <inheritdoc/>
    public CheckResult<VerifiedEvidence> Verify(ParsedEvidence evidence, Timestamp at)
    {
        var parsed = ParsedEvidence.ParsedHere<CcaEvidence>(evidence);
        var failures = new List<FailedCheck>();
        var key = EndorsedSignature.Find(parsed.PlatformMessage, parsed.Keys, "platform-", failures);
        EndorsedSignature.CheckAlgorithm(parsed.RealmMessage, "realm-", failures);
        if (!parsed.RealmMessage.IsSignedBy(parsed.RealmKey))
        {
            failures.Add(FailedCheck.Invalid("realm-signature", "made by the realm's key", "another"));
        }

        // The realm names its own key, so its signature alone proves nothing: the platform vouches for the key by this hash.
        var hash = parsed.Realm.KeyHash.Hash(parsed.Realm.KeyClaim.Span);
        if (!parsed.Platform.Challenge.Span.SequenceEqual(hash))
        {
            failures.Add(FailedCheck.Invalid("realm-binding", $"{Hex.Of(hash)}, the hash of the realm's key", Hex.Of(parsed.Platform.Challenge.Span)));
        }

        return key is not null && failures.Count == 0
            ? new VerifiedEvidence(parsed.StatedClaims with { Anchor = key.SpkiDigest() }, AttestationVerdict.Affirming, []) { IsAnchorPresented = true }
            : failures.ToImmutableArray();
    }

    private static (CoseSign1? Message, T? Claims) Read<T>(Bytes bytes, string part, Func<CborItem, ClaimReader, T> read, List<FailedCheck> failures)
        where T : class
    {
        if (!CoseSign1.Parse(bytes.Span, MaxBytes, part).TryGet(out var message, out var malformed))
        {
            failures.AddRange(malformed);
            return default;
        }

        var reader = new ClaimReader(part);
        if (CborItem.Parse(message.Payload.Span, MaxBytes) is not { Kind: CborKind.Map } payload)
        {
            reader.Fail("payload", "a map", $"{message.Payload.Length} other bytes");
            failures.AddRange(reader.Failures);
            return default;
        }

        var claims = read(payload, reader);
        failures.AddRange(reader.Failures);
        return (message, claims);
    }
}
