using System.Text.Json;
using CleanRoom.Policy.Verdicts;

namespace CleanRoom.Policy.Parsing;

/// <summary>FROM: datasets, common tables, subqueries and inner equi-joins.</summary>
internal sealed partial class ParseGate
{
    private void Table(JsonElement table)
    {
        if (table.Member("sample").IsMeaningful())
        {
            Refuse(RoomRules.Sample());
        }

        switch (table.Text("type"))
        {
            case "EMPTY":
                break;
            case "BASE_TABLE":
                BaseTable(table);
                break;
            case "SUBQUERY":
                QueryNode(table.Member("subquery").Member("node"));
                break;
            case "JOIN":
                Join(table);
                break;
            case "TABLE_FUNCTION":
                Refuse(RoomRules.TableFunction(table.Member("function").Text("function_name")));
                break;
            case "EXPRESSION_LIST":
                Refuse(RoomRules.Op("VALUES"));
                break;
            case "SHOW_REF":
                Refuse(RoomRules.Op("DESCRIBE, SHOW or SUMMARIZE"));
                break;
            case "PIVOT":
                Refuse(RoomRules.Op("PIVOT or UNPIVOT"));
                break;
            default:
                Refuse(RoomRules.Op("part of the language that is unknown here"));
                break;
        }
    }

    private void BaseTable(JsonElement table)
    {
        if (table.HasUnknown(
            "type", "alias", "sample", "query_location", "schema_name", "table_name", "column_name_alias", "catalog_name"))
        {
            Refuse(RoomRules.Op("clause after a table's name"));
        }

        var (catalog, schema, name) = (table.Text("catalog_name"), table.Text("schema_name"), table.Text("table_name"));
        var known = (catalog.Length, schema.Length) switch
        {
            (0, 0) => _scopes.Any(scope => scope.Contains(name)),
            (0, _) => _datasets.Contains($"{schema}.{name}"),
            _ => false,
        };
        if (!known)
        {
            Refuse(RoomRules.Table(string.Join('.', new[] { catalog, schema, name }.Where(part => part.Length > 0))));
        }
    }

    private void Join(JsonElement join)
    {
        Table(join.Member("left"));
        Table(join.Member("right"));
        var (kind, form) = (join.Text("join_type"), join.Text("ref_type"));
        if (join.HasUnknown(
            "type", "alias", "sample", "query_location", "left", "right", "condition", "join_type", "ref_type", "using_columns", "mark_index"))
        {
            Refuse(RoomRules.Op("part of the language that is unknown here"));
        }

        if (kind != "INNER")
        {
            _findings.Add(RoomRules.Join($"{kind} JOIN is another kind"));
        }

        if (form is not ("REGULAR" or "NATURAL"))
        {
            _findings.Add(RoomRules.Join(form == "CROSS" ? "a comma or CROSS JOIN pairs all rows" : $"{form} JOIN is another kind"));
        }

        var condition = join.Member("condition");
        if (condition.ValueKind == JsonValueKind.Object)
        {
            Expression(condition);
            if (!IsEquiJoin(condition))
            {
                _findings.Add(RoomRules.Join("ON has something else"));
            }
        }
        else if (form == "REGULAR" && !join.Member("using_columns").IsMeaningful())
        {
            _findings.Add(RoomRules.Join("there is no condition"));
        }
    }

    private static bool IsEquiJoin(JsonElement condition) => condition.Text("class") switch
    {
        "CONJUNCTION" => condition.Text("type") == "CONJUNCTION_AND" && condition.Items("children").All(IsEquiJoin),
        "COMPARISON" => condition.Text("type") == "COMPARE_EQUAL"
            && condition.Member("left").Text("class") == "COLUMN_REF"
            && condition.Member("right").Text("class") == "COLUMN_REF",
        _ => false,
    };
}
