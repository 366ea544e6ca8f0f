using System.Collections.Immutable;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Privacy.Bounding;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;
using CsCheck;

namespace CleanRoom.Policy.Tests.Generation;

public sealed class BoundedSqlGeneratorTests : IDisposable
{
    private static readonly ImmutableArray<byte> _salt = [.. Enumerable.Range(1, ContributionBounds.SaltLength).Select(i => (byte)i)];

    private readonly RandomTableEngine _engine = new();

    [Fact]
    public void Generate_anyPlan_boundsPeopleAsTheReferenceDoes() =>
        Gen.Select(RandomNoise.Plans, RandomTable.Rows.Array[RandomTableEngine.Datasets.Length]).Sample(
            (plan, tables) =>
            {
                _engine.Load(tables);
                var sql = SqlGenerator.Generate(plan, RandomTableEngine.Options with { Salt = _salt });

                _engine.Read(sql.Text, plan).Should().Equal(new ReferenceBounding(plan, RandomTableEngine.ByName(tables), _salt).Rows(), sql.Text);
            },
            iter: Tier.Cases(quick: 200, full: 10_000),
            threads: 1);

    [Fact]
    public void Generate_aPersonOfAMillionRows_movesNoNumberFurtherThanTheBounds()
    {
        var table = RandomTableEngine.Row(RandomTable.Columns, ("id", new CellValue.Text("a")), ("n", CellValue.Of(1L)), ("amount", new CellValue.Number(100, 2)));
        var adversary = RandomTableEngine.Row(RandomTable.Columns, ("id", new CellValue.Text("adversary")), ("n", CellValue.Of(7L)), ("amount", new CellValue.Number(99_999, 2)));
        var plan = Summing() with { Noise = Summing().Noise! with { MaxRowsPerUnit = 3 } };

        // People, rows, sum, numerator (2x - 500 for each row), denominator: the bounds are 3 rows, and 0 to 500 for a total and a row.
        Read([table]).Should().Equal("1 | 1 | 100 | -300 | 1");
        Read([table, adversary]).Should().Equal("2 | 4 | 600 | 1200 | 4");

        IEnumerable<string> Read(ImmutableArray<CellValue>[] rows)
        {
            _engine.Load([rows, [], [], [], []]);
            _engine.Multiply(0, "adversary", 1_000_000);
            return _engine.Read(SqlGenerator.Generate(plan, RandomTableEngine.Options with { Salt = _salt }).Text, plan);
        }
    }

    [Fact]
    public void Generate_anotherSalt_keepsOtherGroups()
    {
        var rows = Enumerable.Range(0, 40).Select(i => RandomTableEngine.Row(RandomTable.Columns, ("id", new CellValue.Text("a")), ("n", CellValue.Of((long)i)))).ToArray();
        _engine.Load([rows, [], [], [], []]);
        var plan = Summing() with { Groups = [new GroupKey.Whole(RandomTable.Columns[1])] };
        var kept = Enumerable.Range(0, 20).Select(i => _engine.Read(SqlGenerator.Generate(plan, RandomTableEngine.Options with { Salt = [.. _salt.Select(b => (byte)(b + i))] }).Text, plan).Single());

        kept.Distinct(StringComparer.Ordinal).Should().HaveCountGreaterThan(5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Generate_saltOfAnotherLength_isTheCallersBug(int length)
    {
        var generate = () => SqlGenerator.Generate(Summing(), RandomTableEngine.Options with { Salt = [.. new byte[length]] });

        generate.Should().Throw<ArgumentException>().WithMessage($"wanted a salt of 32 bytes, got {length}*");
    }

    public void Dispose() => _engine.Dispose();

    private static QueryPlan Summing()
    {
        var amount = RandomTable.Columns.Single(column => column.Name == "amount");
        var plan = SamplePlans.Grouped(1, SamplePlans.Count, new PlanAggregate(AggregateFunction.Sum, amount), new PlanAggregate(AggregateFunction.Average, amount));
        return plan with
        {
            Tier = PolicyTier.Dp,
            Groups = [],
            Noise = new PlanNoise
            {
                UnitTable = 0,
                MaxGroupsPerUnit = 1,
                MaxRowsPerUnit = 1,
                NanoRho = 1_000_000,
                AttoDelta = 1,
                MinUnits = 1,
                PublicGroups = null,
                Clamps = [null, new PlanClamp(0, 500), new PlanClamp(0, 500)],
            },
        };
    }
}
