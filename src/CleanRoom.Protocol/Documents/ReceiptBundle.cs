using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace CleanRoom.Protocol.Documents;

/// <summary>All that a stranger needs to check a receipt without a network; the content of a <c>.receipt</c> file. Spec: contracts/spec/0009 s.4.</summary>
/// <remarks>Not signed as a whole: every part is authenticated by itself. Not a ledger row.</remarks>
public sealed record ReceiptBundle : Document
{
    /// <summary>Gets the ledger row that holds the receipt's envelope, as encoded.</summary>
    public required Bytes Row { get; init; }

    /// <summary>Gets the proof that the row is in the log of <see cref="Checkpoint"/>.</summary>
    public required ImmutableArray<Digest> InclusionProof { get; init; }

    /// <summary>Gets the signed note with its cosignatures.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>Gets row 0, as encoded.</summary>
    public required Bytes Genesis { get; init; }

    /// <summary>Gets the proof that row 0 is in the same log.</summary>
    public required ImmutableArray<Digest> GenesisProof { get; init; }

    /// <summary>Gets evidence, endorsements and binding of the node that signed the receipt.</summary>
    public required NodeAttestation Attestation { get; init; }

    /// <summary>Gets the contract's envelope with all signatures, as encoded; null when redacted.</summary>
    public required Bytes? Contract { get; init; }

    /// <summary>Gets the query's envelope, as encoded; null when redacted.</summary>
    public required Bytes? Query { get; init; }

    /// <summary>Gets the envelopes of the delegations of everyone who signed the contract or the query; empty when redacted.</summary>
    public required ImmutableArray<Bytes> Delegations { get; init; }

    /// <summary>Gets the encoded code endorsements by which the contract accepts the node's evidence; absent where it names the code itself, and when redacted. Spec: contracts/spec/0025.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<Bytes>? CodeEndorsements { get; init; }
}
