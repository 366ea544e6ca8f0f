using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Policy.Plans;

/// <summary>The canonical bytes of a plan: JCS. Two plans with equal bytes do the same.</summary>
/// <remarks>Spec: contracts/spec/0008 s.6.</remarks>
public static class PlanCodec
{
    /// <summary>The value of the member <c>type</c>.</summary>
    public const string TypeName = "cleanroom/v1/query-plan";

    /// <summary>Returns the canonical bytes.</summary>
    public static byte[] Encode(QueryPlan plan) => Jcs.Write(new JsonObject(
        new("type", TypeName),
        new("tier", plan.Tier.ToString().ToLowerInvariant()),
        new("tables", Array(plan.Tables, Table)),
        new("joins", Array(plan.Joins, join => Tuple(Column(join.Left), Column(join.Right)))),
        new("filter", plan.Filter is { } filter ? Filter(filter) : JsonNull.Instance),
        new("groups", Array(plan.Groups, Group)),
        new("aggregates", Array(plan.Aggregates, Aggregate)),
        new("outputs", Array(plan.Outputs, Output)),
        new("having", plan.Having is { } having ? Condition(having) : JsonNull.Instance),
        new("order", Array(plan.Order, Order)),
        new("limit", plan.Limit is { } limit ? limit.ToString(CultureInfo.InvariantCulture) : JsonNull.Instance),
        new("maxRows", plan.MaxRows),
        new("dominancePercent", plan.DominancePercent is { } percent ? percent : JsonNull.Instance),
        new("noise", plan.Noise is { } noise ? Noise(noise) : JsonNull.Instance),
        new("history", plan.History is { } history ? History(history) : JsonNull.Instance)));

    /// <summary>Returns the digest of the canonical bytes.</summary>
    public static Digest DigestOf(QueryPlan plan) => Digest.Labelled(TypeName, Encode(plan));

    private static JsonObject Table(PlanTable table) => new(
        new("dataset", table.Dataset),
        new("owner", table.Owner),
        new("minUnits", table.MinUnits),
        new("unit", table.Unit is { } unit
            ? new JsonObject(new("column", unit.Column), new("type", TypeOf(unit.Type)), new("domain", unit.Domain))
            : JsonNull.Instance));

    private static JsonObject Noise(PlanNoise noise) => new(
        new("unitTable", noise.UnitTable),
        new("maxGroupsPerUnit", noise.MaxGroupsPerUnit),
        new("maxRowsPerUnit", noise.MaxRowsPerUnit),
        new("nanoRho", Text(noise.NanoRho)),
        new("attoDelta", Text(noise.AttoDelta)),
        new("minUnits", noise.MinUnits),
        new("publicGroups", noise.PublicGroups is { } groups ? Array(groups, domain => Array(domain, Value)) : JsonNull.Instance),
        new("clamps", Array(noise.Clamps, clamp => clamp is null ? JsonNull.Instance : Tuple(Text(clamp.Lower), Text(clamp.Upper)))));

    private static JsonObject History(PlanHistory history) => new(
        new("datasets", Array(history.Datasets, dataset => Tuple(dataset.Name, dataset.MinUnits, dataset.MaxCells))),
        new("aggregates", Array(history.Aggregates, index => (JsonValue)index)),
        new("rows", history.Rows));

    private static JsonValue Text(Int128 number) => number.ToString(CultureInfo.InvariantCulture);

    private static JsonArray Column(PlanColumn column) => Tuple(column.Table, column.Name, TypeOf(column.Type), column.Scale);

    private static JsonArray Value(Literal literal) => Tuple(TypeOf(literal.Type), literal.Text);

    private static JsonValue Filter(PlanFilter filter) => filter switch
    {
        PlanFilter.And and => Tuple("and", Array(and.Items, Filter)),
        PlanFilter.Or or => Tuple("or", Array(or.Items, Filter)),
        PlanFilter.Not not => Tuple("not", Filter(not.Item)),
        PlanFilter.Compare compare => Tuple(compare.Operator.Symbol(), Column(compare.Column), Value(compare.Value)),
        PlanFilter.In { Negated: var negated } within =>
            Tuple(negated ? "not in" : "in", Column(within.Column), Array(within.Values, Value)),
        PlanFilter.IsNull { Negated: var negated } absent => Tuple(negated ? "is not null" : "is null", Column(absent.Column)),
        _ => throw new UnreachableException(),
    };

    private static JsonValue Group(GroupKey key) => key switch
    {
        GroupKey.Whole => Tuple("column", Column(key.Column)),
        GroupKey.Truncated truncated => Tuple("trunc", Column(key.Column), truncated.Grain.ToString().ToLowerInvariant()),
        GroupKey.Band band => Tuple("band", Column(key.Column), band.Width.ToString(CultureInfo.InvariantCulture)),
        GroupKey.BandNumber band => Tuple("band-number", Column(key.Column), band.Width.ToString(CultureInfo.InvariantCulture)),
        GroupKey.Part part => Tuple("part", Column(key.Column), part.Of.ToString().ToLowerInvariant()),
        _ => throw new UnreachableException(),
    };

    private static JsonValue Aggregate(PlanAggregate aggregate) =>
        new JsonArray([aggregate.Function.Word(), .. aggregate.Columns.Select(Column)]);

    private static JsonObject Output(PlanOutput output) => new(
        new("name", output.Name),
        new("type", TypeOf(output.Expression.CellType.Type)),
        new("scale", output.Expression.CellType.Scale),
        new("value", Expression(output.Expression)));

    private static JsonArray Expression(OutputExpression expression) => expression switch
    {
        OutputExpression.Key key => Tuple("key", key.Index),
        OutputExpression.Listed listed => Tuple("column", Column(listed.Column)),
        OutputExpression.Aggregate aggregate => Tuple("aggregate", aggregate.Index),
        OutputExpression.Constant constant => Tuple("constant", Value(constant.Value)),
        OutputExpression.NullIfZero nullIf => Tuple("nullif-zero", Expression(nullIf.Operand)),
        OutputExpression.Rounded { Function: RoundingFunction.Round } rounded =>
            Tuple("round", Expression(rounded.Operand), rounded.Digits.ToString(CultureInfo.InvariantCulture)),
        OutputExpression.Rounded rounded => Tuple(rounded.Function.ToString().ToLowerInvariant(), Expression(rounded.Operand)),
        OutputExpression.Choice choice => Tuple(choice.Function.ToString().ToLowerInvariant(), Expression(choice.Left), Expression(choice.Right)),
        OutputExpression.Arithmetic arithmetic => Tuple(
            arithmetic.Operator switch
            {
                ArithmeticOperator.Add => "+",
                ArithmeticOperator.Subtract => "-",
                ArithmeticOperator.Multiply => "*",
                ArithmeticOperator.Divide => "/",
                _ => throw new UnreachableException(),
            },
            Expression(arithmetic.Left),
            Expression(arithmetic.Right)),
        _ => throw new UnreachableException(),
    };

    private static JsonValue Condition(OutputCondition condition) => condition switch
    {
        OutputCondition.And and => Tuple("and", Array(and.Items, Condition)),
        OutputCondition.Or or => Tuple("or", Array(or.Items, Condition)),
        OutputCondition.Not not => Tuple("not", Condition(not.Item)),
        OutputCondition.Compare compare => Tuple(compare.Operator.Symbol(), Expression(compare.Left), Value(compare.Right)),
        OutputCondition.IsNull { Negated: var negated } absent =>
            Tuple(negated ? "is not null" : "is null", Expression(absent.Operand)),
        _ => throw new UnreachableException(),
    };

    private static JsonArray Order(OutputOrder order) =>
        Tuple(order.Output, order.Descending ? "desc" : "asc", order.NullsFirst ? "nulls first" : "nulls last");

    private static string TypeOf(ColumnType type) => type.ToString().ToLowerInvariant();

    private static JsonArray Tuple(params ReadOnlySpan<JsonValue> items) => new([.. items]);

    private static JsonArray Array<T>(ImmutableArray<T> items, Func<T, JsonValue> encode) => new([.. items.Select(encode)]);
}
