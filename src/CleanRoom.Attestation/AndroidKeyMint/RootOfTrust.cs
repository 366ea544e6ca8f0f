using System.Formats.Asn1;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AndroidKeyMint;

/// <summary>Which system the device's boot loader started, in the words of the trusted environment.</summary>
/// <param name="VerifiedBootKey">Digest of the key that verified the system, at most 64 bytes.</param>
/// <param name="IsDeviceLocked">Whether the boot loader is locked: only then does it insist on a verified system.</param>
/// <param name="State">One of <see cref="Verified"/> and the others.</param>
/// <param name="VerifiedBootHash">Digest of the verified system, 32 bytes; empty before version 3.</param>
/// <remarks>Spec: Android, "Key and ID attestation", RootOfTrust.</remarks>
internal sealed record RootOfTrust(Bytes VerifiedBootKey, bool IsDeviceLocked, string State, Bytes VerifiedBootHash)
{
    /// <summary>The maker's system, verified by the maker's key.</summary>
    public const string Verified = "verified";

    private const string SelfSigned = "self-signed";
    private const string Unverified = "unverified";
    private const string FailedBoot = "failed";
    private const int MaxKeyBytes = 64;
    private const int HashBytes = 32;

    /// <summary>Reads the sequence; throws for another form.</summary>
    public static RootOfTrust Read(AsnReader outer)
    {
        var reader = outer.ReadSequence();
        var key = new Bytes(reader.ReadOctetString());
        var isLocked = reader.ReadBoolean();
        var state = KeyDescription.Enumerated(reader) switch
        {
            0 => Verified,
            1 => SelfSigned,
            2 => Unverified,
            3 => FailedBoot,
            _ => throw new FormatException("wanted a state of verified boot"),
        };
        var hash = reader.HasData ? new Bytes(reader.ReadOctetString()) : default;
        reader.ThrowIfNotEmpty();
        return key.Length <= MaxKeyBytes && hash.Length is 0 or HashBytes
            ? new RootOfTrust(key, isLocked, state, hash)
            : throw new FormatException("wanted digests");
    }
}
