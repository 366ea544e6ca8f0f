using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace CleanRoom.Protocol.Documents;

/// <summary>A query that the contract agrees on, with typed parameters written <c>$name</c> in its SQL. Spec: contracts/spec/0002.</summary>
public sealed record QueryTemplate
{
    public required string Name { get; init; }

    public required string Description { get; init; }

    public required string Sql { get; init; }

    public required ImmutableArray<TemplateParameter> Parameters { get; init; }
}

/// <summary>A parameter: a literal of the column's type, on the column's grain, never on a unit column.</summary>
public sealed record TemplateParameter
{
    public required string Name { get; init; }

    public required ColumnType Type { get; init; }

    /// <summary>Gets the values that may be given; absent when a range is given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<string>? Values { get; init; }

    /// <summary>Gets the least value of a numeric parameter.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? Min { get; init; }

    /// <summary>Gets the largest value of a numeric parameter.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? Max { get; init; }

    /// <summary>Gets the step from <see cref="Min"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public decimal? Step { get; init; }
}
