using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AmdSevSnp;

/// <summary>An attestation report whose form is right. Nothing is known about who made it. Spec: AMD 56860, structure ATTESTATION_REPORT.</summary>
internal sealed record SnpReport
{
    /// <summary>Bytes of a report.</summary>
    public const int Length = 0x4A0;

    /// <summary>Bytes from the start that the signature covers.</summary>
    public const int SignedLength = 0x2A0;

    /// <summary>Bytes of CHIP_ID.</summary>
    public const int ChipIdBytes = 64;

    /// <summary>Gets the version, 2 or above.</summary>
    public required uint Version { get; init; }

    /// <summary>Gets the security version that the guest's owner gave to the guest.</summary>
    public required uint GuestSvn { get; init; }

    public required SnpPolicy Policy { get; init; }

    /// <summary>Gets 16 bytes.</summary>
    public required Bytes FamilyId { get; init; }

    /// <summary>Gets 16 bytes.</summary>
    public required Bytes ImageId { get; init; }

    /// <summary>Gets the privilege level that asked, 0 (highest) to 3.</summary>
    public required uint Vmpl { get; init; }

    /// <summary>Gets the bits of PLATFORM_INFO; unknown ones are of no harm, since they say what the platform has.</summary>
    public required ulong PlatformInfo { get; init; }

    /// <summary>Gets a value that says whether AUTHOR_KEY_DIGEST is meant.</summary>
    public required bool HasAuthorKey { get; init; }

    /// <summary>Gets a value that says whether the host hides the chip; CHIP_ID is then zero.</summary>
    public required bool IsChipMasked { get; init; }

    public required SnpSigningKey SigningKey { get; init; }

    /// <summary>Gets the 64 bytes that the guest chose.</summary>
    public required Bytes ReportData { get; init; }

    /// <summary>Gets the launch digest, 48 bytes.</summary>
    public required Bytes Measurement { get; init; }

    /// <summary>Gets the 32 bytes that the host set at launch.</summary>
    public required Bytes HostData { get; init; }

    /// <summary>Gets SHA-384 of the key that signed the identity block.</summary>
    public required Bytes IdKeyDigest { get; init; }

    /// <summary>Gets SHA-384 of the key that certified that key.</summary>
    public required Bytes AuthorKeyDigest { get; init; }

    /// <summary>Gets 32 bytes, new for each guest.</summary>
    public required Bytes ReportId { get; init; }

    /// <summary>Gets the identifier of the migration agent, 32 bytes; all ones for none.</summary>
    public required Bytes MigrationAgentId { get; init; }

    /// <summary>Gets what runs.</summary>
    public required SnpTcb CurrentTcb { get; init; }

    /// <summary>Gets what the signing key was derived from.</summary>
    public required SnpTcb ReportedTcb { get; init; }

    /// <summary>Gets what the platform cannot go below any more.</summary>
    public required SnpTcb CommittedTcb { get; init; }

    /// <summary>Gets what ran when the guest was launched.</summary>
    public required SnpTcb LaunchTcb { get; init; }

    /// <summary>Gets the processor's family and model; null before version 3.</summary>
    public required (int Family, int Model)? Processor { get; init; }

    /// <summary>Gets 64 bytes; zero when the chip is masked.</summary>
    public required Bytes ChipId { get; init; }

    /// <summary>Gets the firmware that runs, <c>major.minor.build</c>.</summary>
    public required string CurrentFirmware { get; init; }

    /// <summary>Gets the firmware that the platform cannot go below any more.</summary>
    public required string CommittedFirmware { get; init; }

    /// <summary>Gets the mitigations at launch and now, as bits; null before version 5.</summary>
    public required (ulong Launch, ulong Current)? Mitigations { get; init; }

    /// <summary>Gets the bytes that the signature covers.</summary>
    public required Bytes Signed { get; init; }

    /// <summary>Gets r and s, each big endian and 48 bytes, side by side.</summary>
    public required Bytes Signature { get; init; }
}
