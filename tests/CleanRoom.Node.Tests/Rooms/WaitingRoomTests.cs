using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Rooms;

/// <summary>Until its log is known to be the newest, a node decrypts nothing and answers nothing: what the log says may have been taken back since.</summary>
public sealed class WaitingRoomTests(EngineParts engine)
{
    [Fact]
    public async Task RunAsync_run_that_is_open_goes_on_when_the_witnesses_have_answered_and_not_before()
    {
        using var machine = new Machine(engine);
        using var before = await machine.StartAsync();
        var room = await before.SupplyAsync();
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question()));
        var stop = TestContext.Current.CancellationToken;
        (await room.BeginRunAsync(query, mayRunAgain: false, stop)).IsAccepted.Should().BeTrue();
        var seen = room.Status().Checkpoint;
        using var node = await machine.StartAsync();
        var runner = new Runner(node, room.State.Collaboration);

        await runner.EndAsync(query);

        machine.Hooks.Calls.Should().NotContain("open Derived");
        (await (await runner.Room.RoomAsync()).BeginRunAsync(query, mayRunAgain: false, stop)).Refusals[0].Code.Should().Be(RefusalCode.ReadOnly);
        await (await runner.Room.RoomAsync()).WitnessAllAsync(seen);
        await runner.EndAsync(query);
        (await runner.QueryAsync(query)).Runs.Should().ContainSingle().Which.Result.Should().NotBeNull();
    }

    [Fact]
    public async Task ViewOf_answer_is_served_when_the_witnesses_have_answered_and_not_before()
    {
        using var machine = new Machine(engine);
        using var before = await machine.StartAsync();
        var room = await before.SupplyAsync();
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question()));
        var first = new Runner(before, room.State.Collaboration);
        await first.EndAsync(query);
        var (name, _) = (await first.ServedAsync(query))!.Value;
        using var node = await machine.StartAsync();
        var runner = new Runner(node, room.State.Collaboration);

        (await runner.ServedAsync(query)).Should().BeNull();
        await (await runner.Room.RoomAsync()).WitnessAllAsync((await first.Room.RoomAsync()).Status().Checkpoint);

        (await runner.ServedAsync(query))!.Value.Name.Should().Be(name);
    }

    [Fact]
    public async Task AppendAsync_activation_that_stands_where_the_store_went_back_to_appends_nothing()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.ActivateAsync();
        var behind = (await node.OpenAsync(room.State.Collaboration)).Value;
        var copy = await HostLedger.CopyAsync(machine.Ledger.Inner, new InMemoryLedgerStore(), room.State.Collaboration, long.MaxValue);
        await room.AddAsync(TestPeople.Ada.Sign(Scene.Of(room).Suspend()));

        machine.Ledger.Inner = copy;
        var refused = await behind.AppendAsync(TestPeople.Lea.Sign(Scene.Of(behind).Suspend("lea")), TestContext.Current.CancellationToken);

        refused.Refusals[0].Code.Should().Be(RefusalCode.CheckpointInconsistent);
    }
}
