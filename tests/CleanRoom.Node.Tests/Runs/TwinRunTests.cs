using System.Collections.Immutable;
using CleanRoom.Datasets.Check;
using CleanRoom.Grains.Twins;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Policy;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;

namespace CleanRoom.Node.Tests.Runs;

/// <summary>An answer on made-up data: from the contract alone, with the engine and the gate of a real run. Spec: contracts/spec/0008 s.13.</summary>
public sealed class TwinRunTests(EngineParts engine)
{
    private static readonly Digest _seed = Digest.Of("a verdict"u8);

    [Theory]
    [InlineData("nafld")]
    [InlineData("media")]
    public async Task Made_up_file_fits_all_that_its_contract_declares(string example)
    {
        var contract = Example(example);
        foreach (var dataset in contract.Datasets)
        {
            using var file = new MemoryStream(TwinFile.Make(dataset, TwinFile.People(contract), _seed));

            var report = await DatasetChecker.RunAsync(file, dataset, new CheckOptions(), null, TestContext.Current.CancellationToken);

            report.Problems.Should().BeEmpty(dataset.SqlName);
            report.DistinctUnits.Should().BeGreaterThan(dataset.Policy.Threshold.MinUnits, dataset.SqlName);
        }
    }

    public static TheoryData<string> Columns => [.. _columns.Keys];

    private static readonly Dictionary<string, ColumnPolicy> _columns = new(StringComparer.Ordinal)
    {
        ["boolean"] = Column(ColumnType.Boolean),
        ["int32"] = Column(ColumnType.Int32),
        ["int32 with step"] = Column(ColumnType.Int32) with { Domain = new ColumnDomain { Min = -30, Max = 90, Step = 15 } },
        ["int64 up to"] = Column(ColumnType.Int64) with { Clamp = new ClampBounds { Min = -5, Max = 5 } },
        ["decimal"] = Column(ColumnType.Decimal) with { Scale = 2, Clamp = new ClampBounds { Min = 0.25m, Max = 9.75m } },
        ["decimal in a hair"] = Column(ColumnType.Decimal) with { Scale = 3, Clamp = new ClampBounds { Min = 0.001m, Max = 0.002m } },
        ["words"] = Column(ColumnType.String) with { Domain = new ColumnDomain { Values = ["a,b", "say \"no\"", "two\nlines"] } },
        ["text"] = Column(ColumnType.String),
        ["e-mail"] = Column(ColumnType.String) with { Normalise = "email.uid2.v1" },
        ["telephone"] = Column(ColumnType.String) with { Normalise = "phone.e164.v1" },
        ["hash"] = Column(ColumnType.Sha256) with { Normalise = "email.basic.v1" },
        ["date"] = Column(ColumnType.Date),
        ["time"] = Column(ColumnType.Timestamp),
        ["uuid"] = Column(ColumnType.Uuid),
    };

    [Theory]
    [MemberData(nameof(Columns))]
    public async Task Every_kind_of_column_has_made_up_values(string kind)
    {
        var people = Example("nafld").Datasets.Single(dataset => dataset.SqlName == "registry.people");
        var dataset = people with
        {
            Schema = [.. people.Schema.Where(column => column.Name == "id"), new SchemaColumn { Name = "value", Nullable = true, Unique = false }],
            Policy = people.Policy with { Columns = people.Policy.Columns.Where(column => column.Key == "id").ToImmutableSortedDictionary().Add("value", _columns[kind]) },
        };
        using var file = new MemoryStream(TwinFile.Make(dataset, 200, _seed));

        var report = await DatasetChecker.RunAsync(file, dataset, new CheckOptions(), null, TestContext.Current.CancellationToken);

        report.Problems.Should().BeEmpty();
        report.Rows.Should().BeGreaterThan(100);
    }

    [Fact]
    public async Task Answer_on_made_up_data_has_the_columns_and_passes_the_gate_of_a_real_one()
    {
        const string sql = "SELECT r.status, count(*) AS tests, avg(t.value) AS mean FROM registry.people r JOIN laboratory.tests t ON r.id = t.id "
            + "WHERE t.test = 'hdl' GROUP BY r.status ORDER BY r.status";

        var first = await AnswerAsync(Scene.Contract, sql);
        var again = await AnswerAsync(Scene.Contract, sql);
        var strict = await AnswerAsync(Stricter(Scene.Contract), sql);

        first.Table.Columns.Select(column => column.Name).Should().Equal("status", "tests", "mean");
        first.Table.Rows.Should().HaveCount(2);
        again.ToArrow().Should().Equal(first.ToArrow(), "the same verdict, the same answer");
        strict.Table.Rows.Should().BeEmpty("the threshold of the contract holds for people that are made up, too");
    }

    [Fact]
    public async Task Answer_of_the_tier_dp_has_noise_that_is_the_same_for_everybody()
    {
        var contract = Scene.Contract with
        {
            Datasets =
            [
                .. Scene.Contract.Datasets.Select(dataset => dataset.SqlName != Scene.People ? dataset : dataset with
                {
                    Policy = dataset.Policy with
                    {
                        Tier = PolicyTier.Dp,
                        Dp = new DpRules { Epsilon = 40, Delta = 0.000001m, MaxEpsilonPerQuery = 1, MaxGroupsPerUnit = 1, Refresh = BudgetRefresh.None },
                    },
                }),
            ],
        };
        const string sql = "SELECT r.status, count(DISTINCT r.id) AS people FROM registry.people r JOIN laboratory.tests t ON r.id = t.id GROUP BY r.status";

        var first = await AnswerAsync(contract, sql);
        var exact = await AnswerAsync(Scene.Contract, sql);

        (await AnswerAsync(contract, sql)).ToArrow().Should().Equal(first.ToArrow());
        first.Table.Rows.Should().HaveCount(2);
        first.Table.Rows.Select(row => row[1]).Should().NotEqual(exact.Table.Rows.Select(row => row[1]));
    }

    [Fact]
    public async Task Contract_that_no_file_can_fit_is_told_in_words()
    {
        var contract = Scene.Contract with
        {
            Datasets =
            [
                .. Scene.Contract.Datasets.Select(dataset => dataset.SqlName != Scene.People ? dataset : dataset with
                {
                    Policy = dataset.Policy with
                    {
                        Columns = dataset.Policy.Columns.SetItem(
                            "status", dataset.Policy.Columns["status"] with { Domain = new ColumnDomain { Values = ["a word"] } }),
                    },
                }),
            ],
        };
        var analysis = await AnalyseAsync(Scene.Contract, "SELECT count(*) FROM registry.people r JOIN laboratory.tests t ON r.id = t.id");

        var answer = await new TwinRun(engine.Runner, engine.Memory).AnswerAsync(contract, _seed, analysis.Plan!, TestContext.Current.CancellationToken);

        answer.Refusals.Should().ContainSingle().Which.Wanted.Should().Be("made-up rows that fit what the contract declares of registry.people");
    }

    private async Task<TwinAnswer> AnswerAsync(Contract contract, string sql)
    {
        var analysis = await AnalyseAsync(contract, sql);
        analysis.Verdict.Codes.Should().BeEmpty();
        return (await new TwinRun(engine.Runner, engine.Memory).AnswerAsync(
            contract, DocumentCodec.DigestOf(analysis.Verdict), analysis.Plan!, TestContext.Current.CancellationToken)).Value;
    }

    private Task<Analysis> AnalyseAsync(Contract contract, string sql) => engine.Analyzer.AnalyzeAsync(
        contract,
        DocumentCodec.DigestOf(contract),
        new AnalysisRequest
        {
            Analyst = "hospital", Sql = sql, TemplateDigest = null, Parameters = ImmutableSortedDictionary<string, string>.Empty, Receivers = ["hospital"],
        },
        TestContext.Current.CancellationToken);

    /// <summary>A threshold that 20 people for each of its people cannot meet: made-up people are at most 5,000.</summary>
    private static Contract Stricter(Contract contract) => contract with
    {
        Datasets = [.. contract.Datasets.Select(dataset => dataset with { Policy = dataset.Policy with { Threshold = dataset.Policy.Threshold with { MinUnits = 4_000 } } })],
    };

    private static ColumnPolicy Column(ColumnType type) => new() { Type = type, Uses = [] };

    private static Contract Example(string name) =>
        DocumentCodec.FromPerson<Contract>(File.ReadAllBytes(RepositoryFiles.Committed("contracts", "examples", name, "contract.json"))).Value;
}
