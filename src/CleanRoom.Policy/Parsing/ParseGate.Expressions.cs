using System.Text.Json;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Verdicts;

namespace CleanRoom.Policy.Parsing;

/// <summary>Expressions: what may be bound, and what is refused without binding.</summary>
internal sealed partial class ParseGate
{
    private static bool IsOperator(string type) =>
        type is "OPERATOR_NOT" or "OPERATOR_IS_NULL" or "OPERATOR_IS_NOT_NULL" or "OPERATOR_COALESCE" or "COMPARE_IN" or "COMPARE_NOT_IN";

    private static bool IsCastType(string type) => type
        is "BOOLEAN" or "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "HUGEINT" or "DECIMAL" or "FLOAT" or "DOUBLE"
            or "VARCHAR" or "DATE" or "TIMESTAMP" or "UUID";

    private void Optional(JsonElement expression)
    {
        if (expression.ValueKind == JsonValueKind.Object)
        {
            Expression(expression);
        }
    }

    private void Expressions(IEnumerable<JsonElement> expressions)
    {
        foreach (var expression in expressions)
        {
            Expression(expression);
        }
    }

    private void Expression(JsonElement e)
    {
        switch (e.Text("class"))
        {
            case "COLUMN_REF" or "CONSTANT":
                break;
            case "STAR":
                Star(e);
                break;
            case "COMPARISON":
                Expression(e.Member("left"));
                Expression(e.Member("right"));
                break;
            case "CONJUNCTION":
                Expressions(e.Items("children"));
                break;
            case "BETWEEN":
                Expression(e.Member("input"));
                Expression(e.Member("lower"));
                Expression(e.Member("upper"));
                break;
            case "OPERATOR":
                Operator(e);
                break;
            case "CASE":
                Case(e);
                break;
            case "CAST":
                Cast(e);
                break;
            case "FUNCTION":
                Function(e);
                break;
            case "PARAMETER":
                Refuse(RoomRules.FreeParameter());
                break;
            case "SUBQUERY":
                Refuse(RoomRules.Op("subquery outside FROM"));
                break;
            case "WINDOW":
                Refuse(RoomRules.Op("window function"));
                break;
            case "LAMBDA":
                Refuse(RoomRules.Function("a lambda"));
                break;
            case "COLLATE":
                Refuse(RoomRules.Function("COLLATE"));
                break;
            default:
                Refuse(RoomRules.Op("part of the language that is unknown here"));
                break;
        }
    }

    private void Star(JsonElement e)
    {
        if (e.HasUnknown(
            "class", "type", "alias", "query_location", "relation_name", "exclude_list", "columns", "expr", "qualified_exclude_list"))
        {
            Refuse(RoomRules.Op("star with REPLACE or RENAME"));
        }

        Optional(e.Member("expr"));
    }

    private void Operator(JsonElement e)
    {
        var type = e.Text("type");
        if (type == "GROUPING_FUNCTION")
        {
            _findings.Add(RoomRules.GroupingSets());
        }
        else if (!IsOperator(type))
        {
            Refuse(RoomRules.Function(type));
        }

        Expressions(e.Items("children"));
    }

    private void Case(JsonElement e)
    {
        _findings.Add(RoomRules.Function("CASE"));
        foreach (var check in e.Items("case_checks"))
        {
            Expression(check.Member("when_expr"));
            Expression(check.Member("then_expr"));
        }

        Optional(e.Member("else_expr"));
    }

    private void Cast(JsonElement e)
    {
        var child = e.Member("child");
        if (!IsCastType(e.Member("cast_type").Text("id")))
        {
            Refuse(RoomRules.Cast("the cast has another type"));
        }

        if (!IsConstant(child) || e.IsTrue("try_cast"))
        {
            _findings.Add(RoomRules.Cast("only a literal has a cast"));
        }

        Expression(child);
    }

    private void Function(JsonElement e)
    {
        var name = e.Text("function_name");
        if (!IsPlain(name, e.Text("schema")) || e.Text("catalog").Length > 0 || e.IsTrue("export_state") || e.HasUnknown(
            "class", "type", "schema", "alias", "query_location", "function_name", "children", "filter", "order_bys", "distinct", "is_operator"))
        {
            Refuse(RoomRules.Function(name));
        }
        else if (FunctionLists.Aggregates.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            Aggregate(e, name);
        }
        else if (FunctionLists.EngineAggregates.Contains(name))
        {
            Refuse(RoomRules.AggFn(name));
        }
        else if (!FunctionLists.Bindable.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            Refuse(RoomRules.Function(name));
        }

        Expressions(e.Items("children"));
        Optional(e.Member("filter"));
        Expressions(e.Member("order_bys").Items("orders").Select(order => order.Member("expression")));
    }

    private void Aggregate(JsonElement e, string name)
    {
        var arguments = e.Items("children").ToList();
        var rows = string.Equals(name, "count_star", StringComparison.OrdinalIgnoreCase)
            || (string.Equals(name, "count", StringComparison.OrdinalIgnoreCase) && arguments.Count == 0);
        var statistic = AggregateFunctions.Statistic(name);
        var distinct = string.Equals(name, "count", StringComparison.OrdinalIgnoreCase) && !rows;
        if (e.IsTrue("distinct") != distinct
            || arguments.Count != (rows ? 0 : statistic?.Arity() ?? 1)
            || arguments.Any(argument => argument.Text("class") != "COLUMN_REF"))
        {
            if (statistic is not null)
            {
                // Of anything but columns it is another function than the one that is accepted.
                _findings.Add(RoomRules.AggFn(name));
            }

            _findings.Add(RoomRules.AggArg(name));
        }

        if (e.Member("filter").IsMeaningful())
        {
            _findings.Add(RoomRules.AggFilter());
        }

        if (e.Member("order_bys").Items("orders").Any())
        {
            _findings.Add(RoomRules.AggOrder());
        }
    }

    /// <summary>EXTRACT is read as <c>main.date_part</c>; no other function is named by its schema.</summary>
    private static bool IsPlain(string name, string schema) => schema.Length == 0 || (name, schema) is ("date_part", "main");

    private static bool IsConstant(JsonElement e) => e.Text("class") switch
    {
        "CONSTANT" => true,
        "CAST" => IsConstant(e.Member("child")),
        _ => false,
    };
}
