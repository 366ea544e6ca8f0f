using System.Buffers.Binary;

namespace CleanRoom.Attesters.Azure;

/// <summary>The envelope that Azure's paravisor leaves in the virtual TPM: a hardware report, and claims that it commits to.</summary>
/// <remarks>
/// Header 32 ("HCLA"), hardware report 1,184, then sizes and kinds, then claims. This side looks only at what it needs for the
/// endorsements; the relying party reads all of it. Numbers are little-endian.
/// </remarks>
internal sealed class HclReport
{
    /// <summary>Where the virtual TPM has it.</summary>
    public const uint NvIndex = 0x0140_0001;

    private const int HardwareReportOffset = 32;
    private const int TdReportBytes = 1_024;
    private const int KindOffset = 1_224;
    private const int HeaderBytes = 1_236;
    private const uint SnpKind = 2;
    private const uint TdxKind = 4;

    private HclReport(byte[] bytes, bool isTdx) => (Bytes, IsTdx) = (bytes, isTdx);

    /// <summary>Gets the whole envelope.</summary>
    public byte[] Bytes { get; }

    /// <summary>Gets a value that says whether the hardware report is a TDREPORT; else it is an SNP report.</summary>
    public bool IsTdx { get; }

    /// <summary>Gets the TDREPORT.</summary>
    public ReadOnlySpan<byte> TdReport => Bytes.AsSpan(HardwareReportOffset, TdReportBytes);

    /// <summary>Reads one.</summary>
    /// <exception cref="AttesterException">It is of another form, or of a kind that has no hardware behind it.</exception>
    public static HclReport Parse(byte[] bytes)
    {
        if (bytes.Length <= HeaderBytes || !bytes.AsSpan().StartsWith("HCLA"u8))
        {
            throw new AttesterException($"nv 0x{NvIndex:x8}: wanted an hcl report, got {bytes.Length} bytes of another form");
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(KindOffset)) switch
        {
            SnpKind => new(bytes, isTdx: false),
            TdxKind => new(bytes, isTdx: true),
            var kind => throw new AttesterException($"nv 0x{NvIndex:x8}: wanted a report of kind {SnpKind} or {TdxKind}, got {kind}"),
        };
    }
}
