using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace CleanRoom.Policy.Plans;

/// <summary>A condition on rows: base columns against literals, with SQL's three-valued logic.</summary>
[SuppressMessage("Design", "CA1034", Justification = "A closed family reads best in one place.")]
public abstract record PlanFilter
{
    private PlanFilter()
    {
    }

    /// <summary>All hold.</summary>
    public sealed record And(ImmutableArray<PlanFilter> Items) : PlanFilter;

    /// <summary>At least one holds.</summary>
    public sealed record Or(ImmutableArray<PlanFilter> Items) : PlanFilter;

    /// <summary>It does not hold.</summary>
    public sealed record Not(PlanFilter Item) : PlanFilter;

    /// <summary>Column against literal.</summary>
    public sealed record Compare(PlanColumn Column, Comparison Operator, Literal Value) : PlanFilter;

    /// <summary>Column among literals.</summary>
    public sealed record In(PlanColumn Column, bool Negated, ImmutableArray<Literal> Values) : PlanFilter;

    /// <summary>Column is absent.</summary>
    public sealed record IsNull(PlanColumn Column, bool Negated) : PlanFilter;
}

/// <summary>A comparison.</summary>
public enum Comparison
{
    Equal = 1,
    NotEqual = 2,
    Less = 3,
    LessOrEqual = 4,
    Greater = 5,
    GreaterOrEqual = 6,
}

/// <summary>Helpers of <see cref="Comparison"/>.</summary>
public static class Comparisons
{
    /// <summary>The comparison with its sides exchanged.</summary>
    public static Comparison Mirror(this Comparison comparison) => comparison switch
    {
        Comparison.Less => Comparison.Greater,
        Comparison.LessOrEqual => Comparison.GreaterOrEqual,
        Comparison.Greater => Comparison.Less,
        Comparison.GreaterOrEqual => Comparison.LessOrEqual,
        Comparison.Equal or Comparison.NotEqual => comparison,
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };

    /// <summary>The SQL operator.</summary>
    public static string Symbol(this Comparison comparison) => comparison switch
    {
        Comparison.Equal => "=",
        Comparison.NotEqual => "<>",
        Comparison.Less => "<",
        Comparison.LessOrEqual => "<=",
        Comparison.Greater => ">",
        Comparison.GreaterOrEqual => ">=",
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };

    /// <summary>Whether it holds for a three-way result.</summary>
    public static bool Holds(this Comparison comparison, int order) => comparison switch
    {
        Comparison.Equal => order == 0,
        Comparison.NotEqual => order != 0,
        Comparison.Less => order < 0,
        Comparison.LessOrEqual => order <= 0,
        Comparison.Greater => order > 0,
        Comparison.GreaterOrEqual => order >= 0,
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };
}
