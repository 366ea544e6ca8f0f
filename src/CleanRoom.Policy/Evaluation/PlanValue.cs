using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using CleanRoom.Policy.Bound;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Evaluation;

/// <summary>What is known of an operator's output column: its provenance, whatever it is called.</summary>
[SuppressMessage("Design", "CA1034", Justification = "A closed family reads best in one place.")]
internal abstract record PlanValue
{
    private PlanValue()
    {
    }

    /// <summary>Gets the base columns that the value came from.</summary>
    public abstract ImmutableArray<Source> Sources { get; }

    /// <summary>A base column as it is.</summary>
    public sealed record Raw(PlanColumn Column, Dataset Dataset) : PlanValue
    {
        /// <inheritdoc/>
        public override ImmutableArray<Source> Sources => [new(Dataset, Column.Name)];
    }

    /// <summary>A period or band of a base column.</summary>
    public sealed record Key(GroupKey GroupKey, Dataset Dataset) : PlanValue
    {
        /// <inheritdoc/>
        public override ImmutableArray<Source> Sources => [new(Dataset, GroupKey.Column.Name)];
    }

    /// <summary>A constant.</summary>
    public sealed record Constant(ConstantValue Value) : PlanValue
    {
        /// <inheritdoc/>
        public override ImmutableArray<Source> Sources => [];
    }

    /// <summary>A value above the aggregate.</summary>
    public sealed record Output(OutputExpression Expression) : PlanValue
    {
        /// <inheritdoc/>
        public override ImmutableArray<Source> Sources => [];
    }

    /// <summary>A value that nothing may be done with: a virtual column, or the outcome of something refused.</summary>
    public sealed record Opaque(ImmutableArray<Source> From) : PlanValue
    {
        /// <inheritdoc/>
        public override ImmutableArray<Source> Sources => From;
    }
}

/// <summary>A base column, or the row number, which every dataset has and no policy grants.</summary>
/// <param name="Dataset">The dataset.</param>
/// <param name="Column">The name that codes give it.</param>
/// <param name="IsVirtual">Whether it is the row number or the like.</param>
internal sealed record Source(Dataset Dataset, string Column, bool IsVirtual = false)
{
    /// <summary>The row number of a dataset.</summary>
    public static Source RowNumber(Dataset dataset) => new(dataset, "rowid", IsVirtual: true);
}

/// <summary>An operator's outputs.</summary>
internal sealed record Relation(ImmutableArray<PlanValue> Columns)
{
    /// <summary>Gets a value that says whether the rows are groups, not rows.</summary>
    public bool IsAggregated { get; init; }

    /// <summary>Gets a value that says whether there is an order, also one that was refused.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>Gets the order; empty for none.</summary>
    public ImmutableArray<(OutputExpression Expression, bool Descending, bool NullsFirst)> Order { get; init; } = [];

    /// <summary>Gets the limit; null for none.</summary>
    public long? Limit { get; init; }
}
