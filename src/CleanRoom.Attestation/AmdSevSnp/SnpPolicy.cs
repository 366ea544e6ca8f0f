namespace CleanRoom.Attestation.AmdSevSnp;

/// <summary>The guest's policy, which the firmware enforces since launch. Spec: AMD 56860 s.4.3.</summary>
internal readonly record struct SnpPolicy(ulong Value)
{
    private const int LastKnownBit = 25;

    /// <summary>Gets a value that says whether bit 17, which must be one, is, and no bit is set that has no meaning yet: it may loosen the policy.</summary>
    public bool IsKnown => Bit(17) && Value >> (LastKnownBit + 1) == 0;

    public bool IsSmtAllowed => Bit(16);

    /// <summary>Gets a value that says whether a migration agent may move the guest to another machine.</summary>
    public bool IsMigratable => Bit(18);

    /// <summary>Gets a value that says whether the host may read the guest's memory.</summary>
    public bool IsDebug => Bit(19);

    public bool IsSingleSocket => Bit(20);

    public bool IsCxlAllowed => Bit(21);

    public bool WantsAes256 => Bit(22);

    public bool WantsRaplDisabled => Bit(23);

    public bool WantsCiphertextHiding => Bit(24);

    public bool WantsPageSwapDisabled => Bit(25);

    /// <summary>Gets the lowest version of the ABI, <c>major.minor</c>.</summary>
    public string MinimumAbi => $"{(Value >> 8) & 0xFF}.{Value & 0xFF}";

    private bool Bit(int bit) => ((Value >> bit) & 1) == 1;
}
