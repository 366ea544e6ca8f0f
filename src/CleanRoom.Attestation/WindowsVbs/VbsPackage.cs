using System.Buffers.Binary;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.WindowsVbs;

/// <summary>A report as Windows hands it out: header, statement, signature.</summary>
/// <param name="Statement">What was signed.</param>
/// <param name="Report">What it says.</param>
/// <param name="Signature">RSASSA-PSS with SHA-256 and a salt of 32 bytes.</param>
/// <remarks>Spec: Windows SDK, ntenclv.h, VBS_ENCLAVE_REPORT_PKG_HEADER; 24 bytes, little endian.</remarks>
internal sealed record VbsPackage(Bytes Statement, VbsReport Report, Bytes Signature)
{
    /// <summary>Most bytes of a package: 32 KiB. The known one has 1,368.</summary>
    public const int MaxBytes = 32 * 1_024;

    private const int HeaderBytes = 24;
    private const uint Version = 1;
    private const uint Sha256RsaPss = 1;

    /// <summary>Returns whether bytes begin like a package. A torn or longer one is one too, so that the refusal says so.</summary>
    public static bool LooksLikeOne(ReadOnlySpan<byte> bytes) => bytes.Length is > HeaderBytes and <= MaxBytes
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) == Version
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) == Sha256RsaPss
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes)
            == (ulong)HeaderBytes + BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) + BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]);

    /// <summary>Reads a package; null for another form, lengths that do not add up, or trailing bytes. Trust: attacker-controlled.</summary>
    public static VbsPackage? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            return null;
        }

        var reader = new ByteReader(bytes);
        var isKnown = reader.UInt32Little() == bytes.Length && reader.UInt32Little() == Version && reader.UInt32Little() == Sha256RsaPss;
        var (statementBytes, signatureBytes) = (reader.UInt32Little(), reader.UInt32Little());
        reader.Zeros(sizeof(uint));
        var statement = reader.Take(statementBytes);
        var signature = reader.Take(signatureBytes);
        return isKnown && reader.IsDone && VbsReport.Parse(statement) is { } report
            ? new VbsPackage(new Bytes(statement), report, new Bytes(signature))
            : null;
    }
}
