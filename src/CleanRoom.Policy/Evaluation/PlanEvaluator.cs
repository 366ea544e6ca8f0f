using System.Collections.Immutable;
using CleanRoom.Policy.Bound;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Verdicts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Evaluation;

/// <summary>The second gate: follows every column of the bound plan to its base column and takes only what the accepted form allows.</summary>
/// <remarks>
/// Names are never used: a column is what it came from. Operators that are not listed are refused. The rules are
/// contracts/spec/0008 s.5; what passes is collected as the parts of a <see cref="QueryPlan"/>.
/// </remarks>
internal sealed partial class PlanEvaluator(PolicyScope scope, Findings findings)
{
    /// <summary>Common tables are evaluated at each reference; this bounds the work of references to references.</summary>
    private const int MaxOperators = 1000;

    private readonly Dictionary<long, BoundOperator> _commonTables = [];
    private int _operators;

    /// <summary>Gets the occurrences of datasets.</summary>
    public List<PlanTable> Tables { get; } = [];

    /// <summary>Gets the join conditions.</summary>
    public List<PlanJoin> Joins { get; } = [];

    /// <summary>Gets the conditions on rows; all hold.</summary>
    public List<PlanFilter> Filters { get; } = [];

    /// <summary>Gets the group keys.</summary>
    public List<GroupKey> Groups { get; } = [];

    /// <summary>Gets the aggregates.</summary>
    public List<PlanAggregate> Aggregates { get; } = [];

    /// <summary>Gets the conditions on groups; all hold.</summary>
    public List<OutputCondition> Having { get; } = [];

    /// <summary>Gets a value that says whether a part was left out because it has no meaning here. There is no plan without it.</summary>
    public bool HasGaps { get; private set; }

    /// <summary>Evaluates the root; null when a part has no meaning here, which is then among the findings.</summary>
    public Relation? Evaluate(BoundOperator root)
    {
        switch (Operator(root))
        {
            case null:
                return null;
            case { IsAggregated: false } rows:
                return List(rows);
            case var groups:
                RefuseAggregates();
                return groups;
        }
    }

    private Relation? Operator(BoundOperator op)
    {
        if (++_operators > MaxOperators)
        {
            findings.Add(RoomRules.Op("nesting of this size"));
            return null;
        }

        return op switch
        {
            BoundOperator.Get get => Get(get),
            BoundOperator.CommonTable common => Common(common),
            BoundOperator.CommonTableReference reference when _commonTables.TryGetValue(reference.Index, out var body) => Operator(body),
            BoundOperator.Projection projection => Project(projection),
            BoundOperator.Filter filter => Filter(filter),
            BoundOperator.Join join => Join(join),
            BoundOperator.CrossProduct cross => Cross(cross),
            BoundOperator.Aggregate aggregate => Aggregate(aggregate),
            BoundOperator.Order order => Order(order),
            BoundOperator.Limit limit => Limit(limit),
            BoundOperator.Sample => Refuse(RoomRules.Sample()),
            BoundOperator.TableFunction function => Refuse(RoomRules.TableFunction(function.Name)),
            _ => Refuse(RoomRules.Op("operator of this kind")),
        };
    }

    private Relation? Get(BoundOperator.Get get)
    {
        if (scope.Find(get.Schema, get.Table) is not { } dataset)
        {
            return Refuse(RoomRules.Table($"{get.Schema}.{get.Table}"));
        }

        if (Tables.Count == QueryPlan.MaxTables)
        {
            return Refuse(RoomRules.Op("more than 16 tables"));
        }

        var index = Tables.Count;
        var unit = dataset.Policy.Unit;
        Tables.Add(new PlanTable(
            dataset.SqlName,
            dataset.Owner,
            unit is not null && dataset.Policy.Columns.TryGetValue(unit.Column, out var column) ? new(unit.Column, column.Type, unit.Domain) : null,
            scope.MinUnits(dataset)));
        return new Relation([.. get.Columns.Select(name => Column(dataset, index, name))]);
    }

    private static PlanValue Column(Dataset dataset, int table, string? name) =>
        name is not null && dataset.Policy.Columns.TryGetValue(name, out var policy)
            ? new PlanValue.Raw(new PlanColumn(table, name, policy.Type, policy.Type == ColumnType.Decimal ? policy.Scale ?? 0 : 0), dataset)
            : new PlanValue.Opaque([Source.RowNumber(dataset)]);

    private Relation? Common(BoundOperator.CommonTable common)
    {
        _commonTables[common.Index] = common.Body;
        return Operator(common.Consumer);
    }

    private Relation? Project(BoundOperator.Projection projection)
    {
        if (Operator(projection.Child) is not { } child)
        {
            return null;
        }

        return child with
        {
            Columns = child.IsAggregated
                ? [.. projection.Expressions.Select(expression => Above(expression, child.Columns))]
                : [.. projection.Expressions.Select(expression => Row(expression, child.Columns))],
        };
    }

    private Relation? Filter(BoundOperator.Filter filter)
    {
        if (Operator(filter.Child) is not { } child)
        {
            return null;
        }

        if (child.Limit is not null)
        {
            return Refuse(RoomRules.OpPosition("LIMIT comes last", "move the condition inside"));
        }

        foreach (var condition in filter.Conditions)
        {
            if (child.IsAggregated)
            {
                Take(Having, HavingCondition(condition, child.Columns));
            }
            else
            {
                Take(Filters, RowCondition(condition, child.Columns));
            }
        }

        return child;
    }

    private Relation? Cross(BoundOperator.CrossProduct cross)
    {
        findings.Add(RoomRules.Join("a comma, CROSS JOIN or a condition in WHERE pairs all rows first"));
        return Pair(Operator(cross.Left), Operator(cross.Right));
    }

    private Relation? Join(BoundOperator.Join join)
    {
        if (join.Kind != "INNER")
        {
            findings.Add(RoomRules.Join("the join is of another kind"));
        }

        var (left, right) = (Operator(join.Left), Operator(join.Right));
        if (left is null || right is null || Pair(left, right) is not { } pair)
        {
            return null;
        }

        if (join.Conditions.IsEmpty)
        {
            findings.Add(RoomRules.Join("there is no condition"));
        }

        foreach (var condition in join.Conditions)
        {
            Condition(condition, left, right);
        }

        return pair;
    }

    private Relation? Pair(Relation? left, Relation? right)
    {
        if (left is null || right is null)
        {
            return null;
        }

        RefuseOrder(left);
        RefuseOrder(right);
        return left.IsAggregated || right.IsAggregated
            ? Refuse(RoomRules.OpPosition("an aggregated result is joined", "join first and aggregate once"))
            : new Relation(left.Columns.AddRange(right.Columns));
    }

    private Relation? Order(BoundOperator.Order order)
    {
        if (Operator(order.Child) is not { } child)
        {
            return null;
        }

        if (child.Limit is not null)
        {
            findings.Add(OrderOfRows());
            return child;
        }

        var items = ImmutableArray.CreateBuilder<(OutputExpression, bool, bool)>();
        foreach (var item in order.Items)
        {
            if (child.IsAggregated && Above(item.Expression, child.Columns) is PlanValue.Output { Expression: var expression })
            {
                items.Add((expression, item.Descending, item.NullsFirst));
            }
            else if (!child.IsAggregated && Row(item.Expression, child.Columns) is PlanValue.Raw raw)
            {
                items.Add((new OutputExpression.Listed(raw.Column), item.Descending, item.NullsFirst));
            }
            else
            {
                HasGaps = true;
            }
        }

        return child with { Order = items.ToImmutable(), IsOrdered = true };
    }

    private Relation? Limit(BoundOperator.Limit limit)
    {
        if (Operator(limit.Child) is not { } child)
        {
            return null;
        }

        if (child.Limit is not null)
        {
            findings.Add(LimitOfRows());
            return child;
        }

        if (limit.Rows is null or < 0 || limit.HasOffset)
        {
            findings.Add(RoomRules.Op("LIMIT with something else than a number, or OFFSET"));
            return child;
        }

        return child with { Limit = limit.Rows };
    }

    private void Take<T>(List<T> parts, T? part)
        where T : class
    {
        if (part is null)
        {
            HasGaps = true;
        }
        else
        {
            parts.Add(part);
        }
    }

    private Relation? Refuse(Finding finding)
    {
        findings.Add(finding);
        return null;
    }

    /// <summary>Adds CONTEXT for every source that lacks the use.</summary>
    private void Require(IEnumerable<Source> sources, string context, params ReadOnlySpan<ColumnUse> uses)
    {
        foreach (var source in sources)
        {
            var granted = false;
            foreach (var use in uses)
            {
                granted |= !source.IsVirtual && scope.Allows(source.Dataset, source.Column, use);
            }

            if (!granted && !uses.IsEmpty && scope.IsRekeyed(source.Dataset, source.Column) && uses[0] is not (ColumnUse.Join or ColumnUse.CountDistinct))
            {
                findings.Add(OwnerRules.Rekeyed(source.Dataset, source.Column, context));
            }
            else if (!granted)
            {
                findings.Add(OwnerRules.Context(source.Dataset, source.Column, context, source.IsVirtual || uses.IsEmpty ? null : uses[0]));
            }
        }
    }
}
