namespace CleanRoom.Attesters.Tpm.Wire;

/// <summary>Numbers of the TPM 2.0 Library, Part 2: Structures.</summary>
internal static class TpmConstants
{
    public const ushort NoSessions = 0x8001;
    public const ushort Sessions = 0x8002;

    public const ushort Sha256 = 0x000B;
    public const ushort Null = 0x0010;
    public const ushort KeyedHash = 0x0008;
    public const ushort Ecdsa = 0x0018;
    public const ushort Ecc = 0x0023;
    public const ushort Aes = 0x0006;
    public const ushort Cfb = 0x0043;
    public const ushort NistP256 = 0x0003;

    public const uint Owner = 0x40000001;
    public const uint NullHandle = 0x40000007;
    public const uint PasswordSession = 0x40000009;
    public const uint Endorsement = 0x4000000B;

    public const byte HmacSession = 0x00;
    public const byte PolicySession = 0x01;
    public const byte ContinueSession = 0x01;

    /// <summary>TPM_PT_NV_BUFFER_MAX.</summary>
    public const uint NvBufferMax = 0x12C;

    /// <summary>TPM_PT_NV_COUNTERS_AVAIL: how many more counters can be made.</summary>
    public const uint NvCountersAvailable = 0x20B;
    public const uint CapabilityTpmProperties = 6;

    /// <summary>Bytes of a SHA-256 digest.</summary>
    public const int DigestBytes = 32;

    /// <summary>TPM_RC with bit 7 set: the error is about a handle, a session or a parameter.</summary>
    public const uint FormatOne = 0x080;

    /// <summary>TPM_RC warnings that say: send the same command again.</summary>
    public const uint Yielded = 0x908;
    public const uint Testing = 0x90A;
    public const uint Retry = 0x922;
}

/// <summary>TPM_CC: the commands that this client speaks. Spec: TPM 2.0 Library Part 2, table TPM_CC.</summary>
internal enum TpmCommand
{
    None = 0,
    NvUndefineSpace = 0x122,
    NvDefineSpace = 0x12A,
    CreatePrimary = 0x131,
    NvIncrement = 0x134,
    NvWrite = 0x137,
    NvRead = 0x14E,
    Create = 0x153,
    Load = 0x157,
    Quote = 0x158,
    Unseal = 0x15E,
    FlushContext = 0x165,
    NvReadPublic = 0x169,
    ReadPublic = 0x173,
    StartAuthSession = 0x176,
    GetCapability = 0x17A,
    PcrRead = 0x17E,
    PolicyPcr = 0x17F,
    PcrExtend = 0x182,
}
