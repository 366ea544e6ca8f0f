using System.Collections.Immutable;
using System.Text.Json;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Jose;

/// <summary>A JWS in compact form whose payload is a JSON object. Spec: RFC 7515 s.3.1; RFC 8725 s.3.</summary>
/// <remarks>A key or an address of a key in the header (<c>jwk</c>, <c>jku</c>, <c>x5u</c>) is never used: whoever signs chooses it.</remarks>
internal sealed class CompactJws
{
    /// <summary>Most bytes of a token: 64 KiB. The longest known ones have 15.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The only algorithm: RSASSA-PKCS1-v1_5 with SHA-256. Spec: RFC 7518 s.3.3.</summary>
    public const string Algorithm = "RS256";

    private const int MaxCertificates = 6;
    private readonly Bytes _signed;
    private readonly Bytes _signature;

    private CompactJws(JsonElement header, JsonElement payload, Bytes signed, Bytes signature) =>
        (Header, Payload, _signed, _signature) = (header, payload, signed, signature);

    /// <summary>Gets the protected header.</summary>
    public JsonElement Header { get; }

    /// <summary>Gets the claims.</summary>
    public JsonElement Payload { get; }

    /// <summary>Gets the name of the key; null when there is none.</summary>
    public string? KeyId => Header.TextAt("kid");

    /// <summary>Gets the certificates of <c>x5c</c>, leaf first; empty when there are none, null when they cannot be read.</summary>
    public ImmutableArray<Certificate>? Certificates => X5c.Read(Header, MaxCertificates);

    /// <summary>Reads the form.</summary>
    /// <param name="token">ASCII, three parts. Trust: attacker-controlled.</param>
    /// <returns>Null for another form, more than 64 KiB, or a critical header, of which none is understood.</returns>
    public static CompactJws? Parse(ReadOnlySpan<byte> token)
    {
        const byte Dot = (byte)'.';
        if (token.Length > MaxBytes || token.Count(Dot) != 2)
        {
            return null;
        }

        var first = token.IndexOf(Dot);
        var second = token.LastIndexOf(Dot);
        return Base64UrlText.Read(token[..first]) is { } header && TokenJson.Object(header.Span) is { } headerObject
            && Base64UrlText.Read(token[(first + 1)..second]) is { } payload && TokenJson.Object(payload.Span) is { } payloadObject
            && Base64UrlText.Read(token[(second + 1)..]) is { } signature
            && headerObject.At("crit") is null
            ? new CompactJws(headerObject, payloadObject, new Bytes(token[..second]), signature)
            : null;
    }

    /// <summary>Returns what is wrong with the algorithm; empty for RS256. None and the symmetric ones are refused by name.</summary>
    public IEnumerable<FailedCheck> AlgorithmFailures()
    {
        if (Header.TextAt("alg") is not Algorithm)
        {
            yield return new FailedCheck(RefusalCode.EvidenceInvalid, "jws-algorithm", Algorithm, Printable.Text(Header.TextAt("alg")));
        }
    }

    /// <summary>Returns what is wrong with the signature; empty when the key made it.</summary>
    public IEnumerable<FailedCheck> SignatureFailures(VerificationKey key)
    {
        if (!key.VerifyPkcs1(HashName.Sha256, _signed.Span, _signature.Span))
        {
            yield return new FailedCheck(RefusalCode.EvidenceInvalid, "signature", "a signature by the key of the token's issuer", "another");
        }
    }
}
