using System.Numerics;
using System.Text.Json.Nodes;
using CleanRoom.Policy.Bound;
using static CleanRoom.Policy.Tests.Bound.PlanJson;

namespace CleanRoom.Policy.Tests.Bound;

/// <summary>What the engine says of an expression is read as what is known, or as something unknown, which the rules refuse.</summary>
public class BoundExpressionReaderTests
{
    private static readonly BoundType _integer = new("INTEGER", 0);

    private static readonly BoundExpression _first = new BoundExpression.Reference(0) { Type = _integer, Alias = "a" };

    [Fact]
    public void Reference_is_a_number_that_an_index_can_be()
    {
        Reads(Reference(0), _first);
        Reads(Reference(int.MaxValue), new BoundExpression.Reference(int.MaxValue) { Type = _integer, Alias = "a" });
        foreach (var index in new JsonNode[] { -1, (long)int.MaxValue + 1, "0" })
        {
            Reads(Reference(0).With("index", index), new BoundExpression.Unknown("BOUND_REF") { Type = _integer, Alias = "a" });
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(38, 38)]
    [InlineData(39, 0)]
    [InlineData(-1, 0)]
    public void Type_has_a_scale_of_at_most_38(int scale, int expected) =>
        ReadExpression(Reference(0).With("return_type", Type("DECIMAL", scale))).Type.Should().Be(new BoundType("DECIMAL", expected));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cast_may_try(bool isTry) => Reads(
        Expression("BOUND_CAST").With("child", Reference(0)).With("try_cast", isTry), new BoundExpression.Cast(_first, isTry) { Type = _integer, Alias = "a" });

    [Fact]
    public void Comparison_is_true_or_false_whatever_its_type_says() => Reads(
        Expression("BOUND_COMPARISON").With("type", "COMPARE_LESSTHAN").With("left", Reference(0)).With("right", Reference(1)),
        new BoundExpression.Compare("COMPARE_LESSTHAN", _first, Column(1)) { Type = new BoundType("BOOLEAN", 0), Alias = "a" });

    [Fact]
    public void Conjunction_is_and_or_or()
    {
        Reads(Several("BOUND_CONJUNCTION").With("type", "CONJUNCTION_AND"), new BoundExpression.Conjunction(true, [_first, Column(1)]) { Type = _integer, Alias = "a" });
        Reads(Several("BOUND_CONJUNCTION").With("type", "CONJUNCTION_OR"), new BoundExpression.Conjunction(false, [_first, Column(1)]) { Type = _integer, Alias = "a" });
        Reads(Several("BOUND_CONJUNCTION").With("type", "CONJUNCTION_XOR"), new BoundExpression.Unknown("BOUND_CONJUNCTION") { Type = _integer, Alias = "a" });
    }

    [Fact]
    public void Operator_and_function_have_a_name_and_children()
    {
        Reads(Several("BOUND_OPERATOR").With("type", "COMPARE_IN"), new BoundExpression.Operator("COMPARE_IN", [_first, Column(1)]) { Type = _integer, Alias = "a" });
        Reads(Several("BOUND_FUNCTION").With("name", "+"), new BoundExpression.Function("+", [_first, Column(1)]) { Type = _integer, Alias = "a" });
    }

    [Fact]
    public void Case_has_branches_and_an_end()
    {
        var check = new JsonObject { ["when_expr"] = Reference(1), ["then_expr"] = Reference(2) };
        var choice = Expression("BOUND_CASE").With("case_checks", new JsonArray(check)).With("else_expr", Reference(0));
        Reads(choice, new BoundExpression.Case([(Column(1), Column(2))], _first) { Type = _integer, Alias = "a" });
        ReadExpression(choice).Parts.Should().Equal(Column(1), Column(2), _first);
    }

    [Theory]
    [InlineData("NON_DISTINCT", "null", "[]", false, false, false)]
    [InlineData("DISTINCT", "null", "[]", true, false, false)]
    [InlineData("", "null", "[]", true, false, false)]
    [InlineData("NON_DISTINCT", "{\"a\":1}", "[]", false, true, false)]
    [InlineData("NON_DISTINCT", "null", "[1]", false, false, true)]
    public void Aggregate_says_what_it_takes(string type, string filter, string orders, bool distinct, bool hasFilter, bool hasOrder) => Reads(
        Several("BOUND_AGGREGATE").With("name", "sum").With("aggregate_type", type).With("filter", JsonNode.Parse(filter)).With("order_bys", JsonNode.Parse(orders)),
        new BoundExpression.Aggregate("sum", [_first, Column(1)], distinct, hasFilter, hasOrder) { Type = _integer, Alias = "a" });

    [Fact]
    public void Another_class_is_unknown() => Reads(Several("BOUND_WINDOW"), new BoundExpression.Unknown("BOUND_WINDOW") { Type = _integer, Alias = "a" });

    [Theory]
    [InlineData("TINYINT")]
    [InlineData("SMALLINT")]
    [InlineData("INTEGER")]
    [InlineData("BIGINT")]
    [InlineData("HUGEINT")]
    [InlineData("UTINYINT")]
    [InlineData("USMALLINT")]
    [InlineData("UINTEGER")]
    [InlineData("UBIGINT")]
    public void Constant_of_each_whole_type_is_a_number(string type) => Constant(type, 42).Should().Be(new ConstantValue.Number(42, 0));

    [Fact]
    public void Constant_is_of_its_own_type()
    {
        Constant("DECIMAL", 1234, scale: 2).Should().Be(new ConstantValue.Number(1234, 2));
        Constant("VARCHAR", "text").Should().Be(new ConstantValue.Text("text"));
        Constant("BOOLEAN", true).Should().Be(new ConstantValue.Boolean(true));
        Constant("BOOLEAN", false).Should().Be(new ConstantValue.Boolean(false));
        Constant("INTEGER", null, isNull: true).Should().Be(new ConstantValue.Null());
        ReadExpression(ConstantJson("DECIMAL", 1, scale: 3)).Type.Should().Be(new BoundType("DECIMAL", 3), "the constant's own type counts");
    }

    [Theory]
    [InlineData("VARCHAR", "1")]
    [InlineData("BOOLEAN", "1")]
    [InlineData("INTEGER", "\"1\"")]
    [InlineData("INTEGER", "1.5")]
    [InlineData("INTEGER", "1e3")]
    [InlineData("HUGEINT", "{\"upper\":1}")]
    [InlineData("HUGEINT", "{\"lower\":1}")]
    [InlineData("DOUBLE", "1")]
    public void Constant_of_another_kind_has_no_meaning(string type, string value) => Constant(type, JsonNode.Parse(value)).Should().Be(new ConstantValue.Other());

    [Fact]
    public void Number_of_128_bits_comes_in_two_halves()
    {
        Constant("HUGEINT", JsonNode.Parse("{\"upper\":2,\"lower\":3}")).Should().Be(new ConstantValue.Number((BigInteger.One << 65) + 3, 0));
        Constant("HUGEINT", JsonNode.Parse("{\"upper\":-1,\"lower\":18446744073709551615}")).Should().Be(new ConstantValue.Number(-1, 0));
    }

    [Theory]
    [InlineData(40, true)]
    [InlineData(41, false)]
    public void Number_has_at_most_40_characters(int length, bool isRead) =>
        Constant("HUGEINT", JsonNode.Parse(new string('9', length))).Should().Be(isRead
            ? new ConstantValue.Number(BigInteger.Pow(10, length) - 1, 0)
            : new ConstantValue.Other());

    private static BoundExpression.Reference Column(int index) => new(index) { Type = _integer, Alias = "a" };

    private static JsonObject Expression(string kind) => new() { ["expression_class"] = kind, ["alias"] = "a", ["return_type"] = Type("INTEGER") };

    private static JsonObject Several(string kind) => Expression(kind).With("children", new JsonArray(Reference(0), Reference(1)));

    private static JsonObject ConstantJson(string type, JsonNode? value, int? scale = null, bool isNull = false) => Expression("BOUND_CONSTANT").With(
        "value", new JsonObject { ["type"] = Type(type, scale), ["is_null"] = isNull, ["value"] = value });

    private static ConstantValue Constant(string type, JsonNode? value, int? scale = null, bool isNull = false) =>
        ReadExpression(ConstantJson(type, value, scale, isNull)).Should().BeOfType<BoundExpression.Constant>().Which.Value;

    private static void Reads(JsonNode expression, BoundExpression expected) => ReadExpression(expression).Should().BeEquivalentTo(
        expected, options => options.RespectingRuntimeTypes().WithStrictOrdering());
}
