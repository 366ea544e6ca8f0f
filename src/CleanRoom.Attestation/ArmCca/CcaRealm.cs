using System.Collections.Immutable;
using CleanRoom.Attestation.Cose;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.ArmCca;

/// <summary>The claims of the realm token. Spec: Arm DEN0137 (Realm Management Monitor) s.A7.2.3; draft-ffm-rats-cca-token s.4.7.</summary>
internal sealed record CcaRealm
{
    private const int ChallengeBytes = 64;
    private const int PersonalizationBytes = 64;
    private const int ExtensibleMeasurements = 4;
    private const int MaxKeyBytes = 256;
    private const int FieldBytes = 48;
    private const byte Uncompressed = 4;
    private const string Profile = "tag:arm.com,2023:realm#1.0.0";

    /// <summary>Gets the 64 bytes that the realm chose.</summary>
    public required Bytes Challenge { get; init; }

    public required Bytes PersonalizationValue { get; init; }

    /// <summary>Gets the measurement of what the realm was made of.</summary>
    public required Bytes InitialMeasurement { get; init; }

    /// <summary>Gets the four measurements that the realm extends while it runs.</summary>
    public required ImmutableArray<Bytes> Extensible { get; init; }

    /// <summary>Gets the claim of the realm's key as it stands in the token.</summary>
    public required Bytes KeyClaim { get; init; }

    /// <summary>Gets the realm's key, of P-384; null only beside a failure.</summary>
    public required VerificationKey? Key { get; init; }

    /// <summary>Gets the hash of the key claim that the platform token carries.</summary>
    public required HashName KeyHash { get; init; }

    /// <summary>Reads the payload and tells the reader every claim that is missing or of another form.</summary>
    public static CcaRealm Read(CborItem payload, ClaimReader reader)
    {
        CcaHash.Read(payload[44236], "hash algorithm", reader);
        var keyClaim = reader.Bytes(payload[44237], "realm key", 1, MaxKeyBytes);
        return new CcaRealm
        {
            Challenge = reader.Bytes(payload[10], "challenge", ChallengeBytes, ChallengeBytes),
            PersonalizationValue = reader.Bytes(payload[44235], "personalization value", PersonalizationBytes, PersonalizationBytes),
            InitialMeasurement = reader.Hash(payload[44238], "initial measurement"),
            Extensible = [.. reader.Array(payload[44239], "extensible measurements", ExtensibleMeasurements, ExtensibleMeasurements)
                .Select(one => reader.Hash(one, "extensible measurement"))],
            KeyClaim = keyClaim,
            Key = ReadKey(payload, keyClaim.Span, reader),
            KeyHash = CcaHash.Read(payload[44240], "hash algorithm of the realm key", reader),
        };
    }

    /// <summary>The first form has no profile and a bare point; the second one names its profile and has a COSE_Key.</summary>
    private static VerificationKey? ReadKey(CborItem payload, ReadOnlySpan<byte> claim, ClaimReader reader)
    {
        var profile = payload[265];
        if (profile is not (null or { Kind: CborKind.Text, Text: Profile }))
        {
            reader.Fail("profile", $"none or {Profile}", profile);
            return null;
        }

        var key = profile is not null ? CoseKey.Read(claim)
            : claim.Length == 1 + (2 * FieldBytes) && claim[0] == Uncompressed ? VerificationKey.FromPoint("P-384", claim.Slice(1, FieldBytes), claim[(1 + FieldBytes)..])
            : null;
        if (key?.FieldBytes != FieldBytes)
        {
            reader.Fail("realm key", profile is null ? "an uncompressed point of P-384" : "a COSE_Key of P-384", payload[44237]);
        }

        return key;
    }
}
