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

    private static readonly string[] _kinds = ["aggregate", "macro", "pragma", "scalar", "table", "table_macro"];

    [Fact]
    public void Every_kind_of_function_is_known() => Names("SELECT DISTINCT function_type FROM duckdb_functions() ORDER BY 1").Should().Equal(_kinds);

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task AnalyzeAsync_everyOtherFunctionAsAValue_isRefused(string kind)
    {
        var names = NamesOf(kind).Where(name => !_allowed.Contains(name)).ToList();
        names.Should().NotBeEmpty();
        (await WrongAsync(names, name => $"SELECT {name}(region) FROM brand.customers", [VerdictCodes.Function, VerdictCodes.AggFn])).Should().BeEmpty();
        (await WrongAsync(names, name => $"SELECT count(*) FROM brand.customers WHERE {name}(region, 1) IS NULL", [VerdictCodes.Function, VerdictCodes.AggFn])).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task AnalyzeAsync_everyFunctionAsATable_isRefused(string kind)
    {
        // The allowed ones too: no function is a table.
        (await WrongAsync(NamesOf(kind), name => $"SELECT count(*) FROM {name}('x')", [VerdictCodes.TableFunction, VerdictCodes.Op])).Should().BeEmpty();
        (await WrongAsync(NamesOf(kind), name => $"SELECT count(*) FROM brand.customers, {name}(region)", [VerdictCodes.TableFunction, VerdictCodes.Op])).Should().BeEmpty();
    }

    [Fact]
    public async Task AnalyzeAsync_everyFunctionAsAStatement_isRefused()
    {
        var names = NamesOf("pragma");
        names.Should().HaveCountGreaterThan(20);
        foreach (var name in names)
        {
            foreach (var text in new[] { $"PRAGMA {name}", $"PRAGMA {name}('x')", $"CALL {name}('x')" })
            {
                var binder = new WatchedBinder(fixture.Binder);
                (await binder.CodesAsync(Examples.Media, text)).Should().BeSubsetOf([VerdictCodes.Statement, VerdictCodes.Parse, VerdictCodes.Op, VerdictCodes.TableFunction], text)
                    .And.NotBeEmpty(text);
                binder.Bound.Should().Be(0, text);
            }
        }
    }

    [Fact]
    public void Enumeration_coversTheEngine() => _kinds.SelectMany(NamesOf).Distinct().Should().HaveCountGreaterThan(LeastNames);

    [Fact]
    public void Every_aggregate_of_the_engine_has_the_code_of_aggregates() =>
        NamesOf("aggregate").Where(IsWord)
            .Where(name => !FunctionLists.EngineAggregates.Contains(name) && !FunctionLists.Aggregates.Contains(name, StringComparer.OrdinalIgnoreCase))
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

    public static TheoryData<string> Kinds => [.. _kinds];

    /// <summary>Returns the names that the gate lets be bound, or refuses for another reason. The texts are parsed together and judged one by one.</summary>
    private async Task<List<string>> WrongAsync(List<string> names, Func<string, string> sql, string[] codes)
    {
        var wrong = new List<string>();
        foreach (var batch in names.Chunk(100))
        {
            var texts = batch.Select(name => sql($"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
            var tree = JsonNode.Parse(await fixture.Binder.ParseAsync(string.Join(";\n", texts), Ask.Cancellation))!;
            var statements = tree["statements"]!.AsArray().Select(statement => statement!.DeepClone()).ToList();
            statements.Should().HaveSameCount(batch);
            foreach (var (name, statement) in batch.Zip(statements))
            {
                tree["statements"] = new JsonArray(statement);
                using var one = JsonShape.Read(tree.ToJsonString())!;
                var findings = new Findings();
                if (ParseGate.Check(one.RootElement, Examples.Media, findings).MayBind || !findings.Items.Any(finding => codes.Contains(finding.Code)))
                {
                    wrong.Add(name);
                }
            }
        }

        return wrong;
    }

    private static bool IsWord(string name) => char.IsAsciiLetter(name[0]);

    private static List<string> NamesOf(string kind) => Names($"SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = '{kind}' ORDER BY 1");

    private static List<string> Names(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}
