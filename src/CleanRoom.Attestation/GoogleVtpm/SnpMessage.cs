using System.Buffers.Binary;
using CleanRoom.Attestation.AmdSevSnp;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.GoogleVtpm;

/// <summary>Puts an SNP report together from the fields of go-sev-guest's message; the chip's signature says whether they are the report's.</summary>
/// <remarks>What the message has no field for is zero, as the ABI wants it. Source: google/go-sev-guest, sevsnp.Attestation; offsets: AMD 56860, ATTESTATION_REPORT.</remarks>
internal static class SnpMessage
{
    /// <summary>The fields of bytes, with their offsets and lengths.</summary>
    private static readonly (int Field, int Offset, int Length)[] s_bytes =
    [
        (4, 0x10, 16), (5, 0x20, 16), (11, 0x50, 64), (12, 0x90, 48), (13, 0xC0, 32), (14, 0xE0, 48), (15, 0x110, 48), (16, 0x140, 32), (17, 0x160, 32),
        (19, 0x1A0, 64), (28, 0x2A0, 512),
    ];

    private static readonly (int Field, int Offset)[] s_numbers32 = [(1, 0x00), (2, 0x04), (6, 0x30), (7, 0x34), (10, 0x48)];

    private static readonly (int Field, int Offset)[] s_numbers64 =
        [(3, 0x08), (8, 0x38), (9, 0x40), (18, 0x180), (20, 0x1E0), (27, 0x1F0), (30, 0x1F8), (31, 0x200)];

    private static readonly (int Field, int Offset)[] s_numbers8 = [(21, 0x1E8), (22, 0x1E9), (23, 0x1EA), (24, 0x1EC), (25, 0x1ED), (26, 0x1EE)];

    private const int CpuidField = 29;
    private const int FamilyAt = 0x188;
    private const uint KnownCpuidBits = 0x0FFF_0FFF;

    /// <summary>Reads {report, certificate chain, product}; null when a field is missing, unknown, or of another length.</summary>
    public static GoogleHardware? Read(Bytes content)
    {
        var message = ProtoMessage.Parse(content.Span);
        var (report, chain) = (message.Inner(1), message.Inner(2));

        // The product is for whoever fetches certificates. Report and certificates name it themselves.
        message.Content(3);
        Bytes[] certificates = [chain.Content(1), chain.Content(6), chain.Content(2), chain.Content(3)];

        // Certificates of firmware and whatever else the host adds: nothing here looks at them.
        chain.Content(4);
        chain.All(7);
        var bytes = Report(report);
        return message.IsDone && chain.IsDone && report.IsDone && bytes is not null
            ? new GoogleHardware(TeeNames.AmdSevSnp, new Bytes(bytes), [.. certificates.Where(one => one.Length > 0)])
            : null;
    }

    private static byte[]? Report(ProtoMessage message)
    {
        var report = new byte[SnpReport.Length];
        foreach (var (field, offset, length) in s_bytes)
        {
            message.Exactly(field, length).CopyTo(report, offset);
        }

        foreach (var (field, offset) in s_numbers32)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(report.AsSpan(offset), message.Number32(field));
        }

        foreach (var (field, offset) in s_numbers64)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(report.AsSpan(offset), message.Number(field));
        }

        var isWhole = true;
        foreach (var (field, offset) in s_numbers8)
        {
            var number = message.Number32(field);
            isWhole &= number <= byte.MaxValue;
            report[offset] = (byte)number;
        }

        return isWhole & PutProcessor(message.Number32(CpuidField), report.AsSpan(FamilyAt)) ? report : null;
    }

    /// <summary>CPUID(1).EAX: stepping, model and family of 4 bits, then 4 bits more of the model and 8 that are added to family 15. Spec: AMD APM volume 3, appendix E.3.2.</summary>
    private static bool PutProcessor(uint cpuid, Span<byte> processor)
    {
        const uint extendedFamily = 0xF;
        var (stepping, model, family) = (cpuid & 0xF, (cpuid >> 4 & 0xF) | (cpuid >> 16 & 0xF) << 4, cpuid >> 8 & 0xF);
        var added = cpuid >> 20 & 0xFF;
        var whole = family + added;
        (processor[0], processor[1], processor[2]) = ((byte)whole, (byte)model, (byte)stepping);
        return (cpuid & ~KnownCpuidBits) == 0 && (family == extendedFamily || added == 0) && whole <= byte.MaxValue;
    }
}
