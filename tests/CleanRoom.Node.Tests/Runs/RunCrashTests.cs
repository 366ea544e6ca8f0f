using CleanRoom.Cryptography.Sealing;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage.Objects;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Runs;

/// <summary>Retry for fresh noise: whenever the process dies, there is one charge and one result, and the same bytes are served ever after.</summary>
public sealed class RunCrashTests(EngineParts engine)
{
    [Fact]
    public async Task RunAsync_charges_before_any_row_is_read_and_answers_the_receiver()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyAsync();
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question()));
        var runner = new Runner(node, room.State.Collaboration);
        await runner.Room.RoomAsync();
        var before = machine.Hooks.Calls.Count;

        await runner.EndAsync(query);

        var calls = machine.Hooks.Calls.Skip(before).ToList();
        calls[0].Should().Be("append");
        calls.Count(call => call == "append").Should().Be(2);
        calls.Should().Contain("open Derived");
        var (_, bytes) = (await runner.ServedAsync(query))!.Value;
        var result = (await runner.QueryAsync(query)).Runs[^1].Result!;
        using var key = await machine.ReceiveKeyAsync(TestPeople.Hana);
        var opened = await ResultSealing.OpenAsync(
            machine.Backend, key, result, "hospital", "hana", bytes, TestContext.Current.CancellationToken);
        opened.IsAccepted.Should().BeTrue();
        result.Wraps.Select(wrap => wrap.Member).Should().Equal("hana");
    }

    [Fact]
    public async Task RunAsync_charge_that_is_not_durable_reads_no_row()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyAsync();
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question()));
        var runner = new Runner(node, room.State.Collaboration);
        await runner.Room.RoomAsync();
        machine.Hooks.Before = HostHooks.DieAt(1);

        await runner.Run.RunAsync(query, mayRunAgain: false, TestContext.Current.CancellationToken);

        machine.Hooks.Calls.Should().NotContain("open Derived");
    }

    [Fact]
    public async Task RunAsync_process_that_dies_between_any_two_steps_leaves_one_charge_and_one_answer()
    {
        var steps = await DieAsync(int.MaxValue, isAfter: false);
        steps.Should().BeGreaterThanOrEqualTo(5, "charge, two datasets, the blob, the result");
        for (var step = 1; step <= steps; step++)
        {
            await DieAsync(step, isAfter: false);
            await DieAsync(step, isAfter: true);
        }
    }

    [Fact]
    public async Task RunAsync_two_activations_at_once_give_one_charge_and_one_answer()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyAsync();
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question()));
        var first = new Runner(node, room.State.Collaboration);
        var second = new Runner(node, room.State.Collaboration);
        await Task.WhenAll(first.Room.RoomAsync(), second.Room.RoomAsync());

        await Task.WhenAll(first.EndAsync(query), second.EndAsync(query));

        var reader = new Runner(node, room.State.Collaboration);
        (await reader.QueryAsync(query)).Runs.Should().ContainSingle().Which.Result.Should().NotBeNull();
        var names = await machine.Objects.NamesAsync(ObjectContainer.Results);
        names.Select(name => name.ToString()).Should().Equal([(await reader.ServedAsync(query))!.Value.Name], "the loser's blob is gone");
    }

    /// <summary>Kills a run at a step, starts a new node over the same stores and lets it end the run. Returns the steps of the killed run.</summary>
    private async Task<int> DieAsync(int step, bool isAfter)
    {
        using var machine = new Machine(engine);
        Digest query;
        string collaboration, seen;
        int steps;
        using (var node = await machine.StartAsync())
        {
            var room = await node.SupplyAsync();
            (collaboration, seen) = (room.State.Collaboration, room.Status().Checkpoint);
            query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question()));
            var dying = new Runner(node, collaboration);
            await dying.Room.RoomAsync();
            var before = machine.Hooks.Calls.Count;
            var death = HostHooks.DieAt(step);
            (machine.Hooks.Before, machine.Hooks.After) = isAfter ? ((Action<string>?)null, death) : (death, null);
            await dying.Run.RunAsync(query, mayRunAgain: false, TestContext.Current.CancellationToken);
            (machine.Hooks.Before, machine.Hooks.After) = (null, null);
            steps = machine.Hooks.Calls.Count - before;
        }

        using var next = await machine.StartAsync();
        var runner = new Runner(next, collaboration);
        await (await runner.Room.RoomAsync()).WitnessAllAsync(seen);
        await runner.EndAsync(query);
        var served = (await runner.ServedAsync(query))!.Value;
        await runner.EndAsync(query);
        await runner.EndAsync(query);

        var because = $"the process died {(isAfter ? "after" : "before")} step {step}";
        (await runner.QueryAsync(query)).Runs.Should().ContainSingle(because).Which.Receipt.Should().NotBeNull(because);
        (await runner.ServedAsync(query))!.Value.Name.Should().Be(served.Name, because);
        (await runner.ServedAsync(query))!.Value.Bytes.Should().Equal(served.Bytes, because);
        return steps;
    }
}
