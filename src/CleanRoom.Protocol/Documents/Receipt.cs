using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace CleanRoom.Protocol.Documents;

/// <summary>What an answer came from, as an in-toto statement (v1). Signed by the node; a ledger row. Spec: contracts/spec/0009.</summary>
/// <remarks>The one document that is not named by <c>type</c> but by in-toto's <c>_type</c> and <c>predicateType</c>.</remarks>
public sealed record Receipt
{
    /// <summary>The in-toto statement type.</summary>
    public const string StatementType = "https://in-toto.io/Statement/v1";

    /// <summary>The predicate type of receipts.</summary>
    public const string PredicateTypeV1 = "cleanroom/v1/receipt";

    [JsonPropertyName("_type")]
    public required string Type { get; init; }

    public required string PredicateType { get; init; }

    /// <summary>Gets exactly one subject: the result's commitment.</summary>
    public required ImmutableArray<ReceiptSubject> Subject { get; init; }

    public required ReceiptPredicate Predicate { get; init; }
}

/// <summary>in-toto resource descriptor: a name and the commitment as its SHA-256.</summary>
public sealed record ReceiptSubject
{
    public required string Name { get; init; }

    public required ReceiptDigest Digest { get; init; }
}

/// <summary>in-toto digest set.</summary>
public sealed record ReceiptDigest
{
    public required Digest Sha256 { get; init; }
}

/// <summary>The receipt's content.</summary>
public sealed record ReceiptPredicate
{
    public required string Collaboration { get; init; }

    public required Digest QueryDigest { get; init; }

    public required Digest ContractDigest { get; init; }

    public required Digest VerdictDigest { get; init; }

    /// <summary>Gets SHA-256 over JCS of the attestation that admitted the signing node.</summary>
    public required Digest EvidenceDigest { get; init; }

    public required ImmutableArray<QueryInput> Manifests { get; init; }

    public required ImmutableArray<BudgetCharge> Charged { get; init; }

    public required long ChargeSequence { get; init; }

    public required long ResultSequence { get; init; }

    public required ImmutableArray<string> Receivers { get; init; }

    /// <summary>Gets, in the tier list, whose rows left, as the result says; absent in the other tiers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<ReleaseRecord>? Releases { get; init; }
}
