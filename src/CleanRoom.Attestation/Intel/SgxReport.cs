using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Intel;

/// <summary>What SGX says about an enclave: an application's, or the quoting enclave's. Nothing is known about who made it.</summary>
/// <remarks>Spec: Intel SDM volume 3D, table 38-21 (REPORT structure); 384 bytes, little endian.</remarks>
internal sealed record SgxReport
{
    /// <summary>Bytes of a report body.</summary>
    public const int Length = 384;

    private const ulong Init = 1;
    private const ulong DebugBit = 1 << 1;
    private const ulong Provision = 1 << 4;
    private const ulong EinitToken = 1 << 5;

    /// <summary>Gets the security version of the processor, 16 bytes.</summary>
    public required Bytes CpuSvn { get; init; }

    /// <summary>Gets MISCSELECT.</summary>
    public required uint MiscSelect { get; init; }

    /// <summary>Gets the extended product id, 16 bytes.</summary>
    public required Bytes IsvExtProdId { get; init; }

    /// <summary>Gets ATTRIBUTES as they stand: 8 bytes of flags, 8 bytes of XFRM.</summary>
    public required Bytes Attributes { get; init; }

    /// <summary>Gets the measurement of the code, 32 bytes.</summary>
    public required Bytes MrEnclave { get; init; }

    /// <summary>Gets the digest of the signer's key, 32 bytes.</summary>
    public required Bytes MrSigner { get; init; }

    /// <summary>Gets the configuration id, 64 bytes.</summary>
    public required Bytes ConfigId { get; init; }

    /// <summary>Gets the product id.</summary>
    public required ushort IsvProdId { get; init; }

    /// <summary>Gets the security version that the enclave's signer gave it.</summary>
    public required ushort IsvSvn { get; init; }

    /// <summary>Gets the security version of the configuration.</summary>
    public required ushort ConfigSvn { get; init; }

    /// <summary>Gets the family id, 16 bytes.</summary>
    public required Bytes IsvFamilyId { get; init; }

    /// <summary>Gets the bytes that the enclave chose, 64.</summary>
    public required Bytes ReportData { get; init; }

    /// <summary>Gets a value that says whether the enclave was initialised.</summary>
    public bool IsInitialised => Has(Init);

    /// <summary>Gets a value that says whether the host may look into the enclave.</summary>
    public bool IsDebug => Has(DebugBit);

    /// <summary>Gets a value that says whether the enclave may derive the provisioning key, which identifies the platform.</summary>
    public bool HasProvisionKey => Has(Provision);

    /// <summary>Gets a value that says whether the enclave may make launch tokens.</summary>
    public bool HasEinitTokenKey => Has(EinitToken);

    /// <summary>Reads 384 bytes. Trust: attacker-controlled. Null for another length or reserved bytes that are not zero.</summary>
    public static SgxReport? Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var cpuSvn = reader.Take(16);
        var miscSelect = reader.UInt32Little();
        reader.Zeros(12);
        var extProdId = reader.Take(16);
        var attributes = reader.Take(16);
        var mrEnclave = reader.Take(32);
        reader.Zeros(32);
        var mrSigner = reader.Take(32);
        reader.Zeros(32);
        var configId = reader.Take(64);
        var (prodId, svn, configSvn) = (reader.UInt16Little(), reader.UInt16Little(), reader.UInt16Little());
        reader.Zeros(42);
        var familyId = reader.Take(16);
        var reportData = reader.Take(64);
        return !reader.IsDone
            ? null
            : new SgxReport
            {
                CpuSvn = new Bytes(cpuSvn),
                MiscSelect = miscSelect,
                IsvExtProdId = new Bytes(extProdId),
                Attributes = new Bytes(attributes),
                MrEnclave = new Bytes(mrEnclave),
                MrSigner = new Bytes(mrSigner),
                ConfigId = new Bytes(configId),
                IsvProdId = prodId,
                IsvSvn = svn,
                ConfigSvn = configSvn,
                IsvFamilyId = new Bytes(familyId),
                ReportData = new Bytes(reportData),
            };
    }

    private bool Has(ulong flag) => (new ByteReader(Attributes.Span).UInt64Little() & flag) != 0;
}
