using System.Collections.Immutable;
using System.Text;
using CleanRoom.Datasets.Conversion;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Engine.Tests.Datasets.Conversion;

/// <summary>What an ingest writes is what the engine reads and what generated SQL expects.</summary>
public sealed class DerivedFileTests
{
    private static readonly DatasetColumn Id = new("id", ColumnType.Int64) { Nullable = false };

    private static readonly Dataset Tests = DatasetContracts.Of(
        Id,
        new DatasetColumn("days", ColumnType.Int32) { Nullable = false },
        new DatasetColumn("test", ColumnType.String) { Nullable = false },
        new DatasetColumn("value", ColumnType.Decimal) { Scale = 4 });

    /// <summary>A column of every type, a value in the source, and the literal by which a plan finds it.</summary>
    public static TheoryData<ColumnType, string, string, string> Literals() => new()
    {
        { ColumnType.Boolean, "1", "true", "BOOLEAN" },
        { ColumnType.Int32, "-2147483648", "-2147483648", "INTEGER" },
        { ColumnType.Int64, "9223372036854775807", "9223372036854775807", "BIGINT" },
        { ColumnType.Decimal, "-12.345", "-12.34", "DECIMAL(18,2)" },
        { ColumnType.String, "\U00020BB7", "\U00020BB7", "VARCHAR" },
        { ColumnType.Date, "2024-02-29", "2024-02-29", "DATE" },
        { ColumnType.Timestamp, "2024-02-29T01:30:00.000001+01:30", "2024-02-29 00:00:00.000001", "TIMESTAMP" },
        { ColumnType.Uuid, "F0000000-0000-0000-0000-00000000000A", "f0000000-0000-0000-0000-00000000000a", "UUID" },
        { ColumnType.Sha256, new string('A', 64), new string('a', 64), "BLOB" },
    };

    [Fact]
    public async Task Small_file_through_a_descriptor_has_its_values_and_nulls()
    {
        var parquet = await IngestAsync("id,days,test,value\n1,-3,hdl,45\n1,10,fib4,1.23456789\n2,0,hdl,\n3,5,\"a,b\",-0.00005\n", Tests);
        using var file = new TouchedColumns(parquet, "id", "days", "test", "value");

        TouchedColumns.Query($"select id, days, test, value::varchar from {file.Relation}").Should().BeEquivalentTo(
            new[]
            {
                new string?[] { "1", "-3", "hdl", "45.0000" },
                ["1", "10", "fib4", "1.2346"],
                ["2", "0", "hdl", null],
                ["3", "5", "a,b", "0.0000"],
            },
            strict => strict.WithStrictOrdering());
        TouchedColumns.Query($"select count(*), count(value), sum(value)::varchar from {file.Relation}")[0].Should().Equal("4", "3", "46.2346");
    }

    [Fact]
    public async Task Statistics_say_nulls_and_bounds_of_each_row_group()
    {
        using var file = new TemporaryFile();
        await File.WriteAllBytesAsync(
            file.FullName,
            await IngestAsync("id,days,test,value\n7,-3,é,45\n5,10,a,-1.5\n6,0,z,\n", Tests),
            TestContext.Current.CancellationToken);

        file.Query("select path_in_schema, stats_null_count, stats_min_value, stats_max_value, num_values, compression from parquet_metadata({file})")
            .Should().BeEquivalentTo(
                new[]
                {
                    new[] { "id", "0", "5", "7", "3", "UNCOMPRESSED" },
                    ["days", "0", "-3", "10", "3", "UNCOMPRESSED"],
                    ["test", "0", "a", "é", "3", "ZSTD"],
                    ["value", "1", "-1.5000", "45.0000", "3", "UNCOMPRESSED"],
                },
                strict => strict.WithStrictOrdering());
    }

    [Fact]
    public async Task Footer_shows_the_engine_every_chunk()
    {
        var rows = string.Concat(Enumerable.Range(0, ParquetConverter.RowGroupRows + 1).Select(i => $"{i},1,hdl,2\n"));

        using var file = new TouchedColumns(await IngestAsync("id,days,test,value\n" + rows, Tests));

        file.Footer.Chunks.Select(chunk => chunk.Column).Should().Equal("id", "days", "test", "value", "id", "days", "test", "value");
        TouchedColumns.Query($"select count(*) from {file.Relation}")[0].Should().Equal((ParquetConverter.RowGroupRows + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [MemberData(nameof(Literals))]
    public async Task Generated_filter_finds_the_value_of_every_type(ColumnType type, string source, string literal, string engineType)
    {
        var contract = DatasetContracts.Of(Id, new DatasetColumn("v", type));
        using var file = new TouchedColumns(await IngestAsync($"id,v\n1,{source}\n2,\n", contract), "id", "v");
        var column = new PlanColumn(0, "v", type, type == ColumnType.Decimal ? 2 : 0);
        var plan = Plan([Table("owner.data")], [], [new PlanAggregate(AggregateFunction.CountRows, null)]) with
        {
            Filter = new PlanFilter.Compare(column, Comparison.Equal, new Literal(type, literal)),
        };

        var sql = Generate(plan, ("owner.data", file));

        TouchedColumns.Query(sql)[0].Should().Equal("1", "1");
        TouchedColumns.Query($"select typeof(v) from {file.Relation} limit 1")[0].Should().Equal(engineType);
    }

    [Theory]
    [InlineData(ColumnType.Int64, "0")]
    [InlineData(ColumnType.String, "0")]
    [InlineData(ColumnType.String, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(ColumnType.String, "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(ColumnType.String, "unknown")]
    [InlineData(ColumnType.String, "null")]
    [InlineData(ColumnType.Sha256, "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData(ColumnType.Sha256, "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(ColumnType.Sha256, "74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b")]
    [InlineData(ColumnType.Uuid, "00000000-0000-0000-0000-000000000000")]
    public async Task Generated_unit_is_nobody_where_the_ingest_says_so(ColumnType type, string nobody)
    {
        var output = new MemoryStream();
        var contract = DatasetContracts.Of(new DatasetColumn("id", type));
        var outcome = await DatasetIngest.RunAsync(
            new MemoryStream(Encoding.UTF8.GetBytes($"id\n{nobody}\n{nobody}\n")), contract, PlainIdentifiers.Instance, output, progress: null, TestContext.Current.CancellationToken);
        using var file = new TouchedColumns(output.ToArray(), "id");
        var table = new PlanTable("owner.data", "owner", new PlanUnit("id", type, "person-v1"), 10);

        var units = TouchedColumns.Query(Generate(Plan([table], [], [new PlanAggregate(AggregateFunction.CountRows, null)]), ("owner.data", file)))[0][1];

        units.Should().Be(outcome.Report.DistinctUnits.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Generated_sql_over_the_touched_columns_of_the_real_records_gives_the_known_answer()
    {
        var contract = ExampleFiles.Contract;
        var people = await IngestAsync(File.OpenRead(ExampleFiles.Find("registry.csv")), contract.Datasets.Single(one => one.Name == "people"));
        var tests = await IngestAsync(File.OpenRead(ExampleFiles.Find("laboratory.csv")), contract.Datasets.Single(one => one.Name == "tests"));
        var plan = Plan(
            [Table("registry.people"), Table("laboratory.tests")],
            [new PlanJoin(new PlanColumn(0, "id", ColumnType.Int64, 0), new PlanColumn(1, "id", ColumnType.Int64, 0))],
            [new PlanAggregate(AggregateFunction.CountRows, null), new PlanAggregate(AggregateFunction.Average, new PlanColumn(1, "value", ColumnType.Decimal, 4))]) with
        {
            Filter = new PlanFilter.Compare(new PlanColumn(1, "test", ColumnType.String, 0), Comparison.Equal, new Literal(ColumnType.String, "hdl")),
            Groups = [new GroupKey.Whole(new PlanColumn(0, "status", ColumnType.Int32, 0))],
        };
        var columns = PlanColumns.Of(plan);
        using var peopleFile = new TouchedColumns(people, [.. columns["registry.people"]]);
        using var testsFile = new TouchedColumns(tests, [.. columns["laboratory.tests"]]);

        var rows = TouchedColumns.Query($"from ({Generate(plan, ("registry.people", peopleFile), ("laboratory.tests", testsFile))}) order by g0");

        // Status, rows, exact sum and count of the mean (50.884408 and 48.664999), people behind the row in each dataset.
        rows.Select(row => row[..6]).Should().BeEquivalentTo(
            new[]
            {
                new[] { "0", "146671", "7463267", "146671", "14027", "14027" },
                ["1", "14588", "709925", "14588", "1178", "1178"],
            },
            strict => strict.WithStrictOrdering());
    }

    private static PlanTable Table(string dataset) =>
        new(dataset, dataset[..dataset.IndexOf('.', StringComparison.Ordinal)], new PlanUnit("id", ColumnType.Int64, "person-v1"), 50);

    private static QueryPlan Plan(ImmutableArray<PlanTable> tables, ImmutableArray<PlanJoin> joins, ImmutableArray<PlanAggregate> aggregates) => new()
    {
        Tier = PolicyTier.Threshold,
        Tables = tables,
        Joins = joins,
        Filter = null,
        Groups = [],
        Aggregates = aggregates,
        Outputs = [new PlanOutput("n", new OutputExpression.Aggregate(0, aggregates[0].CellType))],
        Having = null,
        Order = [],
        Limit = null,
        MaxRows = 1000,
        DominancePercent = null,
    };

    private static string Generate(QueryPlan plan, params (string Dataset, TouchedColumns File)[] files) => SqlGenerator.Generate(
        plan, new GenerationOptions { Relations = files.ToImmutableSortedDictionary(one => one.Dataset, one => one.File.Relation) }).Text;

    private static Task<byte[]> IngestAsync(string csv, Dataset contract) => IngestAsync(new MemoryStream(Encoding.UTF8.GetBytes(csv)), contract);

    private static async Task<byte[]> IngestAsync(Stream source, Dataset contract)
    {
        await using var opened = source;
        var output = new MemoryStream();
        var outcome = await DatasetIngest.RunAsync(opened, contract, PlainIdentifiers.Instance, output, progress: null, TestContext.Current.CancellationToken);
        outcome.Report.Problems.Should().BeEmpty();
        outcome.ParquetBytes.Should().Be(output.Length);
        return output.ToArray();
    }
}
