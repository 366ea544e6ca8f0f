namespace CleanRoom.Attestation.ArmPsa;

/// <summary>Security lifecycle of PSA and CCA platforms: the high byte is the state, the low byte the maker's. Spec: RFC 9783 s.4.3.1; Arm DEN0137 (CCA).</summary>
internal static class ArmLifecycle
{
    /// <summary>Name of the claim.</summary>
    public const string Claim = "lifecycle";

    /// <summary>The one state in which a platform keeps its promises.</summary>
    public const string Secured = "secured";

    /// <summary>Largest number that is a lifecycle.</summary>
    public const long Largest = 0x60ff;

    private const string RootOfTrustDebug = "recoverable-root-of-trust-debug";
    private const string OtherDebug = "other-debug";

    /// <summary>Returns the state in words; null for a number that is none.</summary>
    public static string? Word(long lifecycle) => (lifecycle >> 8) switch
    {
        0x00 => "unknown",
        0x10 => "assembly-and-test",
        0x20 => "provisioning",
        0x30 => Secured,
        0x40 => OtherDebug,
        0x50 => RootOfTrustDebug,
        0x60 => "decommissioned",
        _ => null,
    };

    /// <summary>Returns whether a debugger may look into the platform.</summary>
    public static bool IsDebug(string word) => word is OtherDebug or RootOfTrustDebug;
}
