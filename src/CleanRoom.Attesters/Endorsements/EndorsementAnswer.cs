using System.Formats.Asn1;
using System.Globalization;
using System.Text;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attesters.Endorsements;

/// <summary>Looks at the form of an answer, so that a page of error text is not kept as an endorsement, and for the next update that it names.</summary>
/// <param name="Content">What is kept.</param>
/// <param name="NextUpdate">What the answer says about itself; null when it says nothing. Not verified: it can only make an entry stale earlier.</param>
internal sealed record EndorsementAnswer(Bytes Content, DateTimeOffset? NextUpdate)
{
    private const string CertificateBegin = "-----BEGIN CERTIFICATE-----";

    /// <summary>Reads an answer; null for another form.</summary>
    public static EndorsementAnswer? Read(EndorsementRequest request, byte[] body) => request.Form switch
    {
        EndorsementForm.Certificate => IsDerSequence(body) ? new(new Bytes(body), NextUpdate: null) : null,
        EndorsementForm.CertificateChain => IsPem(body) ? new(new Bytes(body), NextUpdate: null) : null,
        EndorsementForm.RevocationList => ReadRevocationList(body),
        EndorsementForm.Collateral => ReadCollateral(body, request.MaxBytes),
        EndorsementForm.AzureCertification => ReadAzure(body, request.MaxBytes),
        _ => null,
    };

    /// <summary>Returns whether this is text with a certificate in PEM.</summary>
    public static bool IsPem(ReadOnlySpan<byte> text) =>
        !text.ContainsAnyExceptInRange((byte)1, (byte)127) && Encoding.ASCII.GetString(text).Contains(CertificateBegin, StringComparison.Ordinal);

    private static bool IsDerSequence(byte[] body) =>
        AsnDecoder.TryReadEncodedValue(body, AsnEncodingRules.DER, out var tag, out _, out _, out var consumed)
        && tag == Asn1Tag.Sequence && consumed == body.Length;

    private static EndorsementAnswer? ReadRevocationList(byte[] body)
    {
        try
        {
            // Spec: RFC 5280 s.5.1: CertificateList{tbsCertList{version?, signature, issuer, thisUpdate, nextUpdate?, ...}, ...}
            var list = new AsnReader(body, AsnEncodingRules.DER);
            var outer = list.ReadSequence();
            list.ThrowIfNotEmpty();
            var tbs = outer.ReadSequence();
            if (tbs.PeekTag() == Asn1Tag.Integer)
            {
                tbs.ReadInteger();
            }

            tbs.ReadSequence();
            tbs.ReadSequence();
            ReadTime(tbs);
            return new EndorsementAnswer(new Bytes(body), tbs.HasData ? ReadTime(tbs) : null);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static DateTimeOffset? ReadTime(AsnReader reader) => reader.PeekTag() switch
    {
        var tag when tag == Asn1Tag.UtcTime => reader.ReadUtcTime(),
        var tag when tag == Asn1Tag.GeneralizedTime => reader.ReadGeneralizedTime(),
        _ => null,
    };

    /// <summary>Intel's collateral is {tcbInfo or enclaveIdentity: {..., nextUpdate}, signature}.</summary>
    private static EndorsementAnswer? ReadCollateral(byte[] body, int maxBytes)
    {
        if (!StrictJson.Parse(body, maxBytes).TryGet(out var value, out _) || value is not JsonObject members)
        {
            return null;
        }

        var signed = (members.Find("tcbInfo") ?? members.Find("enclaveIdentity")) as JsonObject;
        return signed?.Find("nextUpdate") is JsonString text
            && DateTimeOffset.TryParseExact(
                text.Value, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var next)
            ? new EndorsementAnswer(new Bytes(body), next)
            : null;
    }

    private static EndorsementAnswer? ReadAzure(byte[] body, int maxBytes)
    {
        if (!StrictJson.Parse(body, maxBytes).TryGet(out var value, out _)
            || value is not JsonObject members
            || members.Find("vcekCert") is not JsonString chip
            || members.Find("certificateChain") is not JsonString chain)
        {
            return null;
        }

        var pem = Encoding.UTF8.GetBytes(chip.Value.TrimEnd() + "\n" + chain.Value);
        return IsPem(pem) ? new EndorsementAnswer(new Bytes(pem), NextUpdate: null) : null;
    }
}
