using System.Collections.Immutable;
using System.Text.Json;
using CleanRoom.Policy.Parsing;

namespace CleanRoom.Policy.Bound;

/// <summary>Reads the engine's bound, unoptimised plan. What is not known becomes <see cref="BoundOperator.Unknown"/>.</summary>
/// <remarks>Trust: the engine read attacker-controlled text, so its answer is only as good as that; see <see cref="Binding.ISqlBinder"/>.</remarks>
internal static class BoundPlanReader
{
    /// <summary>Reads the plan of exactly one statement; null when it did not bind.</summary>
    public static BoundOperator? Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || root.IsTrue("error"))
        {
            return null;
        }

        var plans = root.Items("plans").ToList();
        return plans.Count == 1 ? Operator(plans[0]) : null;
    }

    private static BoundOperator Operator(JsonElement o)
    {
        var children = o.Items("children").ToList();
        var type = o.Text("type");
        return (type, children.Count) switch
        {
            ("LOGICAL_GET", 0) => Get(o),
            ("LOGICAL_MATERIALIZED_CTE", 2) when o.Integer("table_index") is { } index =>
                new BoundOperator.CommonTable(index, Operator(children[0]), Operator(children[1])),
            ("LOGICAL_CTE_REF", 0) when o.Integer("cte_index") is { } index && !o.IsTrue("is_recurring") =>
                new BoundOperator.CommonTableReference(index),
            ("LOGICAL_PROJECTION", 1) => new BoundOperator.Projection(Operator(children[0]), BoundExpressionReader.ReadAll(o, "expressions")),
            ("LOGICAL_FILTER", 1) when !o.Member("projection_map").IsMeaningful() =>
                new BoundOperator.Filter(Operator(children[0]), BoundExpressionReader.ReadAll(o, "expressions")),
            ("LOGICAL_COMPARISON_JOIN", 2) => Join(o, children),
            ("LOGICAL_ANY_JOIN" or "LOGICAL_ASOF_JOIN" or "LOGICAL_POSITIONAL_JOIN", 2) =>
                new BoundOperator.Join(type, Operator(children[0]), Operator(children[1]), []),
            ("LOGICAL_CROSS_PRODUCT", 2) => new BoundOperator.CrossProduct(Operator(children[0]), Operator(children[1])),
            ("LOGICAL_AGGREGATE_AND_GROUP_BY", 1) => new BoundOperator.Aggregate(
                Operator(children[0]),
                BoundExpressionReader.ReadAll(o, "groups"),
                BoundExpressionReader.ReadAll(o, "expressions"),
                o.Member("grouping_functions").IsMeaningful() ? int.MaxValue : o.Items("grouping_sets").Count()),
            ("LOGICAL_ORDER_BY", 1) when !o.Member("projections").IsMeaningful() => new BoundOperator.Order(Operator(children[0]), Orders(o)),
            ("LOGICAL_LIMIT", 1) => new BoundOperator.Limit(
                Operator(children[0]),
                o.Member("limit_val").Text("type") == "CONSTANT_VALUE" ? o.Member("limit_val").Integer("constant_integer") : null,
                o.Member("offset_val").Text("type") != "UNSET"),
            ("LOGICAL_SAMPLE", 1) => new BoundOperator.Sample(),
            _ => new BoundOperator.Unknown(type),
        };
    }

    private static BoundOperator Get(JsonElement o)
    {
        var source = o.Member("function_data");
        if (o.Text("name") != "seq_scan" || source.Text("schema").Length == 0)
        {
            return new BoundOperator.TableFunction(o.Text("name"));
        }

        var extra = o.Member("extra_info");
        if (o.Member("table_filters").IsMeaningful() || o.Member("projection_ids").IsMeaningful() || o.Member("projected_input").IsMeaningful()
            || extra.Member("sample_options").IsMeaningful() || extra.Member("file_filters").IsMeaningful()
            || o.Member("row_group_order_options").IsMeaningful() || source.IsTrue("is_index_scan"))
        {
            return new BoundOperator.Unknown("LOGICAL_GET");
        }

        var names = o.Items("names").Select(name => name.ValueKind == JsonValueKind.String ? name.GetString() : null).ToList();
        var columns = ImmutableArray.CreateBuilder<string?>();
        foreach (var column in o.Items("column_indexes"))
        {
            if (column.Text("index_type") != "FULL_READ" || column.Member("child_indexes").IsMeaningful() || column.Text("field").Length > 0)
            {
                return new BoundOperator.Unknown("LOGICAL_GET");
            }

            // An index past the names is the row number or another virtual column (2^64-1 among them).
            columns.Add(column.Integer("index") is { } index && index >= 0 && index < names.Count ? names[(int)index] : null);
        }

        return new BoundOperator.Get(source.Text("schema"), source.Text("table"), columns.ToImmutable());
    }

    private static BoundOperator Join(JsonElement o, List<JsonElement> children)
    {
        if (o.Member("left_projection_map").IsMeaningful() || o.Member("right_projection_map").IsMeaningful()
            || o.Member("predicate").IsMeaningful() || o.IsTrue("delim_flipped") || o.Member("duplicate_eliminated_columns").IsMeaningful())
        {
            return new BoundOperator.Unknown("LOGICAL_COMPARISON_JOIN");
        }

        return new BoundOperator.Join(
            o.Text("join_type"),
            Operator(children[0]),
            Operator(children[1]),
            [.. o.Items("conditions").Select(condition => new JoinCondition(
                condition.Text("comparison"),
                BoundExpressionReader.Read(condition.Member("left")),
                BoundExpressionReader.Read(condition.Member("right"))))]);
    }

    private static ImmutableArray<OrderItem> Orders(JsonElement o) =>
    [
        .. o.Items("orders").Select(order => new OrderItem(
            BoundExpressionReader.Read(order.Member("expression")),
            order.Text("type") == "DESCENDING",
            order.Text("null_order").Replace('_', ' ') == "NULLS FIRST")),
    ];
}
