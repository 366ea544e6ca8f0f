using CleanRoom.Attestation.ArmPsa;
using CleanRoom.Attestation.Cose;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.ArmCca;

/// <summary>The claims of the platform token. Spec: Arm DEN0137 (Realm Management Monitor) s.A7.2.4; draft-ffm-rats-cca-token s.4.6.</summary>
internal sealed record CcaPlatform
{
    private const int MaxConfigBytes = 512;
    private const int MaxTextCharacters = 512;
    private const string FirstProfile = "http://arm.com/CCA-SSD/1.0.0";
    private const string SecondProfile = "tag:arm.com,2023:cca_platform#1.0.0";

    /// <summary>Gets the hash of the realm's key: what binds the two tokens.</summary>
    public required Bytes Challenge { get; init; }

    public required Bytes ImplementationId { get; init; }

    public required Bytes InstanceId { get; init; }

    public required Bytes Config { get; init; }

    public required string Lifecycle { get; init; }

    public required SoftwareComponents Components { get; init; }

    /// <summary>Reads the payload and tells the reader every claim that is missing or of another form.</summary>
    public static CcaPlatform Read(CborItem payload, ClaimReader reader)
    {
        if (payload[265] is not { Kind: CborKind.Text, Text: FirstProfile or SecondProfile })
        {
            reader.Fail("profile", $"{FirstProfile} or {SecondProfile}", payload[265]);
        }

        CcaHash.Read(payload[2402], "hash algorithm", reader);
        reader.OptionalText(payload[2400], "verification service", MaxTextCharacters);
        return new CcaPlatform
        {
            Challenge = reader.Hash(payload[10], "challenge"),
            ImplementationId = reader.Bytes(payload[2396], "implementation id", PsaToken.ImplementationIdBytes, PsaToken.ImplementationIdBytes),
            InstanceId = PsaToken.ReadInstanceId(payload[256], reader),
            Config = reader.Bytes(payload[2401], "configuration", 1, MaxConfigBytes),
            Lifecycle = PsaToken.ReadLifecycle(payload[2395], reader),
            Components = SoftwareComponents.Read(payload[2399], reader),
        };
    }
}
