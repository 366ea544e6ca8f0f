using CleanRoom.Attestation.Certificates;
using CleanRoom.Protocol;
using Org.BouncyCastle.Asn1;

namespace CleanRoom.Attestation.AmdSevSnp;

/// <summary>What the certificate of a signing key says about its chip and firmware. Spec: AMD 57230 s.3.1.</summary>
internal static class VekExtensions
{
    public const string BootloaderOid = Arc + ".3.1";
    public const string TeeOid = Arc + ".3.2";
    public const string SnpOid = Arc + ".3.3";
    public const string MicrocodeOid = Arc + ".3.8";
    public const string FmcOid = Arc + ".3.9";

    private const string Arc = "1.3.6.1.4.1.3704.1";
    private const string ProductOid = Arc + ".2";
    private const string ChipOid = Arc + ".4";
    private const string ProviderOid = Arc + ".5";
    private const int MaxTextChars = 120;
    private const byte OctetStringTag = 4;

    /// <summary>Returns a security version, 0 to 255; null when it is absent or something else. Above 127 the INTEGER has two bytes.</summary>
    public static int? Version(Certificate certificate, string oid)
    {
        var content = certificate.Extension(oid).ToArray();
        var number = Asn1Guard.Read(() => DerInteger.GetInstance(Asn1Object.FromByteArray(content)))?.Value;
        return number is { SignValue: >= 0, BitLength: <= 8 } ? number.IntValueExact : null;
    }

    /// <summary>Returns the chip's identifier: raw, as AMD writes it, or in an OCTET STRING; empty when it is absent.</summary>
    public static Bytes ChipId(Certificate certificate)
    {
        var content = certificate.Extension(ChipOid);
        return content.Span is [OctetStringTag, var length, .. var inner] && inner.Length == length ? new Bytes(inner) : content;
    }

    /// <summary>Returns the product with its stepping, such as <c>Milan-B0</c>; null when it is absent.</summary>
    public static string? Product(Certificate certificate) => Text(certificate, ProductOid);

    /// <summary>Returns the cloud provider that a VLEK was leased to; null when it is absent.</summary>
    public static string? Provider(Certificate certificate) => Text(certificate, ProviderOid);

    /// <summary>Only short printable text is read: it becomes a claim, and is shown.</summary>
    private static string? Text(Certificate certificate, string oid)
    {
        var content = certificate.Extension(oid).ToArray();
        var text = Asn1Guard.Read(() => Asn1Object.FromByteArray(content) as IAsn1String)?.GetString();
        return text is { Length: > 0 and <= MaxTextChars } && text.All(c => c is >= ' ' and <= '~') ? text : null;
    }
}
