using System.Collections.Immutable;

namespace CleanRoom.Protocol.Documents;

/// <summary>Row 0 of a ledger: the attested node that made the collaboration secret. Signed by the node's key. Spec: contracts/spec/0005.</summary>
public sealed record Genesis : Document
{
    /// <summary>Gets the collaboration's id: contracts/spec/0005 s.2.</summary>
    public required string Collaboration { get; init; }

    /// <summary>Gets the digest of the first proposed contract.</summary>
    public required Digest ContractDigest { get; init; }

    /// <summary>Gets the collaboration's HPKE sealing key: 65 bytes, uncompressed P-256 point.</summary>
    public required Bytes SealingKey { get; init; }

    /// <summary>Gets the Ed25519 key that signs checkpoints: 32 bytes.</summary>
    public required Bytes CheckpointKey { get; init; }

    /// <summary>Gets 32 random bytes.</summary>
    public required Bytes Nonce { get; init; }

    public required NodeAttestation Attestation { get; init; }
}

/// <summary>A node that holds the collaboration secret after a restart or a handover. Signed by the node's key.</summary>
public sealed record NodeAdmission : Document
{
    public required string Collaboration { get; init; }

    public required NodeAttestation Attestation { get; init; }
}

/// <summary>What a node shows of itself: evidence over a binding.</summary>
public sealed record NodeAttestation
{
    /// <summary>Gets the kind of evidence: <c>simulated</c>, <c>tpm</c>, <c>amd-sev-snp</c>, ...</summary>
    public required string Tee { get; init; }

    public required Bytes Evidence { get; init; }

    public required ImmutableArray<Bytes> Endorsements { get; init; }

    public required Binding Binding { get; init; }
}

/// <summary>What the evidence's report data commits to. Spec: contracts/spec/0006.</summary>
/// <remarks>Report data = SHA-512("cleanroom/v1/attest" || 0x00 || JCS(binding)).</remarks>
public sealed record Binding : Document
{
    /// <summary>Gets the 32 bytes that the asker chose.</summary>
    public required Bytes Nonce { get; init; }

    /// <summary>Gets the node's ES256 key: 65 bytes.</summary>
    public required Bytes SigningKey { get; init; }

    /// <summary>Gets the node's HPKE key: 65 bytes.</summary>
    public required Bytes SealingKey { get; init; }

    public required BindingPurpose Purpose { get; init; }

    /// <summary>Gets the collaboration's id, or <c>none</c>.</summary>
    public required string Collaboration { get; init; }

    /// <summary>Gets the collaboration's HPKE key, or empty before genesis.</summary>
    public required Bytes CollaborationKey { get; init; }

    /// <summary>Gets the collaboration's Ed25519 checkpoint key, or empty before genesis.</summary>
    public required Bytes CheckpointKey { get; init; }

    /// <summary>Gets the digest of the contract in force, or null before genesis.</summary>
    public required Digest? ContractDigest { get; init; }

    /// <summary>Gets the newest signed checkpoint as a signed note, or <c>none</c>.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>Gets 16 random bytes, new at each start of the node.</summary>
    public required Bytes BootId { get; init; }

    /// <summary>Gets the build's version and digest, for people; the measurement is what counts.</summary>
    public required string Build { get; init; }
}

[System.Text.Json.Serialization.JsonConverter(typeof(System.Text.Json.Serialization.JsonStringEnumConverter<BindingPurpose>))]
public enum BindingPurpose
{
    /// <summary>Before genesis: "may this node host us?".</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("admission")] Admission = 1,

    /// <summary>Row 0.</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("genesis")] Genesis = 2,

    /// <summary>A running room shows itself.</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("room")] Room = 3,

    /// <summary>A node is let into an existing collaboration.</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("handover")] Handover = 4,

    /// <summary>A node shows itself to the other nodes of its cluster: in its certificate. Nobody can ask for it, so nobody chooses its nonce.</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("peer")] Peer = 5,

    /// <summary>A node shows what it has erased of a collaboration that ended. Nobody can ask for it: the nonce is the digest of what is said.</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("destruction")] Destruction = 6,

    /// <summary>A node without the secret asks members for their shares of it. The room's keys in it are the asker's word: the asker compares them.</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("recovery")] Recovery = 7,
}
