using CleanRoom.Attestation.Cose;

namespace CleanRoom.Attestation.ArmPsa;

/// <summary>The claim numbers of a version of the token. Spec: RFC 9783 s.4 (<c>tag:psacertified.org,2023:psa#tfm</c>) and its drafts.</summary>
internal sealed record PsaProfile
{
    private const long EatProfile = 265;
    private const long FirstProfile = -75_000;
    private const string FirstName = "PSA_IOT_PROFILE_1";
    private const string DraftName = "http://arm.com/psa/2.0.0";
    private const string FinalName = "tag:psacertified.org,2023:psa#tfm";

    private static readonly PsaProfile s_first = new()
    {
        Name = FirstName, Nonce = -75_008, InstanceId = -75_009, ImplementationId = -75_003, ClientId = -75_001, Lifecycle = -75_002,
        BootSeed = -75_004, Certification = -75_005, Components = -75_006, NoComponents = -75_007, VerificationService = -75_010,
    };

    private static readonly PsaProfile s_second = new()
    {
        Name = FinalName, Nonce = 10, InstanceId = 256, ImplementationId = 2_396, ClientId = 2_394, Lifecycle = 2_395,
        BootSeed = 2_397, Certification = 2_398, Components = 2_399, NoComponents = null, VerificationService = 2_400,
    };

    public required string Name { get; init; }

    public required long Nonce { get; init; }

    public required long InstanceId { get; init; }

    public required long ImplementationId { get; init; }

    public required long ClientId { get; init; }

    public required long Lifecycle { get; init; }

    public required long BootSeed { get; init; }

    public required long Certification { get; init; }

    public required long Components { get; init; }

    /// <summary>Gets the claim that says that nothing was measured; only the first version has it.</summary>
    public required long? NoComponents { get; init; }

    public required long VerificationService { get; init; }

    /// <summary>Gets a value that says whether this is the first version, whose boot seed is required and whose certification may lack the number after the dash.</summary>
    public bool IsFirst => NoComponents is not null;

    /// <summary>Returns the version of a token; null for an unknown one. The first version may leave the profile out.</summary>
    public static PsaProfile? Of(CborItem payload)
    {
        if (payload[EatProfile] is { } profile)
        {
            return profile is { Kind: CborKind.Text, Text: DraftName or FinalName } ? s_second with { Name = profile.Text } : null;
        }

        var isFirst = payload[FirstProfile] is { } first ? first is { Kind: CborKind.Text, Text: FirstName } : payload[s_first.Nonce] is not null;
        return isFirst ? s_first : null;
    }

    /// <summary>Returns whether a token of this kind is somewhere in the bytes: a profile's text, or the nonce of the first version.</summary>
    public static bool IsIn(ReadOnlySpan<byte> evidence) =>
        evidence.IndexOf("http://arm.com/psa/"u8) >= 0 || evidence.IndexOf("psacertified.org,2023:psa"u8) >= 0
        || evidence.IndexOf((ReadOnlySpan<byte>)[0x3a, 0x00, 0x01, 0x24, 0xff]) >= 0;
}
