namespace CleanRoom.Attestation.AmdSev;

/// <summary>What a key of the platform is for. Spec: AMD 55766 appendix C.1.</summary>
internal enum SevKeyUsage : uint
{
    /// <summary>AMD's root.</summary>
    Ark = 0,

    /// <summary>AMD's signing key.</summary>
    Ask = 0x13,

    /// <summary>Stands where there is no signature.</summary>
    None = 0x1000,

    /// <summary>The owner's authority.</summary>
    Oca = 0x1001,

    /// <summary>The platform's endorsement key.</summary>
    Pek = 0x1002,

    /// <summary>The platform's key agreement key, with which a guest's owner meets the platform.</summary>
    Pdh = 0x1003,

    /// <summary>The chip's endorsement key.</summary>
    Cek = 0x1004,
}
