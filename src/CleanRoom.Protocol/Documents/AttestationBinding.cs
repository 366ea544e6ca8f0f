using System.Security.Cryptography;

namespace CleanRoom.Protocol.Documents;

/// <summary>Computes what evidence must commit to.</summary>
public static class AttestationBinding
{
    /// <summary>Length of <see cref="ReportData"/> in bytes.</summary>
    public const int ReportDataLength = 64;

    private static ReadOnlySpan<byte> Label => "cleanroom/v1/attest\0"u8;

    /// <summary>Returns SHA-512("cleanroom/v1/attest" || 0x00 || JCS(binding)).</summary>
    /// <remarks>JCS is over the document form, with its member <c>type</c>. Spec: contracts/spec/0001 s.6.</remarks>
    public static byte[] ReportData(Binding binding) => SHA512.HashData([.. Label, .. DocumentCodec.Encode(binding)]);
}
