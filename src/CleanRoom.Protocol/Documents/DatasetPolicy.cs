using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace CleanRoom.Protocol.Documents;

/// <summary>The owner's rules for one dataset. Nothing that is not granted is allowed. Spec: contracts/spec/0003.</summary>
public sealed record DatasetPolicy
{
    /// <summary>Gets who is protected; null only for a dataset whose rows protect nobody (a public list).</summary>
    public required PrivacyUnit? Unit { get; init; }

    public required PolicyTier Tier { get; init; }

    /// <summary>Gets one entry for every column of the schema.</summary>
    public required ImmutableSortedDictionary<string, ColumnPolicy> Columns { get; init; }

    public required JoinRules Join { get; init; }

    public required ThresholdRules Threshold { get; init; }

    /// <summary>Gets the differential-privacy budget; null unless the tier is <c>dp</c>.</summary>
    public required DpRules? Dp { get; init; }

    public required AccessRules Access { get; init; }

    /// <summary>Gets the collaborators that may receive an answer.</summary>
    public required ImmutableArray<string> Receivers { get; init; }

    /// <summary>Gets the collaborators whose members may ask.</summary>
    public required ImmutableArray<string> Analysts { get; init; }

    public required QueryApproval Approval { get; init; }
}

/// <summary>Who is protected. All datasets of one domain share a budget.</summary>
public sealed record PrivacyUnit
{
    public required string Column { get; init; }

    public required string Domain { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<PolicyTier>))]
public enum PolicyTier
{
    [JsonStringEnumMemberName("threshold")] Threshold = 1,
    [JsonStringEnumMemberName("dp")] Dp = 2,
    [JsonStringEnumMemberName("list")] List = 3,
}

/// <summary>Type and capabilities of a column. An absent member grants nothing.</summary>
public sealed record ColumnPolicy
{
    public required ColumnType Type { get; init; }

    /// <summary>Gets what may be done with it; empty allows nothing.</summary>
    public required ImmutableArray<ColumnUse> Uses { get; init; }

    /// <summary>Gets the values that may occur; absent when not declared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ColumnDomain? Domain { get; init; }

    /// <summary>Gets the grain of filters and groups: <c>day</c>, <c>week</c>, <c>month</c>, or a positive decimal number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Grain { get; init; }

    /// <summary>Gets the bounds that every value lies in; required for sum and avg. Values outside refuse the upload.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClampBounds? Clamp { get; init; }

    /// <summary>Gets the digits after the point, 0 to 18; required for sum and avg and for every decimal column.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Scale { get; init; }

    /// <summary>Gets the identifier profile, such as <c>email.basic.v1</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Normalise { get; init; }

    /// <summary>Gets a value that says whether the set of values is public, so that empty groups may be shown.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Public { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<ColumnType>))]
public enum ColumnType
{
    [JsonStringEnumMemberName("boolean")] Boolean = 1,
    [JsonStringEnumMemberName("int32")] Int32 = 2,
    [JsonStringEnumMemberName("int64")] Int64 = 3,
    [JsonStringEnumMemberName("decimal")] Decimal = 4,
    [JsonStringEnumMemberName("string")] String = 5,
    [JsonStringEnumMemberName("date")] Date = 6,
    [JsonStringEnumMemberName("timestamp")] Timestamp = 7,
    [JsonStringEnumMemberName("uuid")] Uuid = 8,
    [JsonStringEnumMemberName("sha256")] Sha256 = 9,
}

[JsonConverter(typeof(JsonStringEnumConverter<ColumnUse>))]
public enum ColumnUse
{
    [JsonStringEnumMemberName("join")] Join = 1,
    [JsonStringEnumMemberName("group")] Group = 2,
    [JsonStringEnumMemberName("filter")] Filter = 3,
    [JsonStringEnumMemberName("sum")] Sum = 4,
    [JsonStringEnumMemberName("avg")] Avg = 5,
    [JsonStringEnumMemberName("count-distinct")] CountDistinct = 6,
    [JsonStringEnumMemberName("list")] List = 7,
}

/// <summary>Either the values, or a range with a step.</summary>
public sealed record ColumnDomain
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<string>? Values { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? Min { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? Max { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? Step { get; init; }
}

/// <summary>Inclusive bounds.</summary>
public sealed record ClampBounds
{
    public required decimal Min { get; init; }

    public required decimal Max { get; init; }
}

/// <summary>Which joins are required and allowed, and how far a unit may fan out.</summary>
public sealed record JoinRules
{
    /// <summary>
    /// Gets whose dataset must be joined: empty for none; the word <c>analyst</c> stands for the asking collaborator's own.
    /// </summary>
    public required ImmutableArray<string> Required { get; init; }

    /// <summary>Gets the collaborators whose datasets may be joined.</summary>
    public required ImmutableArray<string> With { get; init; }

    /// <summary>Gets the largest number of rows of one unit; more refuse the upload.</summary>
    public required int MaxRowsPerUnit { get; init; }

    /// <summary>Gets the largest product of rows per unit over the joined datasets.</summary>
    public required int MaxFanout { get; init; }
}

/// <summary>The threshold tier's rules.</summary>
public sealed record ThresholdRules
{
    /// <summary>Gets the least number of distinct units in every released row.</summary>
    public required int MinUnits { get; init; }

    /// <summary>Gets the percentage of the p%-rule; null switches it off.</summary>
    public required int? DominancePercent { get; init; }

    public required HistoryRule History { get; init; }

    /// <summary>Gets the number of cells that may be offered over a dataset version's life.</summary>
    public required int MaxCells { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<HistoryRule>))]
public enum HistoryRule
{
    [JsonStringEnumMemberName("enforce")] Enforce = 1,
    [JsonStringEnumMemberName("off")] Off = 2,
}

/// <summary>The differential-privacy budget.</summary>
public sealed record DpRules
{
    public required decimal Epsilon { get; init; }

    /// <summary>Gets delta as a decimal in a string, such as <c>0.000000001</c>.</summary>
    public required decimal Delta { get; init; }

    public required decimal MaxEpsilonPerQuery { get; init; }

    public required int MaxGroupsPerUnit { get; init; }

    public required BudgetRefresh Refresh { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<BudgetRefresh>))]
public enum BudgetRefresh
{
    [JsonStringEnumMemberName("none")] None = 1,
    [JsonStringEnumMemberName("dataset-version")] DatasetVersion = 2,
}

/// <summary>How often may be asked.</summary>
public sealed record AccessRules
{
    /// <summary>Gets the rate limit; not a privacy guarantee.</summary>
    public required int QueriesPerDay { get; init; }

    /// <summary>Gets the lifetime cap, which carries the guarantee.</summary>
    public required int QueriesLifetime { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<QueryApproval>))]
public enum QueryApproval
{
    /// <summary>The owner approves each query.</summary>
    [JsonStringEnumMemberName("each")] Each = 1,

    /// <summary>Queries by template need no approval; free SQL does.</summary>
    [JsonStringEnumMemberName("template")] Template = 2,

    /// <summary>No approval.</summary>
    [JsonStringEnumMemberName("none")] None = 3,
}
