using System.Collections.Immutable;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;
using CsCheck;

namespace CleanRoom.Policy.Tests.Generation;

public sealed class SqlGeneratorTests : IDisposable
{
    private static readonly GenerationOptions _options = RandomTableEngine.Options;

    private static int Rounds => Tier.Cases(quick: 200, full: 2_000);

    private readonly RandomTableEngine _engine = new();

    [Fact]
    public void Generate_anyPlan_computesWhatThePlanMeans() =>
        Gen.Select(RandomPlan.Plans, RandomTable.Rows.Array[RandomTableEngine.Datasets.Length]).Sample(
            (plan, tables) =>
            {
                _engine.Load(tables);
                var sql = SqlGenerator.Generate(plan, _options);

                _engine.Read(sql.Text, plan).Should().Equal(new ReferenceEvaluation(plan, RandomTableEngine.ByName(tables)).Rows(), sql.Text);
            },
            iter: Rounds,
            threads: 1);

    [Fact]
    public void Generate_literals_staySingleLiterals()
    {
        _engine.Load([[], [], [], [], []]);
        Gen.String.Where(text => !text.Contains('\0', StringComparison.Ordinal) && !text.Any(char.IsSurrogate)).Sample(
            text =>
            {
                var plan = Counting(new PlanFilter.Compare(RandomTable.Columns[0], Comparison.Equal, new Literal(ColumnType.String, text)));
                var sql = SqlGenerator.Generate(plan, _options).Text;
                _engine.ReadPair($"SELECT '{text.Replace("'", "''", StringComparison.Ordinal)}', (SELECT count(*) FROM ({sql}))").Should().Be((text, 1L));
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

    public void Dispose() => _engine.Dispose();

    private static QueryPlan Counting(PlanFilter? filter) =>
        CountingPlan.Of([new PlanTable("x.a", "x", new PlanUnit("id", ColumnType.String, "d"), 2)]) with { Filter = filter };
}
