using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit;
using CsCheck;

namespace CleanRoom.Node.Tests.Runs.Model;

/// <summary>Random schedules of requests, crashes, rollbacks and witnesses over the real room, ledger and engine do what a model of some lines does.</summary>
public sealed class RunModelTests(EngineParts engine)
{
    private const int Asked = 2;
    private const int Shortest = 4;
    private const int Longest = 14;

    private static readonly Contract _contract = Scene.Contract with
    {
        Datasets =
        [
            .. Scene.Contract.Datasets.Select(dataset => dataset with
            {
                Policy = dataset.Policy with { Access = new AccessRules { QueriesPerDay = RunModel.Budget, QueriesLifetime = RunModel.Budget } },
            }),
        ],
    };

    // As often as they stand here.
    private static readonly Operation[] _operations =
    [
        Operation.Run, Operation.Run, Operation.Run, Operation.RunAgain, Operation.Crash, Operation.Crash, Operation.Witness, Operation.Witness, Operation.Witness,
        Operation.Ask, Operation.Restart, Operation.Look, Operation.Look, Operation.Copy, Operation.Copy, Operation.Restore, Operation.Restore,
    ];

    // Most steps are about one query at one activation: steps that have nothing to do with each other find little.
    private static readonly Gen<Step> _steps = Gen.Select(
        Gen.Int[0, _operations.Length - 1].Select(index => _operations[index]),
        Gen.Int[0, 2].Select(activation => activation / RunModel.Activations),
        Gen.Int[0, 5].Select(query => Math.Max(0, query - 3)),
        Gen.Int[1, 14],
        Gen.Bool,
        (operation, activation, query, call, isAfter) => new Step(operation, activation, query, call, isAfter));

    [Fact]
    public async Task Any_schedule_of_requests_crashes_rollbacks_and_witnesses_does_what_the_model_does()
    {
        using var machine = new Machine(engine);
        using var founder = await machine.StartAsync();
        var room = await founder.SupplyAsync(_contract);
        var queries = Enumerable.Range(0, RunModel.Queries).Select(i => room.Question($"question {i}") with { Runs = 1 }).ToList();
        foreach (var query in queries.Take(Asked))
        {
            await room.ApproveAsync(query);
        }

        var prepared = machine.Ledger.Inner;
        await _steps.List[Shortest, Longest].SampleAsync(
            async steps =>
            {
                using var schedule = await RunSchedule.BeginAsync(machine, prepared, room, [.. queries], Asked);
                await schedule.DoAsync(new Step(Operation.Witness, 0, 0, 1, IsAfter: false));
                foreach (var step in steps)
                {
                    await schedule.DoAsync(step);
                }
            },
            iter: Tier.Cases(quick: 12, full: 400),
            threads: 1,
            print: steps => string.Join("; ", steps));
    }
}
