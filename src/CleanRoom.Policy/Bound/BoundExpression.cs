using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace CleanRoom.Policy.Bound;

/// <summary>An expression of the bound, unoptimised plan, as far as it can have a meaning here.</summary>
[SuppressMessage("Design", "CA1034", Justification = "A closed family reads best in one place.")]
internal abstract record BoundExpression
{
    private BoundExpression()
    {
    }

    /// <summary>Gets the result type.</summary>
    public required BoundType Type { get; init; }

    /// <summary>Gets the engine's alias; empty for none. A hint for names of outputs, never used for provenance.</summary>
    public required string Alias { get; init; }

    /// <summary>Gets the expressions that this one is made of.</summary>
    public IEnumerable<BoundExpression> Parts => this switch
    {
        Cast cast => [cast.Operand],
        Compare compare => [compare.Left, compare.Right],
        Conjunction conjunction => conjunction.Items,
        Operator op => op.Items,
        Function function => function.Arguments,
        Case choice => choice.Branches.SelectMany(branch => new[] { branch.When, branch.Then }).Append(choice.Otherwise),
        Aggregate aggregate => aggregate.Arguments,
        _ => [],
    };

    /// <summary>Column of the operator below, by index into its concatenated outputs.</summary>
    public sealed record Reference(int Index) : BoundExpression;

    /// <summary>A constant: text, boolean, number, or null.</summary>
    public sealed record Constant(ConstantValue Value) : BoundExpression;

    /// <summary>A conversion to <see cref="Type"/>.</summary>
    public sealed record Cast(BoundExpression Operand, bool Try) : BoundExpression;

    /// <summary>A comparison; the engine's name of it in <paramref name="Comparison"/>.</summary>
    public sealed record Compare(string Comparison, BoundExpression Left, BoundExpression Right) : BoundExpression;

    /// <summary>AND or OR.</summary>
    public sealed record Conjunction(bool IsAnd, ImmutableArray<BoundExpression> Items) : BoundExpression;

    /// <summary>NOT, IS NULL, IN and the like.</summary>
    public sealed record Operator(string Name, ImmutableArray<BoundExpression> Items) : BoundExpression;

    /// <summary>A scalar function.</summary>
    public sealed record Function(string Name, ImmutableArray<BoundExpression> Arguments) : BoundExpression;

    /// <summary>CASE with one or more branches.</summary>
    public sealed record Case(ImmutableArray<(BoundExpression When, BoundExpression Then)> Branches, BoundExpression Otherwise) : BoundExpression;

    /// <summary>An aggregate call.</summary>
    public sealed record Aggregate(string Name, ImmutableArray<BoundExpression> Arguments, bool Distinct, bool HasFilter, bool HasOrder)
        : BoundExpression;

    /// <summary>Anything else.</summary>
    public sealed record Unknown(string Class) : BoundExpression;
}

/// <summary>An engine type.</summary>
/// <param name="Id">The engine's name, such as <c>DECIMAL</c>.</param>
/// <param name="Scale">Digits after the point; 0 unless decimal.</param>
internal sealed record BoundType(string Id, int Scale);
