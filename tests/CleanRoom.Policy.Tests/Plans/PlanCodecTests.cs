using System.Text;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Generation;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;
using CsCheck;

namespace CleanRoom.Policy.Tests.Plans;

/// <summary>The canonical bytes of a plan: approvals name their digest, so that whatever changes what runs changes them.</summary>
public sealed class PlanCodecTests(BinderFixture fixture)
{
    private const int MaxBytes = 1 << 20;

    [Fact]
    public void Encode_anyPlan_isCanonicalJson() => RandomPlan.Plans.Sample(plan =>
    {
        var bytes = PlanCodec.Encode(plan);
        Jcs.Canonicalize(bytes, MaxBytes).Value.Should().Equal(bytes);
        PlanCodec.DigestOf(plan).Should().Be(Digest.Labelled(PlanCodec.TypeName, bytes));
    });

    [Fact]
    public void Encode_differentSql_isDifferent() => Gen.Select(RandomPlan.Plans, RandomPlan.Plans).Sample((one, other) =>
    {
        if (Sql(one) != Sql(other))
        {
            PlanCodec.Encode(one).Should().NotEqual(PlanCodec.Encode(other));
        }
    });

    [Fact]
    public void Encode_everyPart_isPartOfTheBytes()
    {
        var plan = SamplePlans.Grouped(10, SamplePlans.Sum, SamplePlans.Average);
        var other = new OutputExpression.Aggregate(1, SamplePlans.Average.CellType);
        var noise = new PlanNoise
        {
            UnitTable = 0, MaxGroupsPerUnit = 1, MaxRowsPerUnit = 1, NanoRho = 1, AttoDelta = 1, MinUnits = 1, PublicGroups = null, Clamps = [new(0, 1), null],
        };
        var history = new PlanHistory { Datasets = [new AuditedDataset("x.a", 10, 100)], Aggregates = [0], Rows = 5 };
        QueryPlan[] variants =
        [
            plan,
            .. new[]
            {
                noise,
                noise with { UnitTable = 1 },
                noise with { MaxGroupsPerUnit = 2 },
                noise with { MaxRowsPerUnit = 2 },
                noise with { NanoRho = long.MaxValue },
                noise with { AttoDelta = 2 },
                noise with { MinUnits = 2 },
                noise with { PublicGroups = [] },
                noise with { PublicGroups = [[]] },
                noise with { PublicGroups = [[new Literal(ColumnType.String, "a")], [new Literal(ColumnType.String, "b")]] },
                noise with { PublicGroups = [[new Literal(ColumnType.String, "a"), new Literal(ColumnType.String, "b")]] },
                noise with { Clamps = [null, null] },
                noise with { Clamps = [new(-1, 1), null] },
                noise with { Clamps = [new(0, Int128.MaxValue), null] },
            }.Select(one => plan with { Noise = one }),
            .. new[]
            {
                history,
                history with { Datasets = [new AuditedDataset("x.b", 10, 100)] },
                history with { Datasets = [new AuditedDataset("x.a", 11, 100)] },
                history with { Datasets = [new AuditedDataset("x.a", 10, 101)] },
                history with { Datasets = [.. history.Datasets, new AuditedDataset("x.b", 10, 100)] },
                history with { Aggregates = [] },
                history with { Aggregates = [0, 1] },
                history with { Rows = 6 },
            }.Select(one => plan with { History = one }),
            plan with { Tier = PolicyTier.Dp },
            plan with { Tier = PolicyTier.List },
            plan with { Outputs = [new PlanOutput("x", new OutputExpression.Listed(ListPlans.Id))] },
            plan with { Outputs = [new PlanOutput("x", new OutputExpression.Listed(ListPlans.OwnId))] },
            plan with { Tables = [plan.Tables[0] with { MinUnits = 11 }] },
            plan with { Tables = [plan.Tables[0] with { Unit = new PlanUnit("id", ColumnType.String, "person-v2") }] },
            plan with { Tables = [plan.Tables[0] with { Unit = null }] },
            plan with { Having = new OutputCondition.IsNull(other, Negated: true) },
            plan with { Having = new OutputCondition.IsNull(other, Negated: false) },
            plan with { Having = new OutputCondition.Compare(other, Comparison.Less, new Literal(ColumnType.Decimal, "5")) },
            plan with { Having = new OutputCondition.Compare(other, Comparison.Less, new Literal(ColumnType.Decimal, "6")) },
            plan with { Order = [new OutputOrder(0, Descending: false, NullsFirst: false)] },
            plan with { Order = [new OutputOrder(0, Descending: true, NullsFirst: false)] },
            plan with { Order = [new OutputOrder(0, Descending: true, NullsFirst: true)] },
            plan with { Limit = 0 },
            plan with { MaxRows = 5 },
            plan with { DominancePercent = 5 },
            plan with { Outputs = plan.Outputs.RemoveAt(0) },
            plan with { Outputs = [new PlanOutput("x", new OutputExpression.NullIfZero(other))] },
            plan with { Outputs = [new PlanOutput("x", new OutputExpression.Arithmetic(ArithmeticOperator.Add, other, other))] },
            plan with { Outputs = [new PlanOutput("x", new OutputExpression.Arithmetic(ArithmeticOperator.Subtract, other, other))] },
            plan with { Outputs = [new PlanOutput("x", new OutputExpression.Constant(new Literal(ColumnType.String, "["), new CellType(ColumnType.String, 0)))] },
        ];

        variants.Select(variant => Encoding.UTF8.GetString(PlanCodec.Encode(variant))).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Encode_writtenDifferently_isTheSame()
    {
        var one = await fixture.Binder.PlanAsync(Examples.Media, "SELECT region, count(*) AS n FROM brand.customers c WHERE 30 <= age GROUP BY 1");
        var other = await fixture.Binder.PlanAsync(
            Examples.Media, "WITH t AS (SELECT age AS a, region AS r FROM brand.customers) SELECT r AS region, count(*) n FROM t WHERE a >= 30 GROUP BY r;");

        other.Digest.Should().Be(one.Digest);
    }

    private static string Sql(QueryPlan plan) => Policy.Generation.SqlGenerator.Generate(
        plan,
        new Policy.Generation.GenerationOptions
        {
            Relations = System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(
                plan.Tables.Select(table => table.Dataset).Distinct().Select(name => KeyValuePair.Create(name, name.Replace('.', '_')))),
        }).Text;
}
