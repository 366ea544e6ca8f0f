using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Attestation.Nodes;

/// <summary>What the asker knows about the binding that a node must show. Spec: contracts/spec/0006 s.3.</summary>
/// <remarks>The checkpoint in the binding is for the ledger's code: an older consistent one is fine there.</remarks>
public sealed record ExpectedBinding
{
    /// <summary>The word for "no collaboration" and "no checkpoint".</summary>
    public const string None = "none";

    private const string NodeKeys = "a node makes its keys at boot; the evidence is what introduces them";

    /// <summary>Gets the nonce that the asker chose for this question, or that the stored statement names.</summary>
    public required Expected<Bytes> Nonce { get; init; }

    /// <summary>Gets the node's ES256 key.</summary>
    public required Expected<Bytes> SigningKey { get; init; }

    /// <summary>Gets the node's HPKE key.</summary>
    public required Expected<Bytes> SealingKey { get; init; }

    /// <summary>Gets what the node is asked for.</summary>
    public required Expected<BindingPurpose> Purpose { get; init; }

    /// <summary>Gets the collaboration's id, or <see cref="None"/>.</summary>
    public required Expected<string> Collaboration { get; init; }

    /// <summary>Gets the collaboration's HPKE key; empty before genesis.</summary>
    public required Expected<Bytes> CollaborationKey { get; init; }

    /// <summary>Gets the collaboration's checkpoint key; empty before genesis.</summary>
    public required Expected<Bytes> CheckpointKey { get; init; }

    /// <summary>Gets the digest of the contract in force; null before genesis.</summary>
    public required Expected<Digest?> ContractDigest { get; init; }

    /// <summary>The question "may this node host us?", before there is a collaboration.</summary>
    public static ExpectedBinding Admission(Bytes nonce) => OfNode(nonce, BindingPurpose.Admission);

    /// <summary>What a node's certificate has to show to other nodes. The nonce is the digest of the certificate's key.</summary>
    internal static ExpectedBinding Peer(Bytes nonce) => OfNode(nonce, BindingPurpose.Peer);

    /// <summary>The question "are you still our room?", from someone who knows the collaboration.</summary>
    public static ExpectedBinding Room(Bytes nonce, string collaboration, Bytes collaborationKey, Bytes checkpointKey, Digest contractDigest) =>
        OfRoom(nonce, BindingPurpose.Room, collaboration, collaborationKey, checkpointKey, contractDigest);

    /// <summary>The question "may you have the secret?", from a node that holds it.</summary>
    public static ExpectedBinding Handover(Bytes nonce, string collaboration, Bytes collaborationKey, Bytes checkpointKey, Digest contractDigest) =>
        OfRoom(nonce, BindingPurpose.Handover, collaboration, collaborationKey, checkpointKey, contractDigest);

    /// <summary>What the evidence of a destruction must be bound to. The nonce is <see cref="DestructionCertificate.NonceOf"/>.</summary>
    public static ExpectedBinding Destruction(Bytes nonce, string collaboration, Bytes collaborationKey, Bytes checkpointKey, Digest contractDigest) =>
        OfRoom(nonce, BindingPurpose.Destruction, collaboration, collaborationKey, checkpointKey, contractDigest);

    /// <summary>The question "may you have our shares of the secret?", from a member whose room has lost it.</summary>
    public static ExpectedBinding Recovery(Bytes nonce, string collaboration, Bytes collaborationKey, Bytes checkpointKey, Digest contractDigest) =>
        OfRoom(nonce, BindingPurpose.Recovery, collaboration, collaborationKey, checkpointKey, contractDigest);

    /// <summary>The question "was this node in order when the row was written?", for the fold, which compares the rest with its state.</summary>
    internal static ExpectedBinding Recorded { get; } = new()
    {
        Nonce = Expected.Learned<Bytes>("a row answers the asker of its time; its place in the log is its freshness"),
        SigningKey = Expected.Learned<Bytes>("the fold checks that this key signed the row"),
        SealingKey = Expected.Learned<Bytes>(NodeKeys),
        Purpose = Expected.Learned<BindingPurpose>("the fold checks which purpose the row may have"),
        Collaboration = Expected.Learned<string>("the fold compares it with row 0"),
        CollaborationKey = Expected.Learned<Bytes>("the fold compares it with row 0"),
        CheckpointKey = Expected.Learned<Bytes>("the fold compares it with row 0"),
        ContractDigest = Expected.Learned<Digest?>("the fold compares it with the contract in force"),
    };

    private static ExpectedBinding OfRoom(
        Bytes nonce, BindingPurpose purpose, string collaboration, Bytes collaborationKey, Bytes checkpointKey, Digest contractDigest) => new()
    {
        Nonce = Expected.Exactly(nonce),
        SigningKey = Expected.Learned<Bytes>(NodeKeys),
        SealingKey = Expected.Learned<Bytes>(NodeKeys),
        Purpose = Expected.Exactly(purpose),
        Collaboration = Expected.Exactly(collaboration),
        CollaborationKey = Expected.Exactly(collaborationKey),
        CheckpointKey = Expected.Exactly(checkpointKey),
        ContractDigest = Expected.Exactly<Digest?>(contractDigest),
    };

    private static ExpectedBinding OfNode(Bytes nonce, BindingPurpose purpose) => new()
    {
        Nonce = Expected.Exactly(nonce),
        SigningKey = Expected.Learned<Bytes>(NodeKeys),
        SealingKey = Expected.Learned<Bytes>(NodeKeys),
        Purpose = Expected.Exactly(purpose),
        Collaboration = Expected.Exactly(None),
        CollaborationKey = Expected.Exactly(default(Bytes)),
        CheckpointKey = Expected.Exactly(default(Bytes)),
        ContractDigest = Expected.Exactly<Digest?>(null),
    };
}
