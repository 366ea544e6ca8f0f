using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace CleanRoom.Protocol.Documents;

/// <summary>What the rules say of a query, from text, contract and schema alone; the same offline and on the room. Spec: contracts/spec/0008.</summary>
public sealed record Verdict : Document
{
    public required Digest ContractDigest { get; init; }

    /// <summary>Gets the asking collaborator's id.</summary>
    public required string Analyst { get; init; }

    public required ImmutableArray<string> Receivers { get; init; }

    /// <summary>Gets SHA-256(label <c>cleanroom/v1/query-text</c> || 0x00 || JCS{sql, parameters}).</summary>
    public required Digest TextDigest { get; init; }

    [JsonPropertyName("verdict")]
    public required VerdictDecision Decision { get; init; }

    /// <summary>Gets every code that applies, in ordinal order; empty unless refused.</summary>
    public required ImmutableArray<string> Codes { get; init; }

    public required ImmutableArray<OwnerVerdict> Owners { get; init; }

    public required ImmutableArray<LineageEdge> Lineage { get; init; }

    public required ImmutableArray<BudgetCharge> Budget { get; init; }

    /// <summary>Gets how far noise moves the answer's numbers, for each aggregate in the order of the text; empty where answers are exact.</summary>
    public required ImmutableArray<ExpectedNoise> Noise { get; init; }

    /// <summary>Gets the datasets that the query reads, by SQL name, each with the threshold that applies.</summary>
    public required ImmutableArray<VerdictInput> Inputs { get; init; }

    /// <summary>Gets the collaborators whose approval is needed, computed from the contract.</summary>
    public required ImmutableArray<string> Approvers { get; init; }

    /// <summary>Gets the digest of the query plan's canonical form; null when refused.</summary>
    public required Digest? PlanDigest { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<VerdictDecision>))]
public enum VerdictDecision
{
    [JsonStringEnumMemberName("allow")] Allow = 1,
    [JsonStringEnumMemberName("needs-approval")] NeedsApproval = 2,
    [JsonStringEnumMemberName("refuse")] Refuse = 3,
}

/// <summary>How far noise moves one aggregate.</summary>
public sealed record ExpectedNoise
{
    /// <summary>Gets the aggregate, such as <c>sum(amount)</c>.</summary>
    public required string Aggregate { get; init; }

    /// <summary>Gets what the noise exceeds in at most 1 of 20 answers, as a decimal in the units of the answer.</summary>
    public required string Within { get; init; }

    /// <summary>Gets the number of rows of a group that this is for; null where it is the same for every group.</summary>
    public required int? Rows { get; init; }
}

/// <summary>What one owner's rules say.</summary>
public sealed record OwnerVerdict
{
    /// <summary>Gets the collaborator's id, or <c>room</c> for rules that no owner can change.</summary>
    public required string Party { get; init; }

    [JsonPropertyName("verdict")]
    public required VerdictDecision Decision { get; init; }

    public required ImmutableArray<string> Codes { get; init; }

    /// <summary>Gets one sentence for each code: the rule, and what broke it.</summary>
    public required ImmutableArray<string> Reasons { get; init; }

    /// <summary>Gets the rules of the contract that the verdict comes from, as their owner wrote them; empty for the rules of the room.</summary>
    public required ImmutableArray<OwnerRule> Rules { get; init; }

    /// <summary>Gets the smallest change that would pass; null when nothing needs to change.</summary>
    public required string? SmallestChange { get; init; }

    /// <summary>Gets the changes that would pass, one by one: first of the question, then of the contract where its owner could allow it.</summary>
    public required ImmutableArray<VerdictChange> Changes { get; init; }
}

/// <summary>A rule that an owner wrote, found in the contract.</summary>
public sealed record OwnerRule
{
    /// <summary>The code of the rule by which its owner's approval is needed. It refuses nothing.</summary>
    public const string NeedsApproval = "NEEDS_APPROVAL";

    /// <summary>Gets the verdict's code that comes from it, or <see cref="NeedsApproval"/>.</summary>
    public required string Code { get; init; }

    /// <summary>Gets where it stands in the contract. Spec: RFC 6901.</summary>
    public required string Pointer { get; init; }

    /// <summary>Gets the value there as canonical JSON; null when the contract has nothing there, which grants nothing.</summary>
    public required string? Value { get; init; }
}

/// <summary>A change after which a code no longer applies, at least not for this reason.</summary>
public sealed record VerdictChange
{
    public required string Code { get; init; }

    /// <summary>Gets who would make it: the asking collaborator for a change of the question, the owner for a change of the contract.</summary>
    public required string By { get; init; }

    /// <summary>Gets the change in words.</summary>
    public required string Text { get; init; }

    /// <summary>Gets the place in the contract (RFC 6901) that would have another value; null for a change of the question.</summary>
    public required string? Pointer { get; init; }

    /// <summary>Gets the value there after the change as canonical JSON; null when the member would be taken away, or for a change of the question.</summary>
    public required string? Value { get; init; }
}

/// <summary>A column reaches an output, a filter or a join by an operation.</summary>
public sealed record LineageEdge
{
    /// <summary>Gets the dataset's SQL name.</summary>
    public required string Dataset { get; init; }

    public required string Column { get; init; }

    /// <summary>Gets <c>group</c>, <c>filter</c>, <c>join</c>, <c>sum</c>, <c>avg</c>, <c>count-distinct</c>, <c>list</c>, <c>having</c> or a statistic's word.</summary>
    public required string Operation { get; init; }

    /// <summary>Gets the output column's name; empty for a filter or a join, which reach every output.</summary>
    public required string Output { get; init; }
}

/// <summary>A dataset that a query reads.</summary>
public sealed record VerdictInput
{
    public required string Dataset { get; init; }

    public required PolicyTier Tier { get; init; }

    /// <summary>Gets the least number of distinct units of this dataset in every released row; 0 when it protects nobody from the analyst.</summary>
    public required int MinUnits { get; init; }

    /// <summary>Gets the most cells that the query offers to the audit of this dataset's earlier answers; 0 where no audit holds.</summary>
    public required int Cells { get; init; }
}

/// <summary>The codes of query verdicts. A code with an argument is written <c>CONTEXT:column:GROUP</c>.</summary>
public static class VerdictCodes
{
    public const string Parse = "PARSE";
    public const string Multi = "MULTI";
    public const string Statement = "STATEMENT";
    public const string Op = "OP";
    public const string OpPosition = "OP_POSITION";
    public const string NoAgg = "NO_AGG";
    public const string NestedAgg = "NESTED_AGG";
    public const string AggFn = "AGG_FN";
    public const string AggArg = "AGG_ARG";
    public const string AggFilter = "AGG_FILTER";
    public const string AggOrder = "AGG_ORDER";
    public const string GroupingSets = "GROUPING_SETS";
    public const string Sample = "SAMPLE";
    public const string Function = "FUNCTION";
    public const string TableFunction = "TABLE_FUNCTION";
    public const string Table = "TABLE";
    public const string Bind = "BIND";
    public const string Cast = "CAST";
    public const string Parameter = "PARAMETER";
    public const string Join = "JOIN";
    public const string JoinRequired = "JOIN_REQUIRED";
    public const string Fanout = "FANOUT";
    public const string Context = "CONTEXT";
    public const string Grain = "GRAIN";
    public const string UnitJoin = "UNIT_JOIN";
    public const string TierMix = "TIER_MIX";
    public const string Receiver = "RECEIVER";
    public const string Analyst = "ANALYST";
    public const string Template = "TEMPLATE";
    public const string ProfileMismatch = "PROFILE_MISMATCH";

    /// <summary>State codes: they need the ledger and are reported apart.</summary>
    public const string Budget = "BUDGET";
    public const string HistoryFull = "HISTORY_FULL";
    public const string Expired = "EXPIRED";
    public const string Revoked = "REVOKED";
    public const string ContractNotActive = "CONTRACT_NOT_ACTIVE";
}
