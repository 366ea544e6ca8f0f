using System.Collections.Immutable;
using System.Text.Json;
using CleanRoom.Policy.Verdicts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Parsing;

/// <summary>The first gate: which parse trees may be bound at all. Binding is not free of side effects, so what is not known is refused.</summary>
/// <remarks>Pure. Trust: attacker-controlled tree. Spec: contracts/spec/0008 s.3.</remarks>
internal sealed partial class ParseGate
{
    private readonly Findings _findings;
    private readonly HashSet<string> _datasets;
    private readonly Stack<HashSet<string>> _scopes = new();
    private bool _mayBind = true;

    private ParseGate(Contract contract, Findings findings)
    {
        _findings = findings;
        _datasets = contract.Datasets.Select(dataset => dataset.SqlName).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Checks the engine's parse tree of one text.</summary>
    public static ParseResult Check(JsonElement root, Contract contract, Findings findings)
    {
        var gate = new ParseGate(contract, findings);
        if (gate.Single(root) is not { } node)
        {
            return new ParseResult(false, []);
        }

        gate.QueryNode(node);
        return new ParseResult(gate._mayBind, Names(node));
    }

    private JsonElement? Single(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || root.IsTrue("error"))
        {
            // The engine serialises SELECT only and says so with this error; its messages are never passed on.
            Refuse(root.Text("error_message").StartsWith("Only SELECT statements", StringComparison.Ordinal)
                ? RoomRules.Statement()
                : RoomRules.Parse(root.IsIsolation() ? "the isolated process did not survive it or ran out of time" : "it does not parse"));
            return null;
        }

        var statements = root.Items("statements").ToList();
        if (statements.Count != 1)
        {
            Refuse(statements.Count == 0 ? RoomRules.Parse("it is empty") : RoomRules.Multi());
            return null;
        }

        return statements[0].Member("node");
    }

    private void QueryNode(JsonElement node)
    {
        var type = node.Text("type");
        if (type != "SELECT_NODE" || node.HasUnknown(
            "type", "modifiers", "cte_map", "select_list", "from_table", "where_clause", "group_expressions", "group_sets",
            "aggregate_handling", "having", "sample", "qualify"))
        {
            Refuse(RoomRules.Op(type switch
            {
                "SET_OPERATION_NODE" => "UNION, EXCEPT or INTERSECT",
                "RECURSIVE_CTE_NODE" => "recursion",
                _ => "part of the language that is unknown here",
            }));
            return;
        }

        _scopes.Push(new(StringComparer.OrdinalIgnoreCase));
        CommonTables(node.Member("cte_map"));
        foreach (var item in node.Items("select_list").Concat(node.Items("group_expressions")))
        {
            Expression(item);
        }

        Table(node.Member("from_table"));
        Optional(node.Member("where_clause"));
        Optional(node.Member("having"));
        if (node.Items("group_sets").Count() > 1)
        {
            _findings.Add(RoomRules.GroupingSets());
        }

        if (node.Member("sample").IsMeaningful())
        {
            Refuse(RoomRules.Sample());
        }

        if (node.Member("qualify").IsMeaningful())
        {
            Refuse(RoomRules.Op("QUALIFY"));
        }

        foreach (var modifier in node.Items("modifiers"))
        {
            Modifier(modifier);
        }

        _scopes.Pop();
    }

    private void CommonTables(JsonElement map)
    {
        foreach (var entry in map.Items("map"))
        {
            var value = entry.Member("value");
            if (value.HasUnknown("aliases", "query", "materialized"))
            {
                Refuse(RoomRules.Op("part of the language that is unknown here"));
            }

            QueryNode(value.Member("query").Member("node"));
            _scopes.Peek().Add(entry.Text("key"));
        }
    }

    private void Modifier(JsonElement modifier)
    {
        switch (modifier.Text("type"))
        {
            case "ORDER_MODIFIER":
                foreach (var order in modifier.Items("orders"))
                {
                    Expression(order.Member("expression"));
                }

                break;
            case "LIMIT_MODIFIER":
                Optional(modifier.Member("limit"));
                Optional(modifier.Member("offset"));
                break;
            case "DISTINCT_MODIFIER":
                Refuse(RoomRules.Op("DISTINCT"));
                break;
            case "LIMIT_PERCENT_MODIFIER":
                Refuse(RoomRules.Op("LIMIT in percent"));
                break;
            default:
                Refuse(RoomRules.Op("part of the language that is unknown here"));
                break;
        }
    }

    private void Refuse(Finding finding)
    {
        _mayBind = false;
        _findings.Add(finding);
    }

    private static ImmutableArray<string?> Names(JsonElement node)
    {
        var items = node.Items("select_list").ToList();
        return items.Any(item => item.Text("class") == "STAR") ? [] : [.. items.Select(Name)];
    }

    private static string? Name(JsonElement item)
    {
        if (item.Text("alias") is { Length: > 0 } alias)
        {
            return alias;
        }

        var last = item.Text("class") == "COLUMN_REF" ? item.Items("column_names").LastOrDefault() : default;
        return last.ValueKind == JsonValueKind.String ? last.GetString() : null;
    }
}
