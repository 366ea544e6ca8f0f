using System.Buffers.Binary;
using CleanRoom.Attestation.Tests.AmdSevSnp;
using CleanRoom.Attestation.Tests.Intel;
using static CleanRoom.Attestation.Tests.GoogleVtpm.ProtoBytes;

namespace CleanRoom.Attestation.Tests.GoogleVtpm;

/// <summary>Takes reports and quotes apart into the messages of go-sev-guest and go-tdx-guest.</summary>
internal static class MadeHardware
{
    public static MadePlatform Platform { get; } = new() { TcbInfo = MadeCollateral.TdxTcbInfo, Identity = MadeCollateral.Identity("TD_QE") };

    /// <summary>Makes an SNP report that has the nonce.</summary>
    public static byte[] SnpReport(byte[] nonce, Action<byte[]>? change = null) => TestSnp.Report(report =>
    {
        report.AsSpan(0x50, 64).Clear();
        nonce.CopyTo(report, 0x50);
        change?.Invoke(report);
    });

    /// <summary>Makes a TDX quote that has the nonce.</summary>
    /// <param name="rtmr3">Its last register; null for another value.</param>
    public static byte[] TdQuote(byte[] nonce, byte[]? rtmr3 = null)
    {
        var body = MadeQuote.TdReport(isTd15: false);
        rtmr3?.CopyTo(body, 328 + (3 * 48));
        body.AsSpan(520).Clear();
        nonce.CopyTo(body, 520);
        return new MadeQuote { Version = 4, Tee = 0x81, BodyType = 2, Body = body, Platform = Platform }.ToBytes();
    }

    /// <summary>Returns field 8 with the report and its certificates.</summary>
    public static byte[] Snp(byte[] report, uint cpuid = 0x00A0_0F11) => Field(8, SnpContent(report, cpuid));

    public static byte[] SnpContent(byte[] report, uint cpuid = 0x00A0_0F11)
    {
        byte[] fields =
        [
            .. N32(1, 0), .. N32(2, 4), .. N64(3, 8), .. B(4, 0x10, 16), .. B(5, 0x20, 16), .. N32(6, 0x30), .. N32(7, 0x34), .. N64(8, 0x38), .. N64(9, 0x40), .. N32(10, 0x48),
            .. B(11, 0x50, 64), .. B(12, 0x90, 48), .. B(13, 0xC0, 32), .. B(14, 0xE0, 48), .. B(15, 0x110, 48), .. B(16, 0x140, 32), .. B(17, 0x160, 32), .. N64(18, 0x180),
            .. B(19, 0x1A0, 64), .. N64(20, 0x1E0), .. N8(21, 0x1E8), .. N8(22, 0x1E9), .. N8(23, 0x1EA), .. N8(24, 0x1EC), .. N8(25, 0x1ED), .. N8(26, 0x1EE), .. N64(27, 0x1F0),
            .. B(28, 0x2A0, 512), .. Field(29, cpuid), .. N64(30, 0x1F8), .. N64(31, 0x200),
        ];
        return [.. Field(1, fields), .. Field(2, [.. Field(1, TestSnp.Vek()), .. Field(2, TestSnp.Ask.Der), .. Field(3, TestSnp.Ark.Der)]), .. Field(3, Field(1, 1))];

        byte[] B(int field, int offset, int length) => Field(field, report.AsSpan(offset, length));
        byte[] N8(int field, int offset) => Field(field, report[offset]);
        byte[] N32(int field, int offset) => Field(field, BinaryPrimitives.ReadUInt32LittleEndian(report.AsSpan(offset)));
        byte[] N64(int field, int offset) => Field(field, BinaryPrimitives.ReadUInt64LittleEndian(report.AsSpan(offset)));
    }

    /// <summary>Returns field 9 with the quote.</summary>
    public static byte[] Tdx(byte[] quote) => Field(9, TdxContent(quote));

    public static byte[] TdxContent(byte[] quote)
    {
        const int body = 48;
        const int signed = 0x27C;
        var size = U32(0x278);
        const int certification = signed + 128;
        const int qe = certification + 6;
        var authentication = U16(qe + 448);
        var chain = qe + 450 + (int)authentication;
        byte[] header = [.. Field(1, U16(0)), .. Field(2, U16(2)), .. Field(3, U32(4)), .. B(4, 10, 2), .. B(5, 8, 2), .. B(6, 12, 16), .. B(7, 28, 20)];
        byte[] report =
        [
            .. B(1, body, 16), .. B(2, body + 16, 48), .. B(3, body + 64, 48), .. B(4, body + 112, 8), .. B(5, body + 120, 8), .. B(6, body + 128, 8), .. B(7, body + 136, 48),
            .. B(8, body + 184, 48), .. B(9, body + 232, 48), .. B(10, body + 280, 48), .. Enumerable.Range(0, 4).SelectMany(i => B(11, body + 328 + (48 * i), 48)), .. B(12, body + 520, 64),
        ];
        byte[] enclave =
        [
            .. B(1, qe, 16), .. Field(2, U32(qe + 16)), .. B(3, qe + 20, 28), .. B(4, qe + 48, 16), .. B(5, qe + 64, 32), .. B(6, qe + 96, 32), .. B(7, qe + 128, 32), .. B(8, qe + 160, 96),
            .. Field(9, U16(qe + 256)), .. Field(10, U16(qe + 258)), .. B(11, qe + 260, 60), .. B(12, qe + 320, 64),
        ];
        byte[] pck = [.. Field(1, U16(chain)), .. Field(2, U32(chain + 2)), .. Field(3, quote.AsSpan(chain + 6, (int)U32(chain + 2)))];
        byte[] data = [.. Field(1, enclave), .. B(2, qe + 384, 64), .. Field(3, [.. Field(1, authentication), .. B(2, qe + 450, (int)authentication)]), .. Field(4, pck)];
        byte[] outer = [.. Field(1, U16(certification)), .. Field(2, U32(certification + 2)), .. Field(3, data)];
        byte[] rest = quote[(signed + (int)size)..];
        return
        [
            .. Field(1, header), .. Field(2, report), .. Field(3, size), .. Field(4, [.. B(1, signed, 64), .. B(2, signed + 64, 64), .. Field(3, outer)]),
            .. rest.Length == 0 ? [] : Field(5, rest),
        ];

        byte[] B(int field, int offset, int length) => Field(field, quote.AsSpan(offset, length));
        ulong U16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(quote.AsSpan(offset));
        ulong U32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(quote.AsSpan(offset));
    }
}
