using System.Security.Cryptography;
using CleanRoom.Attesters.Tpm.Wire;

namespace CleanRoom.Attesters.Tpm;

/// <summary>A non-volatile area as this library defines it: read and written with its own authorisation value alone, without a policy.</summary>
/// <param name="Index">Its handle.</param>
/// <param name="Attributes">TPMA_NV as it is defined, without TPMA_NV_WRITTEN.</param>
/// <param name="Bytes">How many it holds.</param>
/// <remarks>Spec: TPM 2.0 Library Part 2, TPMS_NV_PUBLIC and TPMA_NV.</remarks>
internal sealed record TpmNvArea(uint Index, uint Attributes, int Bytes)
{
    /// <summary>TPMA_NV_WRITTEN.</summary>
    public const uint Written = 1u << 29;

    /// <summary>AUTHWRITE, AUTHREAD, NO_DA, and nothing for the owner: he can delete the area, and neither read nor write it.</summary>
    private const uint OwnValueOnly = 0x0204_0004;

    private const uint TypeCounter = 0x10;
    private const uint WriteAll = 0x1000;
    private const int CounterBytes = 8;

    /// <summary>A counter.</summary>
    public static TpmNvArea Counter(uint index) => new(index, OwnValueOnly | TypeCounter, CounterBytes);

    /// <summary>An area that is written as a whole.</summary>
    public static TpmNvArea Whole(uint index, int bytes) => new(index, OwnValueOnly | WriteAll, bytes);

    /// <summary>The same after it was written for the first time: the TPM changes its name then.</summary>
    public TpmNvArea AsWritten() => this with { Attributes = Attributes | Written };

    /// <summary>Returns TPMS_NV_PUBLIC.</summary>
    public byte[] ToPublic()
    {
        using var writer = new TpmWriter();
        return writer.U32(Index).U16(TpmConstants.Sha256).U32(Attributes).Sized([]).U16(Bytes).Written.ToArray();
    }

    /// <summary>Returns the name that commands on it are signed over.</summary>
    public byte[] Name()
    {
        using var writer = new TpmWriter();
        return writer.U16(TpmConstants.Sha256).Raw(SHA256.HashData(ToPublic())).Written.ToArray();
    }
}
