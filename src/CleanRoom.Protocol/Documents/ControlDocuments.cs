using System.Text.Json.Serialization;

namespace CleanRoom.Protocol.Documents;

/// <summary>Any collaborator's admin or owner stops everything, alone and at once. Spec: contracts/spec/0005.</summary>
public sealed record Suspend : Document
{
    public required string Collaboration { get; init; }

    public required Digest ContractDigest { get; init; }

    public required string Reason { get; init; }

    public required Bytes Nonce { get; init; }
}

/// <summary>One collaborator's vote to go on; it takes all.</summary>
public sealed record Resume : Document
{
    public required string Collaboration { get; init; }

    public required Digest ContractDigest { get; init; }

    /// <summary>Gets the sequence of the suspension that this vote ends.</summary>
    public required long SuspendSequence { get; init; }

    public required Bytes Nonce { get; init; }
}

/// <summary>One collaborator's vote to end the collaboration and destroy its keys; it takes all.</summary>
public sealed record Terminate : Document
{
    public required string Collaboration { get; init; }

    public required Digest ContractDigest { get; init; }

    public required string Reason { get; init; }

    public required Bytes Nonce { get; init; }
}

/// <summary>Takes a query, a dataset version or a measurement back.</summary>
public sealed record Revocation : Document
{
    public required string Collaboration { get; init; }

    public required RevocationKind Kind { get; init; }

    /// <summary>Gets the query's digest, the manifest's digest, or the measurement in hex.</summary>
    public required string Subject { get; init; }

    public required string Reason { get; init; }

    public required Bytes Nonce { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<RevocationKind>))]
public enum RevocationKind
{
    [JsonStringEnumMemberName("query")] Query = 1,
    [JsonStringEnumMemberName("dataset")] Dataset = 2,
    [JsonStringEnumMemberName("measurement")] Measurement = 3,
    [JsonStringEnumMemberName("approval-rule")] ApprovalRule = 4,
}

/// <summary>A witness says, for one start of a node, that a checkpoint is the newest it has seen. Not a ledger row.</summary>
/// <remarks>Carried with an Ed25519 signature over SHA-256("cleanroom/v1/freshness" || 0x00 || JCS(this)). Spec: contracts/spec/0005.</remarks>
public sealed record FreshnessWitness : Document
{
    public required string Collaboration { get; init; }

    public required string Collaborator { get; init; }

    public required string Member { get; init; }

    /// <summary>Gets the 32 random bytes that the node chose at its start.</summary>
    public required Bytes BootNonce { get; init; }

    /// <summary>Gets the checkpoint as a signed note, with the witness's cosignature.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>Returns the 32 bytes that the witness signs.</summary>
    public byte[] SignedBytes() => Digest.Labelled("cleanroom/v1/freshness", DocumentCodec.Encode(this)).ToArray();
}

/// <summary>A member proves who is calling, inside one channel. Not a ledger row.</summary>
public sealed record SignIn : Document
{
    public required string Collaboration { get; init; }

    public required string Collaborator { get; init; }

    public required string Member { get; init; }

    /// <summary>Gets the digest of the attestation binding that the channel was opened against.</summary>
    public required Digest BindingDigest { get; init; }

    /// <summary>Gets the 32 random bytes that the node chose.</summary>
    public required Bytes Challenge { get; init; }
}
