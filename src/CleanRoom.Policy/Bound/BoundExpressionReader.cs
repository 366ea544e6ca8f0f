using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using CleanRoom.Policy.Parsing;

namespace CleanRoom.Policy.Bound;

/// <summary>Reads expressions of the engine's plan JSON. What is not known becomes <see cref="BoundExpression.Unknown"/>.</summary>
internal static class BoundExpressionReader
{
    /// <summary>Reads an array member of expressions.</summary>
    public static ImmutableArray<BoundExpression> ReadAll(JsonElement owner, string name) => [.. owner.Items(name).Select(Read)];

    /// <summary>Reads one expression.</summary>
    public static BoundExpression Read(JsonElement e)
    {
        var kind = e.Text("expression_class");
        var type = ReadType(e.Member("return_type"));
        var alias = e.Text("alias");
        return kind switch
        {
            "BOUND_REF" when e.Integer("index") is >= 0 and <= int.MaxValue and { } index =>
                new BoundExpression.Reference((int)index) { Type = type, Alias = alias },
            "BOUND_CONSTANT" => new BoundExpression.Constant(ReadConstant(e.Member("value")))
            {
                Type = ReadType(e.Member("value").Member("type")),
                Alias = alias,
            },
            "BOUND_CAST" => new BoundExpression.Cast(Read(e.Member("child")), e.IsTrue("try_cast")) { Type = type, Alias = alias },
            "BOUND_COMPARISON" => new BoundExpression.Compare(e.Text("type"), Read(e.Member("left")), Read(e.Member("right")))
            {
                Type = new BoundType("BOOLEAN", 0),
                Alias = alias,
            },
            "BOUND_CONJUNCTION" when e.Text("type") is "CONJUNCTION_AND" or "CONJUNCTION_OR" =>
                new BoundExpression.Conjunction(e.Text("type") == "CONJUNCTION_AND", ReadAll(e, "children")) { Type = type, Alias = alias },
            "BOUND_OPERATOR" => new BoundExpression.Operator(e.Text("type"), ReadAll(e, "children")) { Type = type, Alias = alias },
            "BOUND_FUNCTION" => new BoundExpression.Function(e.Text("name"), ReadAll(e, "children")) { Type = type, Alias = alias },
            "BOUND_CASE" => ReadCase(e, type, alias),
            "BOUND_AGGREGATE" => new BoundExpression.Aggregate(
                e.Text("name"),
                ReadAll(e, "children"),
                e.Text("aggregate_type") != "NON_DISTINCT",
                e.Member("filter").IsMeaningful(),
                e.Member("order_bys").IsMeaningful()) { Type = type, Alias = alias },
            _ => new BoundExpression.Unknown(kind) { Type = type, Alias = alias },
        };
    }

    private static BoundExpression.Case ReadCase(JsonElement e, BoundType type, string alias) => new(
        [.. e.Items("case_checks").Select(check => (Read(check.Member("when_expr")), Read(check.Member("then_expr"))))],
        Read(e.Member("else_expr"))) { Type = type, Alias = alias };

    private static BoundType ReadType(JsonElement type) => new(
        type.Text("id"),
        type.Member("type_info").Integer("scale") is >= 0 and <= 38 and { } digits ? (int)digits : 0);

    private static ConstantValue ReadConstant(JsonElement constant)
    {
        if (constant.IsTrue("is_null"))
        {
            return new ConstantValue.Null();
        }

        var type = ReadType(constant.Member("type"));
        var value = constant.Member("value");
        return type.Id switch
        {
            "VARCHAR" when value.ValueKind == JsonValueKind.String => new ConstantValue.Text(value.GetString()!),
            "BOOLEAN" when value.ValueKind is JsonValueKind.True or JsonValueKind.False =>
                new ConstantValue.Boolean(value.ValueKind == JsonValueKind.True),
            "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" or "UBIGINT" or "DECIMAL"
                when ReadInteger(value) is { } number => new ConstantValue.Number(number, type.Scale),
            _ => new ConstantValue.Other(),
        };
    }

    /// <summary>Reads an integer; 128-bit ones come in two halves.</summary>
    private static BigInteger? ReadInteger(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            return ReadHalf(value.Member("upper")) is { } upper && ReadHalf(value.Member("lower")) is { } lower
                ? (upper << 64) + lower
                : null;
        }

        return ReadHalf(value);
    }

    private static BigInteger? ReadHalf(JsonElement value)
    {
        return value.ValueKind == JsonValueKind.Number
            && value.GetRawText().Length <= JsonShape.MaxNumberLength
            && BigInteger.TryParse(value.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number
                : null;
    }
}
