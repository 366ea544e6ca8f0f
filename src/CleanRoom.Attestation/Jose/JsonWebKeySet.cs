using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Jose;

/// <summary>A set of keys. Who made it is for the caller to know. Spec: RFC 7517 s.5.</summary>
internal sealed class JsonWebKeySet
{
    /// <summary>Most bytes of a set: 256 KiB. Azure's have up to 40.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int MaxKeys = 64;
    private const int MaxCertificates = 6;

    private readonly ImmutableArray<JsonElement> _entries;

    private JsonWebKeySet(ImmutableArray<JsonElement> entries) => _entries = entries;

    /// <summary>Reads a set; its keys are read when they are asked for, since the check of an RSA key is slow. Trust: attacker-controlled.</summary>
    /// <returns>Null when it is no set, too long, or has more than 64 keys.</returns>
    public static JsonWebKeySet? Parse(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxBytes || TokenJson.Object(json)?.At("keys") is not { ValueKind: JsonValueKind.Array } keys || keys.GetArrayLength() > MaxKeys)
        {
            return null;
        }

        return new JsonWebKeySet([.. keys.EnumerateArray()]);
    }

    /// <summary>Returns the RSA key of that name; null when there is none, more than one, or it cannot verify.</summary>
    public JsonWebKey? Find(string? keyId)
    {
        var named = _entries.Where(entry => entry.TextAt("kty") is "RSA" && entry.TextAt("kid") is { } name && string.Equals(name, keyId, StringComparison.Ordinal));
        return named.Take(2).ToImmutableArray() is [var only] ? Read(only) : null;
    }

    /// <summary>Reads every RSA key that can verify: slow, for sets that the caller trusts.</summary>
    public ImmutableArray<JsonWebKey> ReadAll() =>
        [.. _entries.Select(entry => entry.TextAt("kty") is "RSA" ? Find(entry.TextAt("kid")) : null).OfType<JsonWebKey>()];

    private static JsonWebKey? Read(JsonElement entry)
    {
        if (entry.TextAt("kid") is not { } keyId || X5c.Read(entry, MaxCertificates) is not { } certificates)
        {
            return null;
        }

        var certificate = certificates.FirstOrDefault();
        var numbers = Numbers(entry);
        var key = certificate?.Key ?? numbers;

        // Two keys under one name would let a reader of the one accept what a reader of the other refuses.
        return key is { IsRsa: true } && (entry.At("n") is null || numbers?.SpkiDigest() == key.SpkiDigest())
            ? new JsonWebKey(keyId, key, certificate)
            : null;
    }

    private static VerificationKey? Numbers(JsonElement entry) =>
        Number(entry, "n") is { } modulus && Number(entry, "e") is { } exponent ? VerificationKey.FromRsa(modulus.Span, exponent.Span) : null;

    private static Bytes? Number(JsonElement entry, string name) =>
        entry.TextAt(name) is { } text ? Base64UrlText.Read(Encoding.UTF8.GetBytes(text)) : null;
}
