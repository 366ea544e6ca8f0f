using System.Text.Json.Nodes;
using CleanRoom.Policy.Parsing;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Policy.Verdicts;
using CleanRoom.Protocol.Documents;
using DuckDB.NET.Data;

namespace CleanRoom.Policy.Tests.Parsing;

/// <summary>Every function that the engine has, whatever version it is: what is on no list is refused before it is bound.</summary>
public sealed class FunctionEnumerationTests(BinderFixture fixture)
{
    private const int LeastNames = 700;

    private static readonly HashSet<string> _allowed = new(
        FunctionLists.Aggregates.Concat(FunctionLists.Bindable), StringComparer.OrdinalIgnoreCase);

    [Fact]
    public async Task AnalyzeAsync_everyOtherFunction_isRefused()
    {
        var names = Names("function_type <> 'table'").Where(name => !_allowed.Contains(name)).ToList();
        names.Should().HaveCountGreaterThan(LeastNames);
        (await WrongAsync(
            names,
            quoted => $"SELECT {string.Join(", ", quoted.Select(name => name + "(region)"))} FROM brand.customers",
            [VerdictCodes.Function, VerdictCodes.AggFn])).Should().BeEmpty();
    }

    [Fact]
    public async Task AnalyzeAsync_everyTableFunction_isRefused()
    {
        var wrong = new List<string>();
        foreach (var name in Names("function_type = 'table'"))
        {
            wrong.AddRange(await WrongAsync([name], quoted => $"SELECT count(*) FROM {quoted[0]}('x')", [VerdictCodes.TableFunction]));
        }

        wrong.Should().BeEmpty();
    }

    [Fact]
    public void Every_aggregate_of_the_engine_has_the_code_of_aggregates() =>
        Names("function_type = 'aggregate'").Where(IsWord)
            .Where(name => !FunctionLists.EngineAggregates.Contains(name) && !FunctionLists.Aggregates.Contains(name))
            .Should().BeEmpty();

    [Fact]
    public async Task AnalyzeAsync_bindableFunctionsBelowTheAggregate_areRefusedByThePlan()
    {
        // Being bindable allows nothing: only the forms of keys pass, and only on their grain.
        foreach (var text in new[] { "age + 1", "age - 1", "-age", "age * 2", "age / 2", "age % 2", "region || ''", "nullif(region, 'x')", "abs(age)", "round(age, 1)", "floor(age)", "greatest(age, 3)", "least(age, 3)", "coalesce(age, 0)", "region ~~ 'x'" })
        {
            var codes = await fixture.Binder.CodesAsync(Examples.Media, $"SELECT {text}, count(*) FROM brand.customers GROUP BY 1");
            codes.Should().Contain(VerdictCodes.Function, text);
        }
    }

    /// <summary>Returns the names that the gate lets be bound, or refuses for another reason; each is the only item of its select list.</summary>
    private async Task<List<string>> WrongAsync(List<string> names, Func<List<string>, string> sql, string[] codes)
    {
        var text = sql([.. names.Select(name => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")]);
        var tree = JsonNode.Parse(await fixture.Binder.ParseAsync(text, Ask.Cancellation))!;
        var node = tree["statements"]![0]!["node"]!;
        var items = node["select_list"]!.AsArray().Select(item => item!.DeepClone()).ToList();
        items.Should().HaveSameCount(names);
        var wrong = new List<string>();
        foreach (var (name, item) in names.Zip(items))
        {
            node["select_list"] = new JsonArray(item);
            using var one = JsonShape.Read(tree.ToJsonString())!;
            var findings = new Findings();
            if (ParseGate.Check(one.RootElement, Examples.Media, findings).MayBind || !findings.Items.Any(finding => codes.Contains(finding.Code)))
            {
                wrong.Add(name);
            }
        }

        return wrong;
    }

    private static bool IsWord(string name) => char.IsAsciiLetter(name[0]);

    private static List<string> Names(string where)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT DISTINCT function_name FROM duckdb_functions() WHERE {where} ORDER BY 1";
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}
