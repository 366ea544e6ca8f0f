using CleanRoom.Grains.Collaboration;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Node.Tests.Runs;

/// <summary>Answers of a room whose owners want earlier ones remembered, over the real ledger, objects and engine.</summary>
public sealed class HistoryRunTests(EngineParts engine)
{
    [Theory]
    [InlineData("120 | withheld", "r.status = 1", "r.status = 1 AND r.age < 90")]
    [InlineData("119 | withheld", "r.status = 1 AND r.age < 90", "r.status = 1")]
    [InlineData("120 | 120", "r.status = 1", "r.status <> 0")]
    [InlineData("withheld", "r.age < 90")]
    [InlineData("240 | 240", "r.age < 100", "r.status < 2")]
    [InlineData("100 | withheld", "r.age < 40", "r.age >= 40 AND r.age < 50")]
    [InlineData("100 | 140 | withheld | 100", "r.age < 40", "r.age >= 40", "r.age < 50", "NOT (r.age >= 40)")]
    [InlineData("withheld | 120", "r.age >= 90", "r.status = 1")]
    public async Task Answers_together_showNobodyOrEnoughPeople(string expected, params string[] questions)
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyPeopleAsync();
        var answers = new List<string>();
        foreach (var question in questions)
        {
            answers.Add(await machine.AnswerAsync(node, room.State.Collaboration, question));
        }

        string.Join(" | ", answers).Should().Be(expected);
    }

    [Fact]
    public async Task Answer_remembersItself_inOneStateForEachDatasetVersion()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyPeopleAsync();
        await machine.AnswerAsync(node, room.State.Collaboration, "r.status = 1");
        var first = await HistoriesAsync(node, room);
        await machine.AnswerAsync(node, room.State.Collaboration, "r.status = 0");
        var second = await HistoriesAsync(node, room);

        first.Keys.Should().BeEquivalentTo(room.State.Datasets.Keys);
        first.Values.Should().OnlyContain(record => record.Previous == null);
        second.Keys.Should().BeEquivalentTo(first.Keys);
        second.Values.Select(record => record.Previous).Should().BeEquivalentTo(first.Values.Select(record => (Digest?)record.Commitment));
        var stored = (await machine.Objects.NamesAsync(ObjectContainer.Derived)).Select(name => name.ToString()).ToList();
        stored.Should().Contain(second.Values.Select(record => record.Blob.Name)).And.NotContain(first.Values.Select(record => record.Blob.Name));
    }

    [Fact]
    public async Task Answer_again_isTheSameAndOffersNothingNew()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyPeopleAsync(HistoryScene.With(maxCells: 1));
        var runner = new Runner(node, room.State.Collaboration);
        var query = await (await runner.Room.RoomAsync()).CountAsync("r.status = 1");
        for (var run = 1; run <= 3; run++)
        {
            await runner.EndAsync(query, mayRunAgain: run > 1);
            (await runner.QueryAsync(query)).Runs.Should().HaveCount(run);
            (await machine.AnswerAsync(runner, query)).Should().Be("120");
        }
    }

    [Fact]
    public async Task Question_beyondTheCells_isNotCharged()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyPeopleAsync(HistoryScene.With(maxCells: 1));
        await machine.AnswerAsync(node, room.State.Collaboration, "r.status = 1");
        var runner = new Runner(node, room.State.Collaboration);
        var query = await (await runner.Room.RoomAsync()).CountAsync("r.status = 0");

        await runner.EndAsync(query);

        var state = (await runner.Room.RoomAsync()).State;
        state.Queries[query].Runs.Should().BeEmpty();
        var verdict = state.Verdicts.Values.Single(verdict => verdict.TextDigest == QueryText.DigestOf(state.Active!.Contract, state.Queries[query].Query));
        verdict.Inputs.Should().OnlyContain(input => input.Cells == 1);
        StateCodes.Of(state, verdict, room.Now).Should().Equal(VerdictCodes.HistoryFull);
    }

    [Fact]
    public async Task Run_whoseStateIsMissingOrAnother_fails()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyPeopleAsync();
        await machine.AnswerAsync(node, room.State.Collaboration, "r.status = 1");
        var manifest = room.State.CurrentDataset(Scene.People)!.Digest;
        var name = ObjectName.Parse((await HistoriesAsync(node, room))[manifest].Blob.Name);
        var older = await machine.Objects.BytesAsync(ObjectContainer.Derived, name);
        await machine.AnswerAsync(node, room.State.Collaboration, "r.status = 0");
        name = ObjectName.Parse((await HistoriesAsync(node, room))[manifest].Blob.Name);
        var newest = await machine.Objects.BytesAsync(ObjectContainer.Derived, name);

        foreach (var (bytes, question) in new[]
        {
            (older, "r.status = 1 AND r.age < 50"),
            ([.. newest[..^1], (byte)(newest[^1] ^ 1)], "r.status = 1 AND r.age < 60"),
            (newest[..^1], "r.status = 1 AND r.age < 70"),
            ([.. newest, 0], "r.status = 1 AND r.age < 80"),
        })
        {
            await machine.Objects.ReplaceAsync(ObjectContainer.Derived, name, bytes);
            (await machine.AnswerAsync(node, room.State.Collaboration, question)).Should().Be("failed");
        }

        await machine.Objects.DeleteAsync(ObjectContainer.Derived, name, CancellationToken.None);
        (await machine.AnswerAsync(node, room.State.Collaboration, "r.status = 1 AND r.age < 90")).Should().Be("failed");
        await machine.Objects.ReplaceAsync(ObjectContainer.Derived, name, newest);
        (await machine.AnswerAsync(node, room.State.Collaboration, "r.status = 1 AND r.age < 100")).Should().Be("120", "the state is there again");
    }

    [Fact]
    public async Task Runs_atOnce_rememberEachOther()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyPeopleAsync();
        var queries = new[] { await room.CountAsync("r.status = 1"), await room.CountAsync("r.status = 1 AND r.age < 90") };
        var first = new Runner(node, room.State.Collaboration);
        var second = new Runner(node, room.State.Collaboration);
        await Task.WhenAll(first.Room.RoomAsync(), second.Room.RoomAsync());

        await Task.WhenAll(first.EndAsync(queries[0]), second.EndAsync(queries[1]));

        var reader = new Runner(node, room.State.Collaboration);
        string[] answers = [await machine.AnswerAsync(reader, queries[0]), await machine.AnswerAsync(reader, queries[1])];
        answers.Should().ContainSingle(answer => answer == "withheld").And.ContainSingle(answer => answer == "120" || answer == "119");
        var states = (await HistoriesAsync(node, room)).Values.Select(record => record.Blob.Name);
        var derived = room.State.Datasets.Values.SelectMany(dataset => dataset.Ingest!.Derived).Select(derived => derived.Name);
        (await machine.Objects.NamesAsync(ObjectContainer.Derived)).Select(name => name.ToString()).Should()
            .Contain(states).And.HaveCount(states.Count() + derived.Count() + room.State.Datasets.Count, "beside datasets, reports and newest states nothing is left");
    }

    [Fact]
    public async Task Run_whoseProcessDiesBetweenAnyTwoSteps_isRememberedByTheNextAnswer()
    {
        var steps = await DieAsync(int.MaxValue);
        steps.Should().BeGreaterThanOrEqualTo(7, "charge, two datasets, two states, the blob, the result");
        for (var step = 1; step <= steps; step++)
        {
            await DieAsync(step);
        }
    }

    /// <summary>Kills the first run of a differencing pair at a step, lets a new node end it, and asks the second question.</summary>
    private async Task<int> DieAsync(int step)
    {
        using var machine = new Machine(engine);
        Digest query;
        string collaboration, seen;
        int steps;
        using (var node = await machine.StartAsync())
        {
            var room = await node.SupplyPeopleAsync();
            (collaboration, seen) = (room.State.Collaboration, room.Status().Checkpoint);
            query = await room.CountAsync("r.status = 1");
            var dying = new Runner(node, collaboration);
            await dying.Room.RoomAsync();
            var before = machine.Hooks.Calls.Count;
            machine.Hooks.Before = HostHooks.DieAt(step);
            await dying.Run.RunAsync(query, mayRunAgain: false, TestContext.Current.CancellationToken);
            machine.Hooks.Before = null;
            steps = machine.Hooks.Calls.Count - before;
        }

        using var next = await machine.StartAsync();
        var runner = new Runner(next, collaboration);
        await (await runner.Room.RoomAsync()).WitnessAllAsync(seen);
        await runner.EndAsync(query);

        (await runner.QueryAsync(query)).Runs.Should().ContainSingle($"the process died before step {step}");
        (await machine.AnswerAsync(runner, query)).Should().Be("120", $"the process died before step {step}");
        var second = await (await runner.Room.RoomAsync()).CountAsync("r.status = 1 AND r.age < 90");
        await runner.EndAsync(second);
        (await machine.AnswerAsync(runner, second)).Should().Be("withheld", $"the process died before step {step}");
        return steps;
    }

    private static async Task<IReadOnlyDictionary<Digest, HistoryRecord>> HistoriesAsync(NodeProcess node, CollaborationRoom room)
    {
        var runner = new Runner(node, room.State.Collaboration);
        return (await runner.Room.RoomAsync()).State.Histories;
    }
}
