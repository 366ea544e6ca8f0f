using System.Collections.Immutable;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Grains.Queries;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Policy;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Privacy.Noise;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Runs;

/// <summary>A run of the tier dp over the real ledger, objects and engine.</summary>
public sealed class NoisyRunTests(EngineParts engine)
{
    private const string Sql = "SELECT r.status, count(DISTINCT r.id) AS people, count(*) AS tests, sum(t.value) AS total, avg(t.value) AS mean "
        + "FROM registry.people r JOIN laboratory.tests t ON r.id = t.id GROUP BY r.status";

    private static readonly Contract _contract = Scene.Contract with
    {
        Datasets =
        [
            .. Scene.Contract.Datasets.Select(dataset => dataset.SqlName != Scene.People ? dataset : dataset with
            {
                Policy = dataset.Policy with
                {
                    Tier = PolicyTier.Dp,
                    Dp = new DpRules { Epsilon = 40, Delta = 0.000001m, MaxEpsilonPerQuery = 20, MaxGroupsPerUnit = 1, Refresh = BudgetRefresh.None },
                },
            }),
        ],
    };

    [Fact]
    public async Task RunAsync_charges_the_budget_and_answers_with_the_noise_of_its_charge()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyAsync(_contract);
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question() with { Sql = Sql }));
        var runner = new Runner(node, room.State.Collaboration);

        await runner.EndAsync(query);

        var run = (await runner.QueryAsync(query)).Runs.Single();
        var plan = await PlanAsync();
        run.Charge.Costs.Single(cost => cost.Dataset == Scene.People).Should().Match<BudgetCharge>(
            cost => cost.NanoRho == NoisyValues.CostOf(plan).NanoRho && cost.AttoDelta == NoisyValues.CostOf(plan).AttoDelta && cost.NanoRho > 0 && cost.AttoDelta > 0);
        run.Charge.Costs.Single(cost => cost.Dataset == Scene.Tests).Should().Match<BudgetCharge>(
            cost => cost.NanoRho == 0 && cost.AttoDelta == 0, "an owner of the threshold tier has no such budget");
        QueryRules.PrivacySpent((await runner.Room.RoomAsync()).State, _contract.Datasets.Single(dataset => dataset.SqlName == Scene.People))
            .NanoRho.Should().Be(NoisyValues.CostOf(plan).NanoRho);
        (await AnswerAsync(runner, machine, query)).Should().Equal(await ExpectedAsync(runner, node, plan, query));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(11)]
    public async Task RunAsync_process_that_dies_answers_with_the_same_noise_and_pays_once(int step)
    {
        using var machine = new Machine(engine);
        Digest query;
        string collaboration, seen;
        using (var node = await machine.StartAsync())
        {
            var room = await node.SupplyAsync(_contract);
            (collaboration, seen) = (room.State.Collaboration, room.Status().Checkpoint);
            query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question() with { Sql = Sql }));
            var dying = new Runner(node, collaboration);
            await dying.Room.RoomAsync();
            machine.Hooks.Before = HostHooks.DieAt(step);
            await dying.Run.RunAsync(query, mayRunAgain: false, TestContext.Current.CancellationToken);
            machine.Hooks.Before = null;
        }

        using var next = await machine.StartAsync();
        var runner = new Runner(next, collaboration);
        await (await runner.Room.RoomAsync()).WitnessAllAsync(seen);
        await runner.EndAsync(query);

        (await runner.QueryAsync(query)).Runs.Should().ContainSingle("it is charged once");
        (await runner.Room.RoomAsync()).State.BudgetLogs.Values.Should().ContainSingle().Which.Size.Should().Be(2, "and once in its owner's log");
        (await AnswerAsync(runner, machine, query)).Should().Equal(await ExpectedAsync(runner, next, await PlanAsync(), query));
    }

    private static async Task<byte[]> AnswerAsync(Runner runner, Machine machine, Digest query)
    {
        var (_, bytes) = (await runner.ServedAsync(query))!.Value;
        using var key = await machine.ReceiveKeyAsync(TestPeople.Hana);
        var result = (await runner.QueryAsync(query)).Runs[^1].Result!;
        return [.. (await ResultSealing.OpenAsync(machine.Backend, key, result, "hospital", "hana", bytes, TestContext.Current.CancellationToken)).Value.Payload.Span];
    }

    /// <summary>What the gate makes of the exact numbers: of each status 120 people, 240 tests of values 50 and 90.</summary>
    private static async Task<byte[]> ExpectedAsync(Runner runner, NodeProcess node, QueryPlan plan, Digest query)
    {
        var room = await runner.Room.RoomAsync();
        var keys = (await node.Services.Keyring.OpenAsync(room.State.Collaboration, TestContext.Current.CancellationToken)).Value;
        var charge = (await runner.QueryAsync(query)).Runs[0].ChargeSequence;
        using var derived = RunSeeds.Noise(keys.Keys.GuestOnly, room.State.Log.Leaves[(int)charge]);
        using var seed = new NoiseSeed(derived.Span);
        return [.. ReleasedArrow.Encode(NoiseGate.Apply(plan, [Row(plan, 0), Row(plan, 1)], seed))];
    }

    private static ImmutableArray<CellValue> Row(QueryPlan plan, long status) => [CellValue.Of(status), .. NoisyValues.Of(plan).Select(value => CellValue.Of(Exact(plan, value)))];

    private static long Exact(QueryPlan plan, NoisyValue value)
    {
        var scale = (long)Math.Pow(10, value.Aggregate < 0 ? 0 : plan.Aggregates[value.Aggregate].Column?.Scale ?? 0);
        var clamp = value.Aggregate < 0 ? null : plan.Noise!.Clamps[value.Aggregate];
        return value.Kind switch
        {
            NoisyKind.Units => 120,
            NoisyKind.Rows or NoisyKind.Denominator => 240,
            NoisyKind.Sum => 120 * (long)Int128.Min(140 * scale, clamp!.Upper),
            NoisyKind.Numerator => 120 * ((2 * 140 * scale) - (2 * (long)(clamp!.Lower + clamp.Upper))),
            _ => throw new ArgumentOutOfRangeException(nameof(value)),
        };
    }

    private async Task<QueryPlan> PlanAsync()
    {
        var request = new AnalysisRequest
        {
            Analyst = "hospital",
            Sql = Sql,
            TemplateDigest = null,
            Parameters = ImmutableSortedDictionary<string, string>.Empty,
            Receivers = ["hospital"],
        };
        var analysis = await engine.Analyzer.AnalyzeAsync(_contract, DocumentCodec.DigestOf(_contract), request, TestContext.Current.CancellationToken);
        analysis.Verdict.Codes.Should().BeEmpty();
        return analysis.Plan!;
    }
}
