using System.Collections.Immutable;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.OpenEnclave;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.RaTls;

/// <summary>The quote that a certificate carries, and what in the certificate it is bound to.</summary>
/// <param name="Quote">The SGX or TDX quote.</param>
/// <param name="Claims">The claims buffer that the report data is the digest of; null in Gramine's older form and in Open Enclave's, which are bound to the key itself.</param>
/// <param name="IsKeyBound">Whether the claims, or the older form's report data, are about this certificate's key.</param>
/// <remarks>Spec: Open Enclave SDK, attested TLS; CCC Attestation SIG, interoperable RA-TLS; TCG DICE Attestation Architecture (tagged evidence, 2.23.133.5.4.9).</remarks>
internal sealed record RaTlsExtension(Bytes Quote, Bytes? Claims, Func<ReadOnlyMemory<byte>, bool> IsKeyBound)
{
    /// <summary>Identifies the extension with tagged evidence.</summary>
    public const string TaggedEvidence = "2.23.133.5.4.9";

    /// <summary>Identifies Gramine's older extension with a bare quote.</summary>
    public const string GramineQuote = "0.6.9.42.840.113741.1337.6";

    /// <summary>Identifies the Open Enclave SDK's extension with a report.</summary>
    public const string OpenEnclaveReport = "1.2.840.113556.10.1.1";

    /// <summary>Identifies the Open Enclave SDK's extension with evidence.</summary>
    public const string OpenEnclaveEvidence = "1.2.840.113556.10.1.2";

    private const CborTag EvidenceTag = (CborTag)60000;
    private const string KeyDigestClaim = "pubkey-hash";
    private const int MaxClaims = 64;

    private static readonly ImmutableArray<string> s_identifiers = [TaggedEvidence, GramineQuote, OpenEnclaveReport, OpenEnclaveEvidence];

    /// <summary>Returns whether a certificate carries one of the extensions.</summary>
    public static bool IsIn(Certificate certificate) => s_identifiers.Any(identifier => certificate.Extension(identifier).Length > 0);

    /// <summary>Reads the extension, the first of the list above where several are there; null for another form.</summary>
    public static RaTlsExtension? Of(Certificate certificate)
    {
        if (certificate.Extension(TaggedEvidence) is { Length: > 0 } tagged)
        {
            return Asn1Guard.Read(() => ReadTagged(tagged, certificate.Spki));
        }

        if (certificate.Extension(GramineQuote) is { Length: > 0 } quote)
        {
            return BoundToKey(quote, SHA256.HashData(certificate.Spki.Span));
        }

        var frame = s_identifiers[2..].Select(certificate.Extension).FirstOrDefault(content => content.Length > 0);
        return OpenEnclaveFrame.Parse(frame.Span) is { } parsed ? BoundToKey(parsed.Quote, OpenEnclaveKeyDigest(certificate)) : null;
    }

    private static RaTlsExtension BoundToKey(Bytes quote, byte[] digest) =>
        new(quote, Claims: null, reportData => reportData.Span[..digest.Length].SequenceEqual(digest));

    /// <summary>The SDK measures the key as a text of C: PEM with its last line end, and the zero behind it.</summary>
    private static byte[] OpenEnclaveKeyDigest(Certificate certificate) =>
        SHA256.HashData(Encoding.ASCII.GetBytes(PemEncoding.WriteString("PUBLIC KEY", certificate.Spki.Span) + "\n\0"));

    private static RaTlsExtension? ReadTagged(Bytes content, Bytes spki)
    {
        var reader = new CborReader(content.Memory, CborConformanceMode.Strict);
        if (reader.ReadTag() != EvidenceTag || reader.ReadStartArray() != 2)
        {
            return null;
        }

        var quote = new Bytes(reader.ReadByteString());
        var claims = new Bytes(reader.ReadByteString());
        reader.ReadEndArray();
        var isBound = ClaimsBind(claims, spki);
        return reader.BytesRemaining == 0 ? new RaTlsExtension(quote, claims, _ => isBound) : null;
    }

    /// <summary>Reads the map of claims, names to byte strings, whole: a name that stands twice is refused.</summary>
    private static bool ClaimsBind(Bytes claims, Bytes spki)
    {
        var reader = new CborReader(claims.Memory, CborConformanceMode.Strict);
        var count = reader.ReadStartMap();
        if (count is null or > MaxClaims)
        {
            return false;
        }

        var isBound = false;
        for (var i = 0; i < count; i++)
        {
            var name = reader.ReadTextString();
            var value = reader.ReadByteString();
            isBound |= name == KeyDigestClaim && IsDigestOf(value, spki);
        }

        reader.ReadEndMap();
        return isBound && reader.BytesRemaining == 0;
    }

    /// <summary>The value is CBOR again: [hash, digest], hashes by IANA's named information registry (1, 7, 8).</summary>
    private static bool IsDigestOf(byte[] value, Bytes spki)
    {
        var reader = new CborReader(value, CborConformanceMode.Strict);
        if (reader.ReadStartArray() != 2)
        {
            return false;
        }

        var wanted = reader.ReadInt32() switch
        {
            1 => SHA256.HashData(spki.Span),
            7 => SHA384.HashData(spki.Span),
            8 => SHA512.HashData(spki.Span),
            _ => [],
        };
        var got = reader.ReadByteString();
        reader.ReadEndArray();
        return wanted.Length > 0 && reader.BytesRemaining == 0 && got.AsSpan().SequenceEqual(wanted);
    }
}
