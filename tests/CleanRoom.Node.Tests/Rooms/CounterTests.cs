using CleanRoom.Attestation.Guest;
using CleanRoom.Cryptography;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Messages;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage;
using CleanRoom.Storage.Ledger;
using CleanRoom.TestKit.Collaborations;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Rooms;

/// <summary><c>rollback: counter</c>: which log goes on after a start, whatever the host keeps copies of and wherever it stops a node.</summary>
public sealed class CounterTests : IDisposable
{
    private static readonly Contract _counted = Scene.Contract with { Rollback = RollbackDefence.Counter };

    private readonly Machine _machine;
    private readonly MemoryCounter _memory = new();
    private readonly HostCounter _counter;

    public CounterTests(EngineParts engine)
    {
        _machine = new Machine(engine);
        _counter = new HostCounter(_memory, _machine.Hooks);
        _machine.Counter = _counter;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAsync_restart_goes_on_without_asking_anybody()
    {
        var collaboration = await FoundAsync();

        using var node = await _machine.StartAsync();
        var room = (await node.OpenAsync(collaboration)).Value;

        room.Status().Mode.Should().Be(RoomMode.Active);
        await room.AddAsync(TestPeople.Ada.Sign(Scene.Of(room).Suspend()));
        room.State.Nodes.Should().HaveCount(2);
    }

    [Fact]
    public async Task OpenAsync_older_copy_stays_read_only_and_names_both()
    {
        using var first = await _machine.StartAsync();
        var seen = await first.ActivateAsync(_counted);
        var backup = await BackupAsync(seen);
        var (size, root) = (seen.State.Log.Size, seen.State.Log.Root);
        await seen.AddAsync(TestPeople.Ada.Sign(Scene.Of(seen).Suspend()));
        using var node = await _machine.StartAsync(backup);

        var room = (await node.OpenAsync(seen.State.Collaboration)).Value;

        var refused = (await room.AppendAsync(TestPeople.Lea.Sign(Scene.Of(room).Suspend("lea")), Stop)).Refusals[0];
        refused.Code.Should().Be(RefusalCode.ReadOnly);
        refused.Wanted.Should().Contain($"{size + 1} rows with root {seen.State.Log.Root}");
        refused.Got.Should().Be($"{size} rows with root {root}");
        room.Status().Mode.Should().Be(RoomMode.AwaitingWitnesses);
        room.Status().Reason.Should().Contain($"{seen.State.Log.Root}").And.Contain($"{root}");
        (await room.AppendAsync(TestMember.Of("registry", "mia", MemberRole.Owner).Delegate(), Stop)).IsAccepted.Should().BeFalse("no witness is waited for");
    }

    [Fact]
    public async Task OpenAsync_copy_from_before_the_contract_was_in_force_stays_read_only()
    {
        using var first = await _machine.StartAsync();
        var seen = await first.ActivateAsync(_counted);
        var backup = await HostLedger.CopyAsync(_machine.Ledger.Inner, new InMemoryLedgerStore(), seen.State.Collaboration, seen.State.Log.Size - 3);
        using var node = await _machine.StartAsync(backup);

        (await node.OpenAsync(seen.State.Collaboration)).Value.IsWritable.Should().BeFalse();
    }

    [Fact]
    public async Task OpenAsync_counter_that_is_gone_stays_read_only()
    {
        var collaboration = await FoundAsync();
        await _memory.DeleteAsync(collaboration, Stop);

        using var node = await _machine.StartAsync();
        var room = (await node.OpenAsync(collaboration)).Value;

        await RefusesAsync(room, "none: it was never made here, or was deleted");
        _memory.Count.Should().Be(0, "a room whose counter is gone makes no other");
    }

    [Fact]
    public async Task OpenAsync_counter_that_was_raised_by_another_program_stays_read_only()
    {
        var collaboration = await FoundAsync();
        var reading = await ReadingAsync(collaboration);
        _memory.Set(collaboration, reading with { Count = reading.Count + 1 });

        using var node = await _machine.StartAsync();

        await RefusesAsync((await node.OpenAsync(collaboration)).Value, $"{reading.Count + 1}");
    }

    [Fact]
    public async Task OpenAsync_mark_that_no_guest_wrote_stays_read_only()
    {
        var collaboration = await FoundAsync();
        var reading = await ReadingAsync(collaboration);
        var forged = reading.Mark.ToArray();
        forged[^1] ^= 1;
        _memory.Set(collaboration, reading with { Mark = new Bytes(forged) });

        using var node = await _machine.StartAsync();

        await RefusesAsync((await node.OpenAsync(collaboration)).Value, "another");
    }

    [Fact]
    public async Task OpenAsync_older_mark_beside_the_newer_counter_stays_read_only()
    {
        using var first = await _machine.StartAsync();
        var seen = await first.ActivateAsync(_counted);
        var (backup, old) = (await BackupAsync(seen), await ReadingAsync(seen.State.Collaboration));
        await seen.AddAsync(TestPeople.Ada.Sign(Scene.Of(seen).Suspend()));
        var now = await ReadingAsync(seen.State.Collaboration);

        // Who learned the key from the bus writes beside the counter; it still only goes up, and no guest ever signs an old log under its value.
        _memory.Set(seen.State.Collaboration, now with { Mark = old.Mark });
        using var node = await _machine.StartAsync(backup);

        await RefusesAsync((await node.OpenAsync(seen.State.Collaboration)).Value, $"{now.Count}");
    }

    [Fact]
    public async Task OpenAsync_absent_device_stays_read_only_until_it_answers()
    {
        var collaboration = await FoundAsync();
        _memory.Absent = new(RefusalCode.Unavailable, "a tpm", "nothing at that place");
        using var node = await _machine.StartAsync();
        var room = (await node.OpenAsync(collaboration)).Value;

        await RefusesAsync(room, "nothing at that place");
        _memory.Absent = null;
        await room.AddAsync(TestPeople.Ada.Sign(Scene.Of(room).Suspend()));

        room.Status().Mode.Should().Be(RoomMode.Active);
    }

    [Theory]
    [InlineData("append")]
    [InlineData("write mark")]
    [InlineData("raise counter")]
    public async Task AppendAsync_power_lost_before_and_after_each_step_loses_nothing_and_goes_on(string step)
    {
        foreach (var isAfter in new[] { false, true })
        {
            using var first = await _machine.StartAsync();
            var seen = await first.ActivateAsync(_counted);
            var statement = TestPeople.Ada.Sign(Scene.Of(seen).Suspend());
            var size = seen.State.Log.Size;
            await DieAsync(step, isAfter, () => seen.AppendAsync(statement, Stop));

            using var node = await _machine.StartAsync();
            var room = (await node.OpenAsync(seen.State.Collaboration)).Value;

            var isStored = step != "append" || isAfter;
            room.Status().Mode.Should().Be(RoomMode.Active, $"{step} {isAfter}: {room.Status().Reason}");
            room.State.Log.Size.Should().Be(isStored ? size + 1 : size);
            await room.AddAsync(statement);
            room.State.Suspension.Should().NotBeNull();
            using var again = await _machine.StartAsync();
            (await again.OpenAsync(seen.State.Collaboration)).Value.IsWritable.Should().BeTrue();
        }
    }

    [Theory]
    [InlineData("append", true, false)]
    [InlineData("write mark", false, false)]
    [InlineData("write mark", true, true)]
    [InlineData("raise counter", false, true)]
    public async Task OpenAsync_of_two_logs_stored_under_the_next_value_one_goes_on(string step, bool isAfter, bool isFirst)
    {
        using var first = await _machine.StartAsync();
        var seen = await first.ActivateAsync(_counted);
        var (collaboration, backup) = (seen.State.Collaboration, await BackupAsync(seen));
        await DieAsync(step, isAfter, () => seen.AppendAsync(TestPeople.Ada.Sign(Scene.Of(seen).Suspend("left")), Stop));

        // The host keeps that log, puts the older one back, and lets another row be stored there.
        using var second = await _machine.StartAsync(backup);
        var right = (await second.OpenAsync(collaboration)).Value;
        var taken = await right.AppendAsync(TestPeople.Lea.Sign(Scene.Of(right).Suspend("right")), Stop);
        using var third = await _machine.StartAsync();
        var left = (await third.OpenAsync(collaboration)).Value;

        taken.IsAccepted.Should().Be(!isFirst);
        left.IsWritable.Should().Be(isFirst);
    }

    [Fact]
    public async Task AppendAsync_second_node_on_a_copy_takes_nothing_once_the_first_has_gone_on()
    {
        using var first = await _machine.StartAsync();
        var left = await first.ActivateAsync(_counted);
        var backup = await BackupAsync(left);
        using var second = await _machine.StartAsync(backup);
        var right = (await second.OpenAsync(left.State.Collaboration)).Value;
        right.IsWritable.Should().BeTrue("both hold the same log");

        await left.AddAsync(TestPeople.Ada.Sign(Scene.Of(left).Suspend("left")));
        var refused = await right.AppendAsync(TestPeople.Lea.Sign(Scene.Of(right).Suspend("right")), Stop);

        refused.Refusals[0].Code.Should().Be(RefusalCode.ReadOnly);
        right.IsWritable.Should().BeFalse();
        (await left.AppendAsync(TestPeople.Hal.Sign(Scene.Of(left).Resume()), Stop)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public async Task AppendAsync_two_nodes_that_raise_at_once_are_not_both_believed()
    {
        using var first = await _machine.StartAsync();
        var left = await first.ActivateAsync(_counted);
        using var second = await _machine.StartAsync(await BackupAsync(left));
        var right = (await second.OpenAsync(left.State.Collaboration)).Value;
        var inner = false;
        Result<Appended>? other = null;
        _machine.Hooks.After = name =>
        {
            // Between the first one's mark and its raise the second one does all of its own.
            if (name == "write mark" && !inner)
            {
                inner = true;
                other = right.AppendAsync(TestPeople.Lea.Sign(Scene.Of(right).Suspend("right")), Stop).GetAwaiter().GetResult();
            }
        };

        var one = await left.AppendAsync(TestPeople.Ada.Sign(Scene.Of(left).Suspend("left")), Stop);

        (one.IsAccepted && other!.IsAccepted).Should().BeFalse();
    }

    [Fact]
    public async Task BeginRunAsync_spends_once_whatever_copy_is_put_back()
    {
        using var first = await _machine.StartAsync();
        var seen = await first.SupplyAsync(_counted);
        var query = await seen.ApproveAsync(seen.Question());
        var backup = await BackupAsync(seen);
        (await seen.BeginRunAsync(DocumentCodec.DigestOf(query), mayRunAgain: false, Stop)).IsAccepted.Should().BeTrue();
        using var node = await _machine.StartAsync(backup);
        var room = (await node.OpenAsync(seen.State.Collaboration)).Value;

        var again = await room.BeginRunAsync(DocumentCodec.DigestOf(query), mayRunAgain: false, Stop);

        again.Refusals[0].Code.Should().Be(RefusalCode.ReadOnly);
    }

    [Fact]
    public async Task AppendAsync_raises_for_what_counts_and_not_for_a_question_and_its_approvals()
    {
        using var node = await _machine.StartAsync();
        var room = await node.SupplyAsync(_counted);
        _counter.Steps.Clear();

        var query = await room.ApproveAsync(room.Question());
        _counter.Steps.Should().OnlyContain(step => step == "read counter");
        await room.BeginRunAsync(DocumentCodec.DigestOf(query), mayRunAgain: false, Stop);

        _counter.Steps.Count(step => step == "raise counter").Should().Be(1);
        _counter.Steps.Count(step => step == "write mark").Should().Be(1);
    }

    [Fact]
    public async Task OpenAsync_rows_that_do_not_count_are_kept_and_counted_with_the_next_start()
    {
        using var first = await _machine.StartAsync();
        var seen = await first.SupplyAsync(_counted);
        await seen.ApproveAsync(seen.Question());
        var size = seen.State.Log.Size;

        using var node = await _machine.StartAsync();
        var room = (await node.OpenAsync(seen.State.Collaboration)).Value;

        room.IsWritable.Should().BeTrue();
        room.State.Log.Size.Should().Be(size);
        (await ReadingAsync(seen.State.Collaboration)).Mark.Span[8..16].ToArray()[^1].Should().Be((byte)size);
    }

    [Theory]
    [InlineData(RollbackDefence.None)]
    [InlineData(RollbackDefence.Witnesses)]
    public async Task Other_defences_never_touch_the_counter(RollbackDefence defence)
    {
        string collaboration;
        using (var node = await _machine.StartAsync())
        {
            var room = await node.SupplyAsync(Scene.Contract with { Rollback = defence });
            await room.ApproveAsync(room.Question());
            collaboration = room.State.Collaboration;
        }

        using var after = await _machine.StartAsync();
        var opened = (await after.OpenAsync(collaboration)).Value;

        opened.IsWritable.Should().Be(defence == RollbackDefence.None);
        _counter.Steps.Should().BeEmpty();
    }

    [Fact]
    public async Task FoundAsync_machine_without_a_counter_makes_no_such_room()
    {
        _machine.Counter = new NoMachineCounter("the simulated tee, whose operator could set any counter");
        using var node = await _machine.StartAsync();

        var refused = await node.FoundAsync(_counted);

        refused.Refusals[0].Code.Should().Be(RefusalCode.ReadOnly);
        refused.Refusals[0].Got.Should().Contain("simulated");
        (await _machine.Ledger.ListCollaborationsAsync(Stop)).Should().BeEmpty();
    }

    [Fact]
    public async Task AppendAsync_amendment_that_wants_a_counter_makes_one_before_it_is_in_force()
    {
        using var first = await _machine.StartAsync();
        var room = await first.ActivateAsync(Scene.Contract with { Rollback = RollbackDefence.None });
        var before = room.State.Active!;
        var next = before.Contract with { Version = 2, Previous = before.Digest, Rollback = RollbackDefence.Counter };

        await room.AddAsync(TestPeople.Lea.Sign(next), TestPeople.Leo.Sign(next), TestPeople.Hal.Sign(next), TestPeople.Ada.Sign(next));

        room.State.Active!.Contract.Rollback.Should().Be(RollbackDefence.Counter);
        _counter.Steps.Should().ContainInOrder("make counter", "write mark", "raise counter");
        using var node = await _machine.StartAsync();
        (await node.OpenAsync(room.State.Collaboration)).Value.IsWritable.Should().BeTrue();
    }

    [Fact]
    public async Task RunAsync_result_is_not_shown_before_the_counter_stands_for_it()
    {
        using var node = await _machine.StartAsync();
        var room = await node.SupplyAsync(_counted);
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question()));
        var runner = new Runner(node, room.State.Collaboration);
        var appends = 0;
        _machine.Hooks.Before = name =>
        {
            // The charge, then the result: it is durable, and the machine fails before it is counted.
            appends += name == "append" ? 1 : 0;
            _memory.Absent = name == "write mark" && appends == 2 ? new(RefusalCode.Unavailable, "a tpm", "none") : _memory.Absent;
        };

        await runner.Run.RunAsync(query, mayRunAgain: false, Stop);

        var opened = await runner.Room.RoomAsync();
        opened.State.Queries[query].Runs[^1].Result.Should().NotBeNull("the row is durable");
        (await runner.ServedAsync(query)).Should().BeNull();
        opened.WhyNotRead(-1_000_000, 256)!.Got.Should().Be("none");
        opened.WhyNotRead(0, (int)opened.State.Log.Size - 2).Should().BeNull();
        (_machine.Hooks.Before, _memory.Absent) = (null, null);
        await (await runner.Room.RoomAsync()).AskAgainAsync(Stop);
        (await runner.ServedAsync(query)).Should().NotBeNull();
        (await runner.Room.RoomAsync()).WhyNotRead(0, 256).Should().BeNull();
    }

    [Fact]
    public async Task AppendAsync_end_of_the_room_deletes_its_counter()
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync(_counted);

        foreach (var member in new[] { TestPeople.Ada, TestPeople.Lea, TestPeople.Hal })
        {
            await room.AddAsync(member.Sign(Scene.Of(room).Terminate()));
        }

        _memory.Count.Should().Be(0);
    }

    [Fact]
    public async Task OpenAsync_after_a_handover_the_own_counter_is_not_enough_and_a_live_peer_is()
    {
        string collaboration;
        var other = new MemoryCounter();
        using (var first = await StartPeerAsync("one", _counter))
        using (var second = await StartPeerAsync("two", other))
        {
            first.Peers.Meet(second.Holder);
            second.Peers.Meet(first.Holder);
            collaboration = (await first.ActivateAsync(_counted)).State.Collaboration;
            var moved = (await second.OpenAsync(collaboration)).Value;
            await moved.AddAsync(TestPeople.Ada.Sign(Scene.Of(moved).Suspend()));

            other.Count.Should().Be(1, "a machine that writes keeps a counter of its own");

            using var again = await StartPeerAsync("one", _counter);
            again.Peers.Meet(second.Holder);
            (await again.OpenAsync(collaboration)).Value.IsWritable.Should().BeTrue("a live peer vouches");
        }

        using var alone = await StartPeerAsync("one", _counter);
        var room = (await alone.OpenAsync(collaboration)).Value;

        await RefusesAsync(room, "a handover at row");
    }

    public void Dispose() => _machine.Dispose();

    private static async Task RefusesAsync(CollaborationRoom room, string got)
    {
        var refused = (await room.AppendAsync(TestPeople.Ada.Sign(Scene.Of(room).Suspend()), Stop)).Refusals[0];
        refused.Code.Should().Be(RefusalCode.ReadOnly);
        refused.Got.Should().Contain(got);
        room.Status().Mode.Should().Be(RoomMode.AwaitingWitnesses);
        room.Status().Reason.Should().Contain(got);
    }

    private Task<NodeProcess> StartPeerAsync(string name, IMachineCounter counter)
    {
        _machine.Counter = counter;
        return _machine.StartPeerAsync(name);
    }

    private async Task<string> FoundAsync()
    {
        using var node = await _machine.StartAsync();
        return (await node.ActivateAsync(_counted)).State.Collaboration;
    }

    /// <summary>Runs an append during which the machine loses its power at a step: nothing after it has an effect.</summary>
    private async Task DieAsync(string step, bool isAfter, Func<Task<Result<Appended>>> append)
    {
        var isDead = false;
        void Die(string name, bool at)
        {
            isDead |= name == step && at == isAfter;
            if (isDead)
            {
                throw new StorageException(StorageFailure.Failed, $"wanted {name} to work; got a loss of power", null);
            }
        }

        (_machine.Hooks.Before, _machine.Hooks.After) = (name => Die(name, at: false), name => Die(name, at: true));
        await append.Should().ThrowAsync<StorageException>();
        (_machine.Hooks.Before, _machine.Hooks.After) = (null, null);
    }

    private async Task<CounterReading> ReadingAsync(string collaboration)
    {
        using var key = SecretBytes.Random(32);
        return (await _memory.ReadAsync(collaboration, key, Stop)).Value;
    }

    private Task<ILedgerStore> BackupAsync(CollaborationRoom room) =>
        HostLedger.CopyAsync(_machine.Ledger.Inner, new InMemoryLedgerStore(), room.State.Collaboration, room.State.Log.Size);
}
