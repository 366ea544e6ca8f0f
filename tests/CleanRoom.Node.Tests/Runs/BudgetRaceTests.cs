using CleanRoom.Node.Tests.Harness;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage;

namespace CleanRoom.Node.Tests.Runs;

/// <summary>A thousand requests at once, at four activations of one room whose store fails at every step: the budget holds.</summary>
public sealed class BudgetRaceTests(EngineParts engine)
{
    private const int Requests = 1_000;
    private const int Queries = 8;
    private const int Activations = 4;

    private static readonly DpRules _rules = new()
    {
        Epsilon = 4, Delta = 0.000001m, MaxEpsilonPerQuery = 1, MaxGroupsPerUnit = 1, Refresh = BudgetRefresh.None,
    };

    private static readonly Contract _contract = Scene.Contract with
    {
        Datasets =
        [
            .. Scene.Contract.Datasets.Select(dataset => dataset.SqlName != Scene.People ? dataset : dataset with
            {
                Policy = dataset.Policy with { Tier = PolicyTier.Dp, Dp = _rules, Access = new AccessRules { QueriesPerDay = 1000, QueriesLifetime = 1000 } },
            }),
        ],
    };

    [Fact]
    public async Task BeginRunAsync_thousand_requests_and_a_failing_store_never_charge_more_than_the_budget()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyAsync(_contract);
        var queries = new List<Digest>();
        for (var i = 0; i < Queries; i++)
        {
            queries.Add(DocumentCodec.DigestOf(await room.ApproveAsync(room.Question($"question {i}"))));
        }

        var activations = Enumerable.Range(0, Activations).Select(_ => new InProcessRoom(node, room.State.Collaboration)).ToList();
        (machine.Hooks.Before, machine.Hooks.After) = (FailEvery(3, "append") + FailEvery(89), FailEvery(4, "append") + FailEvery(97));
        await Task.WhenAll(Enumerable.Range(0, Requests).Select(i => Task.Run(() => RequestAsync(activations[i % Activations], queries[i % Queries], i))));
        (machine.Hooks.Before, machine.Hooks.After) = (null, null);
        var quiet = new InProcessRoom(node, room.State.Collaboration);
        var stormy = (await quiet.RoomAsync()).State.Queries.Values.Sum(query => query.Runs.Length);
        for (var i = 0; i < 5 * Queries; i++)
        {
            await RequestAsync(quiet, queries[i % Queries], number: 0);
        }

        stormy.Should().BePositive();
        var budget = PrivacyBudget.From(_rules).Value;
        var state = (await quiet.RoomAsync()).State;
        var costs = state.Queries.Values.SelectMany(query => query.Runs).SelectMany(run => run.Charge.Costs).Where(cost => cost.NanoRho > 0).ToList();
        costs.Sum(cost => cost.NanoRho).Should().BeLessThanOrEqualTo(budget.Total.NanoRho);
        costs.Sum(cost => cost.AttoDelta).Should().BeLessThanOrEqualTo(budget.Total.AttoDelta);
        costs.Should().HaveCount((int)(budget.Total.NanoRho / costs[0].NanoRho), "nothing of it is lost and nothing is spent twice");
        state.Queries.Values.Should().OnlyContain(query => query.Runs.Count(run => !run.IsEnded) <= 1, "no query runs twice at once");
    }

    [Fact]
    public async Task RunAsync_two_activations_and_a_failing_store_give_each_charge_one_answer()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyAsync(_contract);
        for (var i = 0; i < Activations; i++)
        {
            var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question($"question {i}")));
            var first = new Runner(node, room.State.Collaboration);
            var second = new Runner(node, room.State.Collaboration);
            (machine.Hooks.Before, machine.Hooks.After) = (FailEvery(5 + i), FailEvery(7 + i));
            await Task.WhenAll(UntilAsync(first, query), UntilAsync(second, query));
            (machine.Hooks.Before, machine.Hooks.After) = (null, null);

            var reader = new Runner(node, room.State.Collaboration);
            (await reader.QueryAsync(query)).Runs.Should().ContainSingle().Which.Result.Should().NotBeNull();
            var served = (await reader.ServedAsync(query))!.Value;
            await reader.EndAsync(query);
            (await reader.ServedAsync(query))!.Value.Bytes.Should().Equal(served.Bytes, "an answer does not change");
            room = await new InProcessRoom(node, room.State.Collaboration).RoomAsync();
        }
    }

    /// <summary>One request: begin a run; every other one that began is given up, as when an engine fails.</summary>
    private static async Task RequestAsync(InProcessRoom room, Digest query, int number)
    {
        var begun = await ReachAsync(() => room.BeginRunAsync(query.ToString(), mayRunAgain: true));
        if (begun?.ToResult() is { IsAccepted: true, Value: var assignment } && number % 2 == 0)
        {
            await ReachAsync(() => room.AppendAsNodeAsync(DocumentCodec.Encode(new RunFailure
            {
                Collaboration = DocumentCodec.Parse<Query>(assignment.Query).Value.Collaboration,
                QueryDigest = query,
                ChargeSequence = assignment.ChargeSequence,
                CorrelationId = "0123456789abcdef",
            })));
        }
    }

    private static async Task UntilAsync(Runner runner, Digest query)
    {
        while (true)
        {
            await ReachAsync(async () =>
            {
                await runner.EndAsync(query);
                return true;
            });
            if (await ReachAsync(() => runner.QueryAsync(query)) is { Runs: [{ Result: not null }] })
            {
                return;
            }
        }
    }

    /// <summary>Calls; the default where the store failed under the call, as a caller that hears nothing.</summary>
    private static async Task<T?> ReachAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (StorageException)
        {
            return default;
        }
    }

    /// <summary>Fails every n-th call, of one name where it is given. Opening a room is some calls: fewer than n, or no room would ever open again.</summary>
    private static Action<string> FailEvery(int calls, string? only = null)
    {
        var count = 0;
        return name => _ = (only ?? name) == name && Interlocked.Increment(ref count) % calls == 0
            ? throw new StorageException(StorageFailure.Failed, $"wanted {name} to work; got an injected fault", null)
            : 0;
    }
}
