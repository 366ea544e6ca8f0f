using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AzureVtpm;

/// <summary>What Azure's paravisor (HCL) leaves in the virtual TPM: a hardware report, and the runtime claims that its report data commits to.</summary>
/// <remarks>Little endian: header 32, hardware report 1,184, runtime header 20, runtime claims; then zeros up to the end of the NV area.</remarks>
internal sealed record HclReport
{
    /// <summary>The kind of a report with an SNP report.</summary>
    public const uint SnpKind = 2;

    /// <summary>The kind of a report with a TDREPORT.</summary>
    public const uint TdxKind = 4;

    /// <summary>Most bytes: 16 KiB. Genuine ones have 2,600.</summary>
    private const int MaxBytes = 16 * 1024;

    private const int HeaderBytes = 32;
    private const int HardwareBytes = 1_184;
    private const int TdReportBytes = 1_024;
    private const int RuntimeHeaderBytes = 20;
    private const int ReservedBytes = 12;

    /// <summary>TDREPORT, REPORTMACSTRUCT.REPORTDATA. Spec: Intel TDX Module ABI, TDREPORT_STRUCT.</summary>
    private const int TdReportDataAt = 0x80;
    private const int ReportDataBytes = 64;
    private const uint ReportRequest = 2;

    /// <summary>Gets the version of the header, 1 or 2.</summary>
    public required uint Version { get; init; }

    /// <summary>Gets the version of the runtime header.</summary>
    public required uint RuntimeVersion { get; init; }

    /// <summary>Gets the kind: <see cref="SnpKind"/> or <see cref="TdxKind"/>.</summary>
    public required uint Kind { get; init; }

    /// <summary>Gets the hash of the runtime claims.</summary>
    public required HashName Hash { get; init; }

    /// <summary>Gets the SNP report (1,184 bytes) or the TDREPORT (1,024).</summary>
    public required Bytes Hardware { get; init; }

    /// <summary>Gets the runtime claims, as they are hashed.</summary>
    public required Bytes RuntimeClaims { get; init; }

    /// <summary>Gets the report data that commits to the runtime claims: their digest, then zeros; 64 bytes.</summary>
    public Bytes WantedReportData => new([.. Hash.Hash(RuntimeClaims.Span), .. new byte[ReportDataBytes - Hash.ToDigest().GetDigestSize()]]);

    /// <summary>Gets the report data of the TDREPORT, 64 bytes; of no use with SNP, where the report's own parser reads it.</summary>
    public Bytes TdReportData => new(Hardware.Span.Slice(TdReportDataAt, ReportDataBytes));

    /// <summary>Reads one. Trust: attacker-controlled.</summary>
    /// <returns>The report, or <c>hcl-report</c> (form), <c>hcl-report-kind</c> or <c>hcl-report-hash</c>.</returns>
    public static CheckResult<HclReport> Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        if (bytes.Length > MaxBytes || !reader.Take(4).SequenceEqual("HCLA"u8))
        {
            return FailedCheck.Invalid("hcl-report", $"HCLA and at most {MaxBytes} bytes", $"{bytes.Length} others");
        }

        var (version, size, request, status) = (reader.UInt32Little(), reader.UInt32Little(), reader.UInt32Little(), reader.UInt32Little());
        reader.Zeros(ReservedBytes);
        var hardware = reader.Take(HardwareBytes);
        var (dataSize, runtimeVersion) = (reader.UInt32Little(), reader.UInt32Little());
        var (kind, hash, claimsSize) = (reader.UInt32Little(), reader.UInt32Little(), reader.UInt32Little());
        var claims = new Bytes(reader.Take(claimsSize));
        reader.Zeros(reader.Remaining);
        var isConsistent = dataSize == RuntimeHeaderBytes + (ulong)claimsSize && size == HeaderBytes + HardwareBytes + (ulong)dataSize;
        if (reader.Failed || !isConsistent || version is not (1 or 2) || request != ReportRequest || status != 0 || runtimeVersion != 1)
        {
            return FailedCheck.Invalid("hcl-report", "version 1 or 2, a report without error, sizes that agree, and zeros behind it", "another form");
        }

        return Make(version, runtimeVersion, kind, hash, hardware, claims);
    }

    private static CheckResult<HclReport> Make(uint version, uint runtimeVersion, uint kind, uint hash, ReadOnlySpan<byte> hardware, Bytes claims)
    {
        if (kind is not (SnpKind or TdxKind))
        {
            return FailedCheck.Invalid("hcl-report-kind", $"{SnpKind}, snp, or {TdxKind}, tdx", $"{kind}, behind which is no hardware that is known");
        }

        var length = kind == SnpKind ? HardwareBytes : TdReportBytes;
        if (hardware[length..].ContainsAnyExcept((byte)0))
        {
            return FailedCheck.Invalid("hcl-report", "zeros behind the tdreport", "others");
        }

        var name = hash switch { 1 => HashName.Sha256, 2 => HashName.Sha384, 3 => HashName.Sha512, _ => HashName.None };
        return name == HashName.None
            ? FailedCheck.Invalid("hcl-report-hash", "1, 2 or 3, of sha-2", $"{hash}")
            : new HclReport
            {
                Version = version,
                RuntimeVersion = runtimeVersion,
                Kind = kind,
                Hash = name,
                Hardware = new Bytes(hardware[..length]),
                RuntimeClaims = claims,
            };
    }
}
