using System.Collections.Immutable;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Plans;

/// <summary>What a query does, in our own words; the only thing that is ever turned into SQL that runs.</summary>
/// <remarks>
/// Rows = the inner join of all tables on all join conditions, filtered; grouped; aggregated; gated by <see cref="MinUnits"/> and
/// <see cref="DominancePercent"/>; then HAVING, ORDER BY, LIMIT over what survived. In the tier list the rows themselves, if there are
/// <see cref="MinUnits"/> people in them. Spec: contracts/spec/0008 s.5 and s.12.
/// </remarks>
public sealed record QueryPlan
{
    /// <summary>The largest number of occurrences of datasets.</summary>
    public const int MaxTables = 16;

    /// <summary>The largest number of columns of an answer, of items to order by, and of group keys with aggregates.</summary>
    public const int MaxColumns = 256;

    /// <summary>The largest number of edges of the lineage, with which a verdict stays within the size of a document.</summary>
    public const int MaxLineage = 1_500;

    /// <summary>Gets the tier that the plan runs in: the strictest of its datasets.</summary>
    public required PolicyTier Tier { get; init; }

    /// <summary>Gets the occurrences of datasets; never empty.</summary>
    public required ImmutableArray<PlanTable> Tables { get; init; }

    /// <summary>Gets the join conditions; together they connect all tables.</summary>
    public required ImmutableArray<PlanJoin> Joins { get; init; }

    /// <summary>Gets the condition on rows; null for none.</summary>
    public required PlanFilter? Filter { get; init; }

    /// <summary>Gets the group keys; empty makes one group of all rows, but in the tier list.</summary>
    public required ImmutableArray<GroupKey> Groups { get; init; }

    /// <summary>Gets the aggregates, in use by outputs or by <see cref="Having"/>.</summary>
    public required ImmutableArray<PlanAggregate> Aggregates { get; init; }

    /// <summary>Gets the columns of the answer; never empty.</summary>
    public required ImmutableArray<PlanOutput> Outputs { get; init; }

    /// <summary>Gets the condition on released numbers; null for none.</summary>
    public required OutputCondition? Having { get; init; }

    /// <summary>Gets the order; empty for the order of the group keys, in the tier list for that of all outputs.</summary>
    public required ImmutableArray<OutputOrder> Order { get; init; }

    /// <summary>Gets the largest number of rows that the analyst wants; null for no limit.</summary>
    public required long? Limit { get; init; }

    /// <summary>Gets the largest number of rows that the contract lets out.</summary>
    public required int MaxRows { get; init; }

    /// <summary>Gets the percentage of the p%-rule, the largest of the owners'; null when no owner asks for it.</summary>
    public required int? DominancePercent { get; init; }

    /// <summary>Gets how the answer is bounded and blurred; null but in the dp tier.</summary>
    public PlanNoise? Noise { get; init; }

    /// <summary>Gets what the audit of earlier answers is offered; null when nobody wants it, and in the tiers dp and list.</summary>
    public PlanHistory? History { get; init; }

    /// <summary>Gets the digest of the canonical form: label <c>cleanroom/v1/query-plan</c>.</summary>
    public Digest Digest => PlanCodec.DigestOf(this);

    /// <summary>Gets the threshold that holds for every protected table; 0 when no table is protected from the audience.</summary>
    public int MinUnits => Tables.Max(table => table.MinUnits);
}

/// <summary>A column of the answer.</summary>
public sealed record PlanOutput(string Name, OutputExpression Expression);

/// <summary>A column of the answer to order by.</summary>
/// <param name="Output">Index into <see cref="QueryPlan.Outputs"/>.</param>
/// <param name="Descending">Largest first.</param>
/// <param name="NullsFirst">Nulls before all values.</param>
public sealed record OutputOrder(int Output, bool Descending, bool NullsFirst);
