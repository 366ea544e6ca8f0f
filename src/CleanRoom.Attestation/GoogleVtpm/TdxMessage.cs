using System.Buffers.Binary;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.GoogleVtpm;

/// <summary>Puts a TDX quote of version 4 together from the fields of go-tdx-guest's message; its signatures say whether they are the quote's.</summary>
/// <remarks>Source: google/go-tdx-guest, tdx.QuoteV4; the order is that of Intel's TDX DCAP Quoting Library API, appendix 3.</remarks>
internal static class TdxMessage
{
    private const int Rtmrs = 4;
    private const int DigestBytes = 48;
    private const int PointBytes = 64;

    /// <summary>The fields of the TD report up to the RTMRs, with their lengths.</summary>
    private static readonly (int Field, int Length)[] s_body =
        [(1, 16), (2, DigestBytes), (3, DigestBytes), (4, 8), (5, 8), (6, 8), (7, DigestBytes), (8, DigestBytes), (9, DigestBytes), (10, DigestBytes)];

    /// <summary>Reads a quote; null when a field is missing, unknown, or of another length, or a stated length is not that of what it is about.</summary>
    public static GoogleHardware? Read(Bytes content)
    {
        var message = ProtoMessage.Parse(content.Span);
        var (header, body, size, signed, extra) = (Header(message.Inner(1)), Body(message.Inner(2)), message.Number32(3), Signed(message.Inner(4)), message.Content(5));
        return message.IsDone && header is not null && body is not null && signed?.Length == size
            ? new GoogleHardware(TeeNames.IntelTdx, new Bytes([.. header, .. body, .. U32(size), .. signed, .. extra.Span]), [])
            : null;
    }

    private static byte[]? Header(ProtoMessage header)
    {
        var (version, keyType, tee) = (header.Number32(1), header.Number32(2), header.Number32(3));
        byte[] bytes = [.. U16(version), .. U16(keyType), .. U32(tee), .. header.Exactly(5, 2), .. header.Exactly(4, 2), .. header.Exactly(6, 16), .. header.Exactly(7, 20)];
        return header.IsDone && Math.Max(version, keyType) <= ushort.MaxValue ? bytes : null;
    }

    private static byte[]? Body(ProtoMessage body)
    {
        byte[] bytes = [.. s_body.SelectMany(part => body.Exactly(part.Field, part.Length))];
        var (rtmrs, reportData) = (body.All(11), body.Exactly(12, 64));
        return body.IsDone && rtmrs.Length == Rtmrs && rtmrs.All(rtmr => rtmr.Length == DigestBytes)
            ? [.. bytes, .. rtmrs.SelectMany(rtmr => rtmr.ToArray()), .. reportData]
            : null;
    }

    /// <summary>Signature, attestation key, and certification data of type 6.</summary>
    private static byte[]? Signed(ProtoMessage signed)
    {
        byte[] start = [.. signed.Exactly(1, PointBytes), .. signed.Exactly(2, PointBytes)];
        return Certified(signed.Inner(3), QeReport) is { } rest && signed.IsDone ? [.. start, .. rest] : null;
    }

    /// <summary>The report of the quoting enclave with its signature, its authentication data, and the PCK's chain.</summary>
    private static byte[]? QeReport(ProtoMessage data, int field)
    {
        var certification = data.Inner(field);
        var (report, signature, authentication) = (Enclave(certification.Inner(1)), certification.Exactly(2, PointBytes), certification.Inner(3));
        var (size, authenticated) = (authentication.Number32(1), authentication.Content(2));
        var chain = Certified(certification.Inner(4), (message, inner) => message.Content(inner).ToArray());
        return report is not null && chain is not null && certification.IsDone && authentication.IsDone
            && size == authenticated.Length && size <= ushort.MaxValue
            ? [.. report, .. signature, .. U16(size), .. authenticated.Span, .. chain]
            : null;
    }

    private static byte[]? Enclave(ProtoMessage report)
    {
        var (product, version) = (report.Number32(9), report.Number32(10));
        byte[] bytes =
        [
            .. report.Exactly(1, 16), .. U32(report.Number32(2)), .. report.Exactly(3, 28), .. report.Exactly(4, 16), .. report.Exactly(5, 32),
            .. report.Exactly(6, 32), .. report.Exactly(7, 32), .. report.Exactly(8, 96), .. U16(product), .. U16(version), .. report.Exactly(11, 60), .. report.Exactly(12, 64),
        ];
        return report.IsDone && Math.Max(product, version) <= ushort.MaxValue ? bytes : null;
    }

    /// <summary>Certification data: type, length, and what the length is of.</summary>
    private static byte[]? Certified(ProtoMessage data, Func<ProtoMessage, int, byte[]?> read)
    {
        var (type, size, content) = (data.Number32(1), data.Number32(2), read(data, 3));
        return data.IsDone && type <= ushort.MaxValue && content?.Length == size ? [.. U16(type), .. U32(size), .. content] : null;
    }

    private static byte[] U16(uint value) => [(byte)value, (byte)(value >> 8)];

    private static byte[] U32(uint value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
