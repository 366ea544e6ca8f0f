using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace CleanRoom.Protocol.Documents;

/// <summary>A member asks. Signed by the member. Spec: contracts/spec/0008.</summary>
public sealed record Query : Document
{
    public required string Collaboration { get; init; }

    public required Digest ContractDigest { get; init; }

    /// <summary>Gets the asking collaborator's id.</summary>
    public required string Analyst { get; init; }

    /// <summary>Gets the SQL text; null when a template is used.</summary>
    public required string? Sql { get; init; }

    /// <summary>Gets the digest of the template; null when SQL is given.</summary>
    public required Digest? TemplateDigest { get; init; }

    /// <summary>Gets parameter name to value text; empty for free SQL.</summary>
    public required ImmutableSortedDictionary<string, string> Parameters { get; init; }

    public required ImmutableArray<QueryInput> Inputs { get; init; }

    /// <summary>Gets the collaborators that receive the answer.</summary>
    public required ImmutableArray<string> Receivers { get; init; }

    /// <summary>Gets how often it may run, from 1.</summary>
    public required int Runs { get; init; }

    public required Timestamp NotBefore { get; init; }

    public required Timestamp Expires { get; init; }

    public required Bytes Nonce { get; init; }
}

/// <summary>The exact version of a dataset that a query reads.</summary>
public sealed record QueryInput
{
    /// <summary>Gets the dataset's SQL name.</summary>
    public required string Dataset { get; init; }

    public required Digest ManifestDigest { get; init; }
}

/// <summary>A member approves or refuses. Signed by the member.</summary>
public sealed record Approval : Document
{
    public required string Collaboration { get; init; }

    /// <summary>Gets the query's digest.</summary>
    public required Digest Subject { get; init; }

    public required Digest ContractDigest { get; init; }

    /// <summary>Gets the digest of the verdict that the member was shown.</summary>
    public required Digest VerdictDigest { get; init; }

    public required ApprovalDecision Decision { get; init; }

    public required string Reason { get; init; }

    public required ApprovalConditions Conditions { get; init; }

    /// <summary>Gets the checkpoint that the member saw, as a signed note.</summary>
    public required string Checkpoint { get; init; }

    public required Bytes Nonce { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<ApprovalDecision>))]
public enum ApprovalDecision
{
    [JsonStringEnumMemberName("approve")] Approve = 1,
    [JsonStringEnumMemberName("refuse")] Refuse = 2,
}

/// <summary>Limits that an approver sets.</summary>
public sealed record ApprovalConditions
{
    public required int MaxRuns { get; init; }

    public required Timestamp Expires { get; init; }
}

/// <summary>What a run costs, in the ledger before any row is decrypted. Signed by the node. Never refunded.</summary>
public sealed record Charge : Document
{
    public required string Collaboration { get; init; }

    public required Digest QueryDigest { get; init; }

    public required Digest VerdictDigest { get; init; }

    /// <summary>Gets the run's number, from 1.</summary>
    public required int Run { get; init; }

    public required ImmutableArray<BudgetCharge> Costs { get; init; }

    /// <summary>Gets a proof for each owner and unit domain that is charged rho or delta: the owners' budget logs came first.</summary>
    public required ImmutableArray<BudgetProof> BudgetLogs { get; init; }
}

/// <summary>What one dataset's owner is charged.</summary>
public sealed record BudgetCharge
{
    public required string Dataset { get; init; }

    public required string Owner { get; init; }

    /// <summary>Gets the unit domain, or empty when the dataset protects nobody.</summary>
    public required string Domain { get; init; }

    public required int Queries { get; init; }

    /// <summary>Gets the zCDP cost in billionths; 0 outside the dp tier.</summary>
    public required long NanoRho { get; init; }

    /// <summary>Gets the delta of the choice of groups in units of 10^-18; 0 outside the dp tier and where groups are public.</summary>
    public required long AttoDelta { get; init; }
}

/// <summary>A run's answer: where its sealed bytes are and who can open them. Signed by the node. Spec: contracts/spec/0009.</summary>
public sealed record RunResult : Document
{
    public required string Collaboration { get; init; }

    public required Digest QueryDigest { get; init; }

    /// <summary>Gets the sequence of the charge row.</summary>
    public required long ChargeSequence { get; init; }

    /// <summary>Gets SHA-256(label || 0x00 || salt || bytes).</summary>
    public required Digest Commitment { get; init; }

    public required ResultBlob Blob { get; init; }

    public required ImmutableArray<ResultWrap> Wraps { get; init; }

    /// <summary>Gets what the audit of earlier answers remembers from now on: one entry for each dataset version that it holds for.</summary>
    public required ImmutableArray<HistoryRecord> History { get; init; }

    /// <summary>Gets, in the tier list, whose rows left: one entry for each protected input; absent in the other tiers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<ReleaseRecord>? Releases { get; init; }
}

/// <summary>How many people of one dataset version a list holds, and a commitment to who they are. Spec: contracts/spec/0009 s.2.2.</summary>
public sealed record ReleaseRecord
{
    public required Digest ManifestDigest { get; init; }

    /// <summary>Gets the number of different people in the rows that left.</summary>
    public required int Units { get; init; }

    /// <summary>Gets SHA-256(label || 0x00 || salt || digest of the set of ids).</summary>
    public required Digest Commitment { get; init; }

    /// <summary>Gets the columns of the answer, from 0, in which the ids stand; empty when the answer does not hold them, and then no receiver can check.</summary>
    public required ImmutableArray<int> Columns { get; init; }
}

/// <summary>Where the audit's memory of one dataset version is. Only the node can read it. Spec: contracts/spec/0015.</summary>
public sealed record HistoryRecord
{
    /// <summary>Gets the version that it remembers answers of.</summary>
    public required Digest ManifestDigest { get; init; }

    /// <summary>Gets the commitment of the memory that this one follows; null for the first.</summary>
    public required Digest? Previous { get; init; }

    /// <summary>Gets the commitment of the memory.</summary>
    public required Digest Commitment { get; init; }

    public required ResultBlob Blob { get; init; }
}

/// <summary>The sealed result object.</summary>
public sealed record ResultBlob
{
    /// <summary>Gets the object's name in the store: 32 lower-case hex digits.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the number of sealed bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Gets the SHA-256 of the sealed bytes.</summary>
    public required Digest Digest { get; init; }
}

/// <summary>The result key, sealed to one receiver.</summary>
public sealed record ResultWrap
{
    public required string Collaborator { get; init; }

    public required string Member { get; init; }

    public required Bytes Enc { get; init; }

    public required Bytes Ciphertext { get; init; }
}

/// <summary>A charged run ended without an answer. Signed by the node.</summary>
public sealed record RunFailure : Document
{
    public required string Collaboration { get; init; }

    public required Digest QueryDigest { get; init; }

    public required long ChargeSequence { get; init; }

    /// <summary>Gets 32 lower-case hex digits; the only thing that anyone but an owner is told.</summary>
    public required string CorrelationId { get; init; }
}

/// <summary>The author or an input's owner stops a query. Signed by the member.</summary>
public sealed record Cancellation : Document
{
    public required string Collaboration { get; init; }

    public required Digest QueryDigest { get; init; }

    public required string Reason { get; init; }

    public required Bytes Nonce { get; init; }
}
