using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Storage;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Rooms;

public sealed class FoundingTests(EngineParts engine)
{
    [Fact]
    public async Task CreateAsync_node_of_another_build_is_refused_without_a_row()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync("0.1.0+another");

        var founded = await node.FoundAsync(Scene.Contract);

        founded.Refusals[0].Code.Should().Be(RefusalCode.EvidenceNotAccepted);
        (await machine.Ledger.ListCollaborationsAsync(TestContext.Current.CancellationToken)).Should().BeEmpty();
    }

    [Fact]
    public async Task CreateAsync_contract_without_allowInsecure_is_refused_without_a_row()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();

        var founded = await node.FoundAsync(Scene.Contract with { AllowInsecure = false });

        founded.Refusals[0].Code.Should().Be(RefusalCode.ContractInvalid);
        (await machine.Ledger.ListCollaborationsAsync(TestContext.Current.CancellationToken)).Should().BeEmpty();
    }

    [Fact]
    public async Task AppendAsync_same_statement_again_answers_with_its_row()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.ActivateAsync();
        var size = room.State.Log.Size;

        var again = await room.AppendAsync(TestPeople.Lea.Sign(Scene.Contract), TestContext.Current.CancellationToken);

        again.Value.Sequence.Should().Be(size - 3);
        room.State.Log.Size.Should().Be(size);
    }

    [Fact]
    public async Task AppendAsync_second_writer_loses_reads_again_and_then_succeeds()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var first = await node.ActivateAsync();
        var second = (await node.OpenAsync(first.State.Collaboration)).Value;
        var stop = TestContext.Current.CancellationToken;
        await first.AddAsync(TestPeople.Ada.Sign(Scene.Of(first).Suspend()));
        var resume = TestPeople.Hal.Sign(Scene.Of(first).Resume());

        var blind = await second.AppendAsync(TestPeople.Hal.Sign(Scene.Of(second).Terminate()), stop);
        var informed = await second.AppendAsync(resume, stop);

        blind.Refusals[0].Code.Should().Be(RefusalCode.SequenceConflict);
        informed.Value.Sequence.Should().Be(first.State.Log.Size);
        var reopened = (await node.OpenAsync(first.State.Collaboration)).Value;
        reopened.State.Log.Root.Should().Be(second.State.Log.Root);
    }

    [Theory]
    [InlineData(StorageFailure.Full, false)]
    [InlineData(StorageFailure.Locked, false)]
    [InlineData(StorageFailure.Failed, true)]
    public async Task AppendAsync_store_that_fails_loses_and_doubles_nothing(StorageFailure failure, bool isStored)
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var before = await node.ActivateAsync();
        var size = before.State.Log.Size;
        var statement = TestPeople.Ada.Sign(Scene.Of(before).Suspend());
        var fault = HostHooks.FailOnce("append", failure);
        (machine.Hooks.Before, machine.Hooks.After) = isStored ? ((Action<string>?)null, fault) : (fault, null);

        var failing = () => before.AppendAsync(statement, TestContext.Current.CancellationToken);
        await failing.Should().ThrowAsync<StorageException>();
        var after = (await node.OpenAsync(before.State.Collaboration)).Value;
        await after.AddAsync(statement);

        after.State.Log.Size.Should().Be(size + 1);
        after.State.Suspension!.Sequence.Should().Be(size);
    }

    [Fact]
    public async Task AppendAsync_last_vote_to_terminate_zeroes_the_keys_and_deletes_the_sealed_secret()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.ActivateAsync();
        var stop = TestContext.Current.CancellationToken;
        var keys = (await node.Services.Keyring.OpenAsync(room.State.Collaboration, stop)).Value.Keys;

        await TerminateAsync(room);

        var use = () => keys.Storage.Length;
        use.Should().Throw<ObjectDisposedException>();
        (await machine.Ledger.GetSealedSecretAsync(room.State.Collaboration, stop)).Should().BeNull();
        (await node.OpenAsync(room.State.Collaboration)).IsAccepted.Should().BeFalse();
        (await room.AppendAsync(TestPeople.Ada.Sign(Scene.Of(room).Suspend()), stop)).Refusals[0].Code.Should().Be(RefusalCode.Terminated);
        using var next = await machine.StartAsync();
        (await next.OpenAsync(room.State.Collaboration)).IsAccepted.Should().BeFalse();
    }

    [Fact]
    public async Task OpenAsync_termination_whose_deletion_failed_is_completed_and_nothing_opens()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.ActivateAsync();
        machine.Hooks.Before = HostHooks.FailOnce("delete secret", StorageFailure.Failed);
        var failing = () => TerminateAsync(room);
        await failing.Should().ThrowAsync<StorageException>();

        using var next = await machine.StartAsync();
        var opened = await next.OpenAsync(room.State.Collaboration);

        opened.Refusals[0].Code.Should().Be(RefusalCode.Terminated);
        (await machine.Ledger.GetSealedSecretAsync(room.State.Collaboration, TestContext.Current.CancellationToken)).Should().BeNull();
    }

    private static Task TerminateAsync(CleanRoom.Grains.Collaboration.CollaborationRoom room) => room.AddAsync(
        TestPeople.Ada.Sign(Scene.Of(room).Terminate("ada")), TestPeople.Lea.Sign(Scene.Of(room).Terminate("lea")), TestPeople.Hal.Sign(Scene.Of(room).Terminate("hal")));
}
