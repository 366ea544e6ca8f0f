using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;
using CsCheck;
using DuckDB.NET.Data;

namespace CleanRoom.Policy.Tests.Generation;

public sealed class SqlGeneratorTests
{
    private const int Rounds = 400;

    private static readonly string[] _datasets = ["x.a", "x.b", "y.a", "y.b", "z.own"];

    private static readonly GenerationOptions _options = new()
    {
        Relations = _datasets.Select((name, index) => KeyValuePair.Create(name, $"r{index}")).ToImmutableSortedDictionary(StringComparer.Ordinal),
    };

    [Fact]
    public void Generate_anyPlan_computesWhatThePlanMeans()
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Gen.Select(RandomPlan.Plans, RandomTable.Rows.Array[_datasets.Length]).Sample(
            (plan, tables) =>
            {
                Load(connection, tables);
                var byName = _datasets.Zip(tables).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
                var sql = SqlGenerator.Generate(plan, _options);

                Read(connection, sql.Text, plan).Should().Equal(new ReferenceEvaluation(plan, byName).Rows(), sql.Text);
            },
            iter: Rounds,
            threads: 1);
    }

    [Fact]
    public void Generate_literals_staySingleLiterals()
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Load(connection, [[], [], [], [], []]);
        Gen.String.Where(text => !text.Contains('\0', StringComparison.Ordinal) && !text.Any(char.IsSurrogate)).Sample(
            text =>
            {
                var plan = Counting(new PlanFilter.Compare(RandomTable.Columns[0], Comparison.Equal, new Literal(ColumnType.String, text)));
                var sql = SqlGenerator.Generate(plan, _options).Text;
                using var command = connection.CreateCommand();
                command.CommandText = $"SELECT '{text.Replace("'", "''", StringComparison.Ordinal)}', (SELECT count(*) FROM ({sql}))";
                using var reader = command.ExecuteReader();
                reader.Read().Should().BeTrue();
                reader.GetString(0).Should().Be(text);
                reader.GetInt64(1).Should().Be(1);
            },
            iter: Rounds,
            threads: 1);
    }

    [Fact]
    public void Generate_names_areQuoted()
    {
        var plan = Counting(new PlanFilter.IsNull(new PlanColumn(0, "we\"ird; DROP", ColumnType.String, 0), Negated: false));

        SqlGenerator.Generate(plan, _options).Text.Should().Contain("t0.\"we\"\"ird; DROP\" IS NULL");
    }

    [Fact]
    public void Generate_withoutARelation_isTheCallersBug()
    {
        var generate = () => SqlGenerator.Generate(Counting(null), new GenerationOptions { Relations = ImmutableSortedDictionary<string, string>.Empty });

        generate.Should().Throw<ArgumentException>().WithMessage("*x.a*");
    }

    [Fact]
    public void Generate_postProcessing_isLeftToTheGate()
    {
        var plan = Counting(null) with
        {
            Having = new OutputCondition.IsNull(new OutputExpression.Aggregate(0, CellType.Count), Negated: true),
            Order = [new OutputOrder(0, Descending: true, NullsFirst: false)],
            Limit = 1,
        };

        SqlGenerator.Generate(plan, _options).Text.Should().Be(SqlGenerator.Generate(Counting(null), _options).Text)
            .And.NotContainAny("HAVING", "ORDER BY", "LIMIT");
    }

    [Fact]
    public void Columns_ofAPlan_areThoseThatTheSqlReads()
    {
        var plan = Counting(new PlanFilter.IsNull(RandomTable.Columns[6], Negated: false)) with
        {
            Groups = [new GroupKey.Whole(RandomTable.Columns[5])],
            Aggregates = [new PlanAggregate(AggregateFunction.Sum, RandomTable.Columns[4])],
        };

        PlanColumns.Of(plan)["x.a"].Should().Equal("amount", "day", "id", "we\"ird");
    }

    private static QueryPlan Counting(PlanFilter? filter) => new()
    {
        Tier = PolicyTier.Threshold,
        Tables = [new PlanTable("x.a", "x", new PlanUnit("id", ColumnType.String, "d"), 2)],
        Joins = [],
        Filter = filter,
        Groups = [],
        Aggregates = [new PlanAggregate(AggregateFunction.CountRows, null)],
        Outputs = [new PlanOutput("n", new OutputExpression.Aggregate(0, CellType.Count))],
        Having = null,
        Order = [],
        Limit = null,
        MaxRows = 10,
        DominancePercent = null,
    };

    private static void Load(DuckDBConnection connection, ImmutableArray<CellValue>[][] tables)
    {
        for (var i = 0; i < tables.Length; i++)
        {
            var columns = RandomTable.Columns.Select(column => $"\"{column.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\" {RandomTable.StorageType(column)}");
            Run(connection, $"CREATE OR REPLACE TABLE r{i} ({string.Join(", ", columns)})");
            if (tables[i].Length > 0)
            {
                var rows = tables[i].Select(row => $"({string.Join(", ", row.Select((value, index) => RandomTable.Sql(RandomTable.Columns[index], value)))})");
                Run(connection, $"INSERT INTO r{i} VALUES {string.Join(", ", rows)}");
            }
        }
    }

    private static void Run(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static List<string> Read(DuckDBConnection connection, string sql, QueryPlan plan)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT coalesce(CAST(COLUMNS(*) AS VARCHAR), 'null') FROM ({sql})";
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        var layout = GeneratedLayout.Of(plan);
        while (reader.Read())
        {
            reader.FieldCount.Should().Be(layout.Length);
            lines.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => Trimmed(layout[i].Type.Type, reader.GetString(i)))));
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    // The engine writes six digits of a fraction, the formats only those that there are.
    private static string Trimmed(ColumnType type, string text) =>
        type == ColumnType.Timestamp && DateTime.TryParse(text, CultureInfo.InvariantCulture, out var moment) ? new CellValue.Timestamp(moment).ToString() : text;
}
