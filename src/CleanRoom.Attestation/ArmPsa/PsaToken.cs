using CleanRoom.Attestation.Cose;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.ArmPsa;

/// <summary>The claims of a PSA token. Spec: RFC 9783 s.4.</summary>
internal sealed record PsaToken
{
    /// <summary>Length of an instance id: a UEID of the kind "random", and 32 bytes.</summary>
    public const int InstanceIdBytes = 33;

    /// <summary>Length of an implementation id.</summary>
    public const int ImplementationIdBytes = 32;

    private const byte RandomUeid = 1;
    private const int MaxTextCharacters = 512;
    private const int EanDigits = 13;
    private const int CertificationDigits = 5;

    public required PsaProfile Profile { get; init; }

    /// <summary>Gets the bytes that the caller of the token service chose: 32, 48 or 64.</summary>
    public required Bytes Nonce { get; init; }

    public required Bytes InstanceId { get; init; }

    public required Bytes ImplementationId { get; init; }

    /// <summary>Gets who asked for the token: negative for the non-secure side.</summary>
    public required long ClientId { get; init; }

    public required string Lifecycle { get; init; }

    public required Bytes? BootSeed { get; init; }

    public required string? Certification { get; init; }

    /// <summary>Gets the software; null when the token says that nothing was measured.</summary>
    public required SoftwareComponents? Components { get; init; }

    /// <summary>Reads the payload and tells the reader every claim that is missing or of another form. Other claims say nothing to this verifier.</summary>
    public static PsaToken Read(CborItem payload, PsaProfile profile, ClaimReader reader)
    {
        reader.OptionalText(payload[profile.VerificationService], "verification service", MaxTextCharacters);
        return new PsaToken
        {
            Profile = profile,
            Nonce = reader.Hash(payload[profile.Nonce], "nonce"),
            InstanceId = ReadInstanceId(payload[profile.InstanceId], reader),
            ImplementationId = reader.Bytes(payload[profile.ImplementationId], "implementation id", ImplementationIdBytes, ImplementationIdBytes),
            ClientId = reader.Number(payload[profile.ClientId], "client id", int.MinValue, int.MaxValue),
            Lifecycle = ReadLifecycle(payload[profile.Lifecycle], reader),
            BootSeed = profile.IsFirst
                ? reader.Bytes(payload[profile.BootSeed], "boot seed", 32, 32)
                : reader.OptionalBytes(payload[profile.BootSeed], "boot seed", 8, 32),
            Certification = ReadCertification(payload[profile.Certification], profile, reader),
            Components = ReadComponents(payload, profile, reader),
        };
    }

    /// <summary>Reads an instance id.</summary>
    public static Bytes ReadInstanceId(CborItem? item, ClaimReader reader)
    {
        var id = reader.Bytes(item, "instance id", InstanceIdBytes, InstanceIdBytes);
        if (id.Length > 0 && id.Span[0] != RandomUeid)
        {
            reader.Fail("instance id", "a ueid of type 1", $"type {id.Span[0]}");
        }

        return id;
    }

    /// <summary>Reads a lifecycle and returns its word.</summary>
    public static string ReadLifecycle(CborItem? item, ClaimReader reader)
    {
        var number = reader.Number(item, ArmLifecycle.Claim, 0, ArmLifecycle.Largest);
        if (ArmLifecycle.Word(number) is { } word)
        {
            return word;
        }

        reader.Fail(ArmLifecycle.Claim, "a state of the specification", item);
        return string.Empty;
    }

    private static SoftwareComponents? ReadComponents(CborItem payload, PsaProfile profile, ClaimReader reader)
    {
        var list = payload[profile.Components];
        if (profile.NoComponents is not { } none || payload[none] is not { } without)
        {
            return SoftwareComponents.Read(list, reader);
        }

        if (list is not null || without is not { Kind: CborKind.Integer, Number: 1 })
        {
            reader.Fail("no software measurements", "1, without software components", list is null ? without : list);
        }

        return null;
    }

    /// <summary>An EAN-13 and the number of the certificate; the first version has the EAN-13 of the hardware, where makers also write the whole.</summary>
    private static string? ReadCertification(CborItem? item, PsaProfile profile, ClaimReader reader)
    {
        const int whole = EanDigits + 1 + CertificationDigits;
        var text = reader.OptionalText(item, "certification", whole);
        var isRight = text is null || (text.Length >= EanDigits && text[..EanDigits].All(char.IsAsciiDigit) && text.Length switch
        {
            EanDigits => profile.IsFirst,
            whole => text[EanDigits] == '-' && text[(EanDigits + 1)..].All(char.IsAsciiDigit),
            _ => false,
        });
        if (!isRight)
        {
            reader.Fail("certification", "13 digits, a dash and 5 digits", item);
        }

        return text;
    }
}
