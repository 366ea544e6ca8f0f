using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace CleanRoom.Policy.Bound;

/// <summary>An operator of the bound, unoptimised plan, as far as it can have a meaning here.</summary>
[SuppressMessage("Design", "CA1034", Justification = "A closed family reads best in one place.")]
internal abstract record BoundOperator
{
    private BoundOperator()
    {
    }

    /// <summary>Reads a base table. A null column is the row number or another virtual column.</summary>
    public sealed record Get(string Schema, string Table, ImmutableArray<string?> Columns) : BoundOperator;

    /// <summary>A table function.</summary>
    public sealed record TableFunction(string Name) : BoundOperator;

    /// <summary>A common table and its consumer.</summary>
    public sealed record CommonTable(long Index, BoundOperator Body, BoundOperator Consumer) : BoundOperator;

    /// <summary>Reads a common table.</summary>
    public sealed record CommonTableReference(long Index) : BoundOperator;

    /// <summary>Computes columns.</summary>
    public sealed record Projection(BoundOperator Child, ImmutableArray<BoundExpression> Expressions) : BoundOperator;

    /// <summary>Keeps rows for which all conditions hold.</summary>
    public sealed record Filter(BoundOperator Child, ImmutableArray<BoundExpression> Conditions) : BoundOperator;

    /// <summary>A join; each condition compares an expression over the left with one over the right side.</summary>
    public sealed record Join(string Kind, BoundOperator Left, BoundOperator Right, ImmutableArray<JoinCondition> Conditions) : BoundOperator;

    /// <summary>A join without a condition.</summary>
    public sealed record CrossProduct(BoundOperator Left, BoundOperator Right) : BoundOperator;

    /// <summary>Groups and aggregates.</summary>
    public sealed record Aggregate(
        BoundOperator Child, ImmutableArray<BoundExpression> Groups, ImmutableArray<BoundExpression> Aggregates, int GroupingSets) : BoundOperator;

    /// <summary>Orders rows.</summary>
    public sealed record Order(BoundOperator Child, ImmutableArray<OrderItem> Items) : BoundOperator;

    /// <summary>Keeps the first rows; a null limit is something else than a constant number.</summary>
    public sealed record Limit(BoundOperator Child, long? Rows, bool HasOffset) : BoundOperator;

    /// <summary>Picks rows at random.</summary>
    public sealed record Sample : BoundOperator;

    /// <summary>Anything else.</summary>
    public sealed record Unknown(string Type) : BoundOperator;
}

/// <summary>A condition of a join.</summary>
internal sealed record JoinCondition(string Operator, BoundExpression Left, BoundExpression Right);

/// <summary>An item of an order.</summary>
internal sealed record OrderItem(BoundExpression Expression, bool Descending, bool NullsFirst);
