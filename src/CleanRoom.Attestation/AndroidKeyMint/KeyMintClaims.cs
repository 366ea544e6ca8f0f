using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AndroidKeyMint;

/// <summary>The claims of an attested key. Spec: contracts/spec/attestation/android-keymint.md s.4.</summary>
internal static class KeyMintClaims
{
    private const string None = "none";
    private const string VerifiedBootState = "verifiedBootState";
    private const string DeviceLocked = "deviceLocked";
    private const string Origin = "origin";
    private const string Generated = "generated";

    private static readonly ImmutableArray<(string Name, int Tag)> s_versions =
    [
        ("osVersion", AuthorizationList.OsVersion), ("osPatchLevel", AuthorizationList.OsPatchLevel),
        ("vendorPatchLevel", AuthorizationList.VendorPatchLevel), ("bootPatchLevel", AuthorizationList.BootPatchLevel),
    ];

    /// <summary>Returns what the description says, on the word of the trusted hardware: what only the system above it says is not a claim, but for the applications.</summary>
    public static EvidenceClaims Of(KeyDescription description, Certificate attested)
    {
        var (hardware, root) = (description.HardwareEnforced, description.HardwareEnforced.RootOfTrust);
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [EvidenceClaims.Measurement] = root is { VerifiedBootHash.Length: > 0 } ? Hex.Of(root.VerifiedBootHash.Span) : None,
            ["verifiedBootKey"] = root is null ? None : Hex.Of(root.VerifiedBootKey.Span),
            [VerifiedBootState] = root?.State ?? None,
            [DeviceLocked] = root is null ? None : root.IsDeviceLocked ? "true" : "false",
            [Origin] = OriginOf(hardware),
            ["attestationLevel"] = description.AttestationLevel,
            ["keyLevel"] = description.KeyLevel,
            ["attestationVersion"] = description.Version.ToString(CultureInfo.InvariantCulture),
            ["keyMintVersion"] = description.KeyMintVersion.ToString(CultureInfo.InvariantCulture),
            ["publicKey"] = attested.SpkiDigest.ToString(),
            ["applicationId"] = description.SoftwareEnforced.ApplicationId is { Length: > 0 } application ? Digest.Of(application.Span).ToString() : None,
        };
        return new EvidenceClaims
        {
            ReportData = Hex.Of(description.Challenge.Span),
            Values = values.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Tcb = s_versions.Where(one => hardware.Numbers.ContainsKey(one.Tag))
                .ToImmutableSortedDictionary(one => one.Name, one => hardware.Numbers[one.Tag], StringComparer.Ordinal),
            ChipId = null,
            Debug = false,
            Anchor = null,
            Guarded =
            [
                new GuardedClaim(VerifiedBootState, RootOfTrust.Verified, IsJudgedAlone: true),
                new GuardedClaim(DeviceLocked, "true", IsJudgedAlone: true),
                new GuardedClaim(Origin, Generated, IsJudgedAlone: true),
            ],
        };
    }

    /// <summary>A key that was imported is known elsewhere too. Spec: Android, KeyOrigin.</summary>
    private static string OriginOf(AuthorizationList hardware) => hardware.Numbers.TryGetValue(AuthorizationList.Origin, out var origin)
        ? origin switch { 0 => Generated, 1 => "derived", 2 => "imported", 4 => "securely-imported", _ => "unknown" }
        : None;
}
