using System.Text.Json.Nodes;
using CleanRoom.Policy.Bound;
using static CleanRoom.Policy.Tests.Bound.PlanJson;

namespace CleanRoom.Policy.Tests.Bound;

/// <summary>What the engine says of a plan is read as what is known, or as something unknown, which the rules refuse.</summary>
public class BoundPlanReaderTests
{
    private static readonly BoundOperator _scan = new BoundOperator.Get("registry", "people", ["id"]);

    private static readonly BoundExpression _first = new BoundExpression.Reference(0) { Type = new BoundType("INTEGER", 0), Alias = "a" };

    public static TheoryData<string> JoinMembers => ["left_projection_map", "right_projection_map", "predicate", "delim_flipped", "duplicate_eliminated_columns"];

    [Fact]
    public void Answer_that_is_an_error_no_object_or_not_one_plan_is_no_plan()
    {
        BoundPlanReader.Read(Element(new JsonObject { ["error"] = true, ["plans"] = new JsonArray(Scan(0)) })).Should().BeNull();
        BoundPlanReader.Read(Element(new JsonArray(Scan(0)))).Should().BeNull();
        BoundPlanReader.Read(Element(new JsonObject { ["plans"] = new JsonArray(Scan(0), Scan(0)) })).Should().BeNull();
        BoundPlanReader.Read(Element(new JsonObject { ["plans"] = new JsonArray() })).Should().BeNull();
        BoundPlanReader.Read(Element(new JsonObject { ["plans"] = new JsonArray(Scan(0)) })).Should().NotBeNull();
    }

    [Fact]
    public void Scan_names_its_columns_and_none_that_the_table_does_not_have() =>
        Reads(Scan(1, 0, 2, -1, long.MaxValue), new BoundOperator.Get("registry", "people", ["age", "id", null, null, null]));

    [Fact]
    public void Column_without_a_name_or_an_index_is_none()
    {
        Reads(Scan(0, 1).With("names", new JsonArray(7, "age")), new BoundOperator.Get("registry", "people", [null, "age"]));
        Reads(Scan().With("column_indexes", new JsonArray(Column(0).With("index", "0"))), new BoundOperator.Get("registry", "people", [null]));
    }

    [Theory]
    [InlineData("table_filters", "[1]")]
    [InlineData("projection_ids", "[0]")]
    [InlineData("projected_input", "[0]")]
    [InlineData("row_group_order_options", "{\"column\":1}")]
    [InlineData("extra_info.sample_options", "{\"size\":1}")]
    [InlineData("extra_info.file_filters", "\"x\"")]
    [InlineData("function_data.is_index_scan", "true")]
    public void Scan_of_another_kind_is_unknown(string member, string value) =>
        Reads(Scan(0).With(member, JsonNode.Parse(value)), new BoundOperator.Unknown("LOGICAL_GET"));

    [Theory]
    [InlineData("index_type", "\"PUSHDOWN_EXTRACT\"")]
    [InlineData("child_indexes", "[1]")]
    [InlineData("field", "\"x\"")]
    public void Part_of_a_column_is_unknown(string member, string value) =>
        Reads(Scan().With("column_indexes", new JsonArray(Column(0).With(member, JsonNode.Parse(value)))), new BoundOperator.Unknown("LOGICAL_GET"));

    [Fact]
    public void Scan_of_no_table_is_a_table_function()
    {
        Reads(Scan(0).With("name", "read_csv"), new BoundOperator.TableFunction("read_csv"));
        Reads(Scan(0).With("function_data.schema", ""), new BoundOperator.TableFunction("seq_scan"));
    }

    [Fact]
    public void Common_table_has_an_index_a_body_and_a_consumer()
    {
        var common = Operator("LOGICAL_MATERIALIZED_CTE", Scan(0), Operator("LOGICAL_CTE_REF").With("cte_index", 3)).With("table_index", 3);
        Reads(common, new BoundOperator.CommonTable(3, _scan, new BoundOperator.CommonTableReference(3)));
        Reads(Operator("LOGICAL_MATERIALIZED_CTE", Scan(0), Scan(0)), new BoundOperator.Unknown("LOGICAL_MATERIALIZED_CTE"));
        Reads(Operator("LOGICAL_CTE_REF"), new BoundOperator.Unknown("LOGICAL_CTE_REF"));
        Reads(Operator("LOGICAL_CTE_REF").With("cte_index", 3).With("is_recurring", true), new BoundOperator.Unknown("LOGICAL_CTE_REF"));
    }

    [Fact]
    public void Projection_and_filter_hold_their_expressions()
    {
        Reads(Operator("LOGICAL_PROJECTION", Scan(0)).With("expressions", new JsonArray(Reference(0))), new BoundOperator.Projection(_scan, [_first]));
        Reads(Operator("LOGICAL_FILTER", Scan(0)).With("expressions", new JsonArray(Reference(0))), new BoundOperator.Filter(_scan, [_first]));
        Reads(Operator("LOGICAL_FILTER", Scan(0)).With("projection_map", new JsonArray(1)), new BoundOperator.Unknown("LOGICAL_FILTER"));
    }

    [Fact]
    public void Join_has_a_kind_sides_and_conditions()
    {
        var condition = new JsonObject { ["comparison"] = "COMPARE_EQUAL", ["left"] = Reference(0), ["right"] = Reference(0) };
        Reads(
            Operator("LOGICAL_COMPARISON_JOIN", Scan(0), Scan(1)).With("join_type", "INNER").With("conditions", new JsonArray(condition)),
            new BoundOperator.Join("INNER", _scan, new BoundOperator.Get("registry", "people", ["age"]), [new JoinCondition("COMPARE_EQUAL", _first, _first)]));
    }

    [Theory]
    [MemberData(nameof(JoinMembers))]
    public void Join_with_more_to_it_is_unknown(string member) => Reads(
        Operator("LOGICAL_COMPARISON_JOIN", Scan(0), Scan(1)).With("join_type", "INNER").With(member, member == "delim_flipped" ? true : new JsonArray(1)),
        new BoundOperator.Unknown("LOGICAL_COMPARISON_JOIN"));

    [Theory]
    [InlineData("LOGICAL_ANY_JOIN")]
    [InlineData("LOGICAL_ASOF_JOIN")]
    [InlineData("LOGICAL_POSITIONAL_JOIN")]
    public void Join_of_another_kind_keeps_its_name(string type) => Reads(Operator(type, Scan(0), Scan(0)), new BoundOperator.Join(type, _scan, _scan, []));

    [Fact]
    public void Cross_product_and_sample_are_told_apart()
    {
        Reads(Operator("LOGICAL_CROSS_PRODUCT", Scan(0), Scan(0)), new BoundOperator.CrossProduct(_scan, _scan));
        Read(Operator("LOGICAL_SAMPLE", Scan(0))).Should().Be(new BoundOperator.Sample());
    }

    [Theory]
    [InlineData("[0]", "[[0]]", 1)]
    [InlineData("[]", "[[0],[]]", 2)]
    [InlineData("[]", "[]", 0)]
    public void Aggregate_counts_its_grouping_sets(string groupings, string sets, int expected)
    {
        var aggregate = Operator("LOGICAL_AGGREGATE_AND_GROUP_BY", Scan(0)).With("groups", new JsonArray(Reference(0)))
            .With("expressions", new JsonArray(Reference(0), Reference(0))).With("grouping_sets", JsonNode.Parse(sets));
        Reads(aggregate, new BoundOperator.Aggregate(_scan, [_first], [_first, _first], JsonNode.Parse(sets)!.AsArray().Count));
        aggregate.With("grouping_functions", JsonNode.Parse(groupings));
        Reads(aggregate, new BoundOperator.Aggregate(_scan, [_first], [_first, _first], groupings == "[]" ? expected : int.MaxValue));
    }

    [Theory]
    [InlineData("DESCENDING", "NULLS_FIRST", true, true)]
    [InlineData("DESCENDING", "NULLS FIRST", true, true)]
    [InlineData("ASCENDING", "NULLS_LAST", false, false)]
    public void Order_has_a_direction_and_a_place_for_nulls(string direction, string nulls, bool descending, bool nullsFirst)
    {
        var item = new JsonObject { ["expression"] = Reference(0), ["type"] = direction, ["null_order"] = nulls };
        var order = Operator("LOGICAL_ORDER_BY", Scan(0)).With("orders", new JsonArray(item));
        Reads(order, new BoundOperator.Order(_scan, [new OrderItem(_first, descending, nullsFirst)]));
        Reads(order.With("projections", new JsonArray(0)), new BoundOperator.Unknown("LOGICAL_ORDER_BY"));
    }

    [Theory]
    [InlineData("CONSTANT_VALUE", "UNSET", 7L, false)]
    [InlineData("CONSTANT_VALUE", "CONSTANT_VALUE", 7L, true)]
    [InlineData("CONSTANT_PERCENTAGE", "UNSET", null, false)]
    [InlineData("UNSET", "EXPRESSION_VALUE", null, true)]
    public void Limit_is_a_constant_number_or_something_else(string limit, string offset, long? rows, bool hasOffset) => Reads(
        Operator("LOGICAL_LIMIT", Scan(0)).With("limit_val.type", limit).With("limit_val.constant_integer", 7).With("offset_val.type", offset),
        new BoundOperator.Limit(_scan, rows, hasOffset));

    [Theory]
    [InlineData("LOGICAL_GET", 1)]
    [InlineData("LOGICAL_CTE_REF", 1)]
    [InlineData("LOGICAL_PROJECTION", 0)]
    [InlineData("LOGICAL_PROJECTION", 2)]
    [InlineData("LOGICAL_FILTER", 2)]
    [InlineData("LOGICAL_COMPARISON_JOIN", 1)]
    [InlineData("LOGICAL_ANY_JOIN", 3)]
    [InlineData("LOGICAL_CROSS_PRODUCT", 1)]
    [InlineData("LOGICAL_AGGREGATE_AND_GROUP_BY", 0)]
    [InlineData("LOGICAL_ORDER_BY", 2)]
    [InlineData("LOGICAL_LIMIT", 0)]
    [InlineData("LOGICAL_SAMPLE", 0)]
    [InlineData("LOGICAL_UNNEST", 1)]
    public void Operator_with_other_children_or_of_another_type_is_unknown(string type, int children) => Reads(
        Operator(type, [.. Enumerable.Range(0, children).Select(_ => Scan(0))]).With("cte_index", 1), new BoundOperator.Unknown(type));

    private static void Reads(JsonNode plan, BoundOperator expected) => Read(plan).Should().BeEquivalentTo(
        expected, options => options.RespectingRuntimeTypes().WithStrictOrdering());
}
