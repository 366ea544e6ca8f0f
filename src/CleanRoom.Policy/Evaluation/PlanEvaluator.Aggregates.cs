using System.Collections.Immutable;
using CleanRoom.Policy.Bound;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Verdicts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Evaluation;

/// <summary>The one aggregate operator: keys on their grain, and functions of bare columns.</summary>
internal sealed partial class PlanEvaluator
{
    private Relation? Aggregate(BoundOperator.Aggregate aggregate)
    {
        if (Operator(aggregate.Child) is not { } child)
        {
            return null;
        }

        if (child.IsAggregated)
        {
            return Refuse(RoomRules.NestedAgg());
        }

        RefuseOrder(child);
        if (aggregate.GroupingSets > 1)
        {
            findings.Add(RoomRules.GroupingSets());
        }

        var outputs = ImmutableArray.CreateBuilder<PlanValue>();
        foreach (var group in aggregate.Groups)
        {
            outputs.Add(Group(Row(group, child.Columns)));
        }

        foreach (var call in aggregate.Aggregates)
        {
            outputs.Add(call is BoundExpression.Aggregate function && AggregateOf(function, child.Columns) is { } known
                ? Define(known)
                : new PlanValue.Opaque([]));
        }

        return new Relation(outputs.ToImmutable()) { IsAggregated = true };
    }

    private PlanValue.Output Define(PlanAggregate aggregate)
    {
        Aggregates.Add(aggregate);
        return new PlanValue.Output(new OutputExpression.Aggregate(Aggregates.Count - 1, aggregate.CellType));
    }

    private PlanValue Group(PlanValue value)
    {
        Require(value.Sources, "GROUP", ColumnUse.Group);
        GroupKey key;
        switch (value)
        {
            case PlanValue.Constant { Value: var constant } when Literals.ForOutput(constant) is var (literal, type):
                return new PlanValue.Output(new OutputExpression.Constant(literal, type));
            case PlanValue.Constant:
                findings.Add(RoomRules.Cast("a constant has no type that can be released"));
                return new PlanValue.Opaque([]);
            case PlanValue.Raw raw:
                key = new GroupKey.Whole(raw.Column);
                CheckGrain(raw.Dataset, raw.Column, grain => grain.IsWhole);
                break;
            case PlanValue.Key { GroupKey: GroupKey.Truncated truncated } computed:
                key = truncated;
                CheckGrain(computed.Dataset, truncated.Column, grain => grain.Admits(truncated.Grain));
                break;
            case PlanValue.Key { GroupKey: GroupKey.Part part } computed:
                key = part;
                CheckGrain(computed.Dataset, part.Column, grain => grain.Admits(part.Of));
                break;
            case PlanValue.Key { GroupKey: GroupKey.Band band } computed:
                key = band;
                CheckGrain(computed.Dataset, band.Column, grain => grain.Admits(band.Width));
                break;
            case PlanValue.Key { GroupKey: GroupKey.BandNumber band } computed:
                key = band;
                CheckGrain(computed.Dataset, band.Column, grain => grain.Admits(band.Width));
                break;
            default:
                return new PlanValue.Opaque([]);
        }

        Groups.Add(key);
        return new PlanValue.Output(new OutputExpression.Key(Groups.Count - 1, key.CellType));
    }

    private void CheckGrain(Dataset dataset, PlanColumn column, Func<Grain, bool> admits)
    {
        var grain = Grain.Of(dataset.Policy.Columns[column.Name]);
        if (!scope.IsOwn(dataset) && !admits(grain))
        {
            findings.Add(OwnerRules.Grain(dataset, column.Name, grain.Name, "groups are finer or lie across it", grain.GroupHint(column.Name)));
        }
    }

    private PlanAggregate? AggregateOf(BoundExpression.Aggregate call, ImmutableArray<PlanValue> columns)
    {
        if (call.HasFilter)
        {
            findings.Add(RoomRules.AggFilter());
        }

        if (call.HasOrder)
        {
            findings.Add(RoomRules.AggOrder());
        }

        if (AggregateFunctions.Statistic(call.Name) is { } statistic)
        {
            return Statistic(call, statistic, columns);
        }

        AggregateFunction? function = call.Name switch
        {
            "count_star" => AggregateFunction.CountRows,
            "count" => AggregateFunction.CountDistinct,
            "sum" => AggregateFunction.Sum,
            "avg" => AggregateFunction.Average,
            _ => null,
        };
        if (function is null)
        {
            findings.Add(RoomRules.AggFn(call.Name));
            return null;
        }

        if (function == AggregateFunction.CountRows && call.Arguments.IsEmpty)
        {
            return new PlanAggregate(AggregateFunction.CountRows, null);
        }

        if (call.Distinct != (function == AggregateFunction.CountDistinct)
            || call.Arguments is not [var argument]
            || ArgumentOf(argument, columns) is not { } raw
            || (function != AggregateFunction.CountDistinct && !IsNumeric(raw.Column.Type)))
        {
            findings.Add(RoomRules.AggArg(call.Name));
            return null;
        }

        RequireAggregate(function.Value, raw);
        return new PlanAggregate(function.Value, raw.Column);
    }

    private PlanValue.Raw? ArgumentOf(BoundExpression argument, ImmutableArray<PlanValue> columns)
    {
        if (RawOf(argument, columns) is { } raw)
        {
            return raw;
        }

        Require(SourcesOf(argument, columns).Where(source => source.IsVirtual), "AGG");
        return null;
    }

    private void RequireAggregate(AggregateFunction function, PlanValue.Raw raw)
    {
        switch (function)
        {
            case AggregateFunction.Sum:
                RequireMeasure(raw, ColumnUse.Sum);
                break;
            case AggregateFunction.Average:
                RequireMeasure(raw, ColumnUse.Avg);
                break;
            default:
                // Values that may only be grouped on a coarser grain may not be counted one by one.
                if (Grain.Of(raw.Dataset.Policy.Columns[raw.Column.Name]).IsWhole)
                {
                    Require(raw.Sources, "AGG", ColumnUse.CountDistinct, ColumnUse.Group);
                }
                else
                {
                    Require(raw.Sources, "AGG", ColumnUse.CountDistinct);
                }

                break;
        }
    }

    /// <summary>
    /// An asking owner's own numbers are added up over other owners' people only where the contract says so: it chooses them, and powers
    /// of two would write every single match into the sum, however many people there are.
    /// </summary>
    private void RequireMeasure(PlanValue.Raw raw, ColumnUse use)
    {
        var isGranted = raw.Dataset.Policy.Columns[raw.Column.Name].Uses.Contains(use);
        if (!isGranted && (!scope.IsOwn(raw.Dataset) || Tables.Any(table => table.IsProtected)))
        {
            findings.Add(OwnerRules.Context(raw.Dataset, raw.Column.Name, "AGG", use));
        }
    }

    private static bool IsNumeric(ColumnType type) => type is ColumnType.Int32 or ColumnType.Int64 or ColumnType.Decimal;
}
