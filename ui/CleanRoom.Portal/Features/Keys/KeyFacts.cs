using System.Text.Json;
using System.Text.Json.Serialization;
using CleanRoom.Client.Members;
using CleanRoom.Protocol;

namespace CleanRoom.Portal.Features.Keys;

/// <summary>The public side of keys that this browser holds.</summary>
public sealed record KeyFacts
{
    /// <summary>Gets the collaborator's id.</summary>
    public required string Collaborator { get; init; }

    /// <summary>Gets the member's name; null for the collaborator's root key.</summary>
    public required string? Member { get; init; }

    /// <summary>Gets the ES256 public key: 65 bytes.</summary>
    public required Bytes Sign { get; init; }

    /// <summary>Gets the HPKE public key: 65 bytes; null for a root key.</summary>
    public required Bytes? Receive { get; init; }

    /// <summary>Gets the Ed25519 public key: 32 bytes; null for a root key.</summary>
    public required Bytes? Witness { get; init; }

    /// <summary>Gets when they came into this browser.</summary>
    public required Timestamp Since { get; init; }

    /// <summary>Gets a value that says whether they came from a key file, of which another copy exists.</summary>
    public required bool IsImported { get; init; }

    /// <summary>Gets where the signing key lies and may be used, when it is a passkey; null for a key of this browser's own.</summary>
    public PasskeyFacts? Passkey { get; init; }

    /// <summary>Gets whose keys they are.</summary>
    [JsonIgnore]
    public KeyHolder Holder => new(Collaborator, Member);

    /// <summary>Gets the name under which they are kept.</summary>
    [JsonIgnore]
    public string Id => Member is null ? $"{Collaborator} root" : $"{Collaborator}/{Member}";

    /// <summary>Gets what two people compare: SHA-256 of the signing key, in groups of four digits.</summary>
    [JsonIgnore]
    public string Fingerprint => Fingerprints.Of(Sign);

    /// <summary>Writes the facts.</summary>
    public string Encode() => JsonSerializer.Serialize(this, KeyFactsContext.Default.KeyFacts);

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="JsonException">The browser's store holds something else.</exception>
    public static KeyFacts Decode(string json) =>
        JsonSerializer.Deserialize(json, KeyFactsContext.Default.KeyFacts) ?? throw new JsonException("wanted key facts, got null");
}

/// <summary>A passkey: the authenticator holds the key.</summary>
/// <param name="Credential">Its id in the authenticator.</param>
/// <param name="RpId">The page's host.</param>
/// <param name="Origin">The page's origin.</param>
public sealed record PasskeyFacts(Bytes Credential, string RpId, string Origin);

/// <summary>Reader and writer of key facts.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeyFacts))]
internal sealed partial class KeyFactsContext : JsonSerializerContext;
