using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace CleanRoom.Protocol.Documents;

/// <summary>A collaborator's root key names a person, the person's keys and roles. Spec: contracts/spec/0004.</summary>
public sealed record Delegation : Document
{
    public required string Collaborator { get; init; }

    /// <summary>Gets the root key that signs this: 65 bytes, uncompressed P-256 point.</summary>
    public required Bytes RootKey { get; init; }

    /// <summary>Gets the person's short name, unique in the collaborator: <c>[a-z][a-z0-9_.-]{0,62}</c>.</summary>
    public required string Member { get; init; }

    public required string DisplayName { get; init; }

    public required SignKey Sign { get; init; }

    /// <summary>Gets the HPKE key that opens results: 65 bytes, uncompressed P-256 point; null when the member receives nothing.</summary>
    public required Bytes? ReceiveKey { get; init; }

    /// <summary>Gets the Ed25519 key that cosigns checkpoints: 32 bytes; null when the member witnesses nothing.</summary>
    public required Bytes? WitnessKey { get; init; }

    public required ImmutableArray<MemberRole> Roles { get; init; }

    public required Timestamp NotBefore { get; init; }

    public required Timestamp Expires { get; init; }

    /// <summary>Gets 16 random bytes.</summary>
    public required Bytes Nonce { get; init; }
}

/// <summary>A member's signing key. The kind fixes the algorithm.</summary>
public sealed record SignKey
{
    public required SignatureKind Kind { get; init; }

    /// <summary>Gets 65 bytes, uncompressed P-256 point.</summary>
    public required Bytes PublicKey { get; init; }

    /// <summary>Gets the relying party id; null unless the kind is <c>webauthn</c>.</summary>
    public required string? RpId { get; init; }

    /// <summary>Gets the origins that may sign; empty unless the kind is <c>webauthn</c>.</summary>
    public required ImmutableArray<string> Origins { get; init; }

    /// <summary>Gets a value that says whether the authenticator must have verified the user.</summary>
    public required bool UserVerification { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<SignatureKind>))]
public enum SignatureKind
{
    [JsonStringEnumMemberName("es256")] Es256 = 1,
    [JsonStringEnumMemberName("webauthn")] WebAuthn = 2,
}

[JsonConverter(typeof(JsonStringEnumConverter<MemberRole>))]
public enum MemberRole
{
    [JsonStringEnumMemberName("admin")] Admin = 1,
    [JsonStringEnumMemberName("owner")] Owner = 2,
    [JsonStringEnumMemberName("analyst")] Analyst = 3,
    [JsonStringEnumMemberName("approver")] Approver = 4,
    [JsonStringEnumMemberName("receiver")] Receiver = 5,
    [JsonStringEnumMemberName("auditor")] Auditor = 6,
}

/// <summary>A collaborator's root key ends a member's delegation, at once.</summary>
public sealed record MemberRevocation : Document
{
    public required string Collaborator { get; init; }

    public required string Member { get; init; }

    /// <summary>Gets the digest of the delegation that ends.</summary>
    public required Digest DelegationDigest { get; init; }

    public required string Reason { get; init; }

    public required Bytes Nonce { get; init; }
}
