using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text.Json;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Signatures;

/// <summary>Reads public keys that came as endorsements: PEM or DER of a SubjectPublicKeyInfo (RFC 5280), or a JWK of an elliptic curve (RFC 7517, 7518 s.6.2).</summary>
internal static class PublicKeyReader
{
    private const string PublicKeyLabel = "PUBLIC KEY";

    /// <summary>Most bytes of one key: 4 KiB.</summary>
    private const int MaxBytes = 4 * 1_024;

    /// <summary>Returns the keys among endorsements, each once; what is no key is passed over. Trust: attacker-controlled.</summary>
    public static ImmutableArray<VerificationKey> ReadAll(IEnumerable<Bytes> endorsements) =>
        [.. endorsements.Select(one => Read(one.Span)).OfType<VerificationKey>().DistinctBy(key => key.SpkiDigest())];

    /// <summary>Returns null for what is no key, a private key, or a key that no check could use.</summary>
    public static VerificationKey? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is 0 or > MaxBytes)
        {
            return null;
        }

        return Pem.Read(bytes, PublicKeyLabel) is [var only] ? VerificationKey.FromSpki(only.Span) : VerificationKey.FromSpki(bytes) ?? FromJwk(bytes);
    }

    private static VerificationKey? FromJwk(ReadOnlySpan<byte> bytes)
    {
        var json = bytes.ToArray();
        return Asn1Guard.Read(() =>
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 2 });
            var jwk = document.RootElement;
            var curve = Member(jwk, "crv");
            return Member(jwk, "kty") == "EC" && curve is "P-256" or "P-384" or "P-521" && !jwk.TryGetProperty("d", out _)
                ? VerificationKey.FromPoint(curve, Base64Url.DecodeFromChars(Member(jwk, "x")), Base64Url.DecodeFromChars(Member(jwk, "y")))
                : null;
        });
    }

    private static string? Member(JsonElement jwk, string name) => jwk.TryGetProperty(name, out var value) ? value.GetString() : null;
}
