using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace CleanRoom.Protocol.Documents;

/// <summary>What a node says it has erased of a collaboration that ended. The evidence over it is made afterwards. Spec: contracts/spec/0024.</summary>
public sealed record Destruction : Document
{
    /// <summary>Gets the collaboration's id.</summary>
    public required string Collaboration { get; init; }

    /// <summary>Gets when the last of it was erased, by the node's clock.</summary>
    public required Timestamp Time { get; init; }

    /// <summary>Gets what was there and is erased; in the order of the enumeration, at least one.</summary>
    public required ImmutableArray<ErasedSecret> Erased { get; init; }
}

/// <summary>A destruction with the evidence of the node that did it: the content of a certificate. Anyone can check it. Not a ledger row.</summary>
/// <remarks>The evidence is bound to the destruction: its nonce is <see cref="NonceOf"/>.</remarks>
public sealed record DestructionCertificate : Document
{
    private const string Label = "cleanroom/v1/destruction";

    public required Destruction Destruction { get; init; }

    /// <summary>Gets the evidence, whose binding has the purpose <see cref="BindingPurpose.Destruction"/> and the log's last checkpoint.</summary>
    public required NodeAttestation Attestation { get; init; }

    /// <summary>Returns SHA-256("cleanroom/v1/destruction" || 0x00 || JCS(destruction)).</summary>
    public static Bytes NonceOf(Destruction destruction)
    {
        ArgumentNullException.ThrowIfNull(destruction);
        return new Bytes(Digest.Labelled(Label, DocumentCodec.Encode(destruction)).ToArray());
    }
}

/// <summary>Where a node has a collaboration's secret.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ErasedSecret>))]
public enum ErasedSecret
{
    /// <summary>The secret and all keys derived from it, in the memory of the node: overwritten with zeros.</summary>
    [JsonStringEnumMemberName("keys-in-memory")] KeysInMemory = 1,

    /// <summary>The copy that the TEE sealed, on the host's side: removed. Copies that the host made of it are out of reach.</summary>
    [JsonStringEnumMemberName("sealed-copy")] SealedCopy = 2,

    /// <summary>The counter that the machine's TPM kept for the log: undefined.</summary>
    [JsonStringEnumMemberName("machine-counter")] MachineCounter = 3,
}
