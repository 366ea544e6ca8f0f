using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace CleanRoom.Policy.Plans;

/// <summary>HAVING: a condition on numbers that survived the gate, with SQL's three-valued logic.</summary>
[SuppressMessage("Design", "CA1034", Justification = "A closed family reads best in one place.")]
public abstract record OutputCondition
{
    private OutputCondition()
    {
    }

    /// <summary>All hold.</summary>
    public sealed record And(ImmutableArray<OutputCondition> Items) : OutputCondition;

    /// <summary>At least one holds.</summary>
    public sealed record Or(ImmutableArray<OutputCondition> Items) : OutputCondition;

    /// <summary>It does not hold.</summary>
    public sealed record Not(OutputCondition Item) : OutputCondition;

    /// <summary>Number against literal.</summary>
    public sealed record Compare(OutputExpression Left, Comparison Operator, Literal Right) : OutputCondition;

    /// <summary>Number is absent, or withheld.</summary>
    public sealed record IsNull(OutputExpression Operand, bool Negated) : OutputCondition;
}
