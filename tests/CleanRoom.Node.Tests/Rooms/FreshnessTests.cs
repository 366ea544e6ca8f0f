using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Storage.Ledger;
using CleanRoom.Storage.Ledger.Sqlite;
using CleanRoom.TestKit.Collaborations;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Rooms;

/// <summary>After a start a node does not know whether the host has cut its log; the owners' witnesses do.</summary>
public sealed class FreshnessTests(EngineParts engine) : IDisposable
{
    private readonly Machine _machine = new(engine);

    [Fact]
    public async Task OpenAsync_after_a_start_takes_nothing_until_every_owners_witness_has_answered()
    {
        var (collaboration, note) = await FoundAndStopAsync();
        using var node = await _machine.StartAsync();
        var room = (await node.OpenAsync(collaboration)).Value;
        var statement = TestPeople.Ada.Sign(Scene.Of(room).Suspend());
        var stop = TestContext.Current.CancellationToken;

        (await room.AppendAsync(statement, stop)).Refusals[0].Code.Should().Be(RefusalCode.ReadOnly);
        await room.WitnessAsync(TestPeople.Ada, note);
        await room.WitnessAsync(TestPeople.Lea, note);
        (await room.AppendAsync(statement, stop)).Refusals[0].Code.Should().Be(RefusalCode.ReadOnly);
        room.Status().MissingWitnesses.Should().Equal("hospital");
        await room.WitnessAsync(TestPeople.Hal, note);

        (await room.AppendAsync(statement, stop)).IsAccepted.Should().BeTrue();
        room.State.Nodes.Should().HaveCount(2, "the node shows its evidence in the log before it writes anything else");
    }

    [Fact]
    public async Task AppendAsync_owner_with_a_new_key_may_witness_and_nothing_else()
    {
        var (collaboration, note) = await FoundAndStopAsync();
        using var node = await _machine.StartAsync();
        var room = (await node.OpenAsync(collaboration)).Value;
        var stop = TestContext.Current.CancellationToken;
        var mia = TestMember.Of("registry", "mia", MemberRole.Owner);

        (await room.AppendAsync(TestPeople.Lea.Revoke(), stop)).Refusals[0].Code.Should().Be(RefusalCode.ReadOnly);
        (await room.AppendAsync(mia.Delegate(), stop)).IsAccepted.Should().BeTrue();
        (await room.WitnessAsync(mia, note)).IsAccepted.Should().BeTrue();

        room.Status().MissingWitnesses.Should().NotContain("registry");
        (await room.AppendAsync(mia.Sign(Scene.Of(room).Suspend()), stop)).Refusals[0].Code.Should().Be(RefusalCode.ReadOnly);
    }

    [Fact]
    public async Task WitnessAsync_answer_to_an_earlier_start_does_not_count()
    {
        var (collaboration, note) = await FoundAndStopAsync();
        using var earlier = await _machine.StartAsync();
        var old = (await earlier.OpenAsync(collaboration)).Value;
        var (witness, signature) = Scene.Answer(TestPeople.Ada, collaboration, old.Status().BootNonce, note, old.Now);
        using var node = await _machine.StartAsync();
        var room = (await node.OpenAsync(collaboration)).Value;

        var replayed = await room.WitnessAsync(witness, signature, TestContext.Current.CancellationToken);

        replayed.Refusals[0].Code.Should().Be(RefusalCode.Replayed);
        room.Status().MissingWitnesses.Should().HaveCount(3);
    }

    [Fact]
    public async Task WitnessAsync_member_that_may_not_witness_does_not_count()
    {
        var (collaboration, note) = await FoundAndStopAsync();
        using var node = await _machine.StartAsync();
        var room = (await node.OpenAsync(collaboration)).Value;

        var analyst = await room.WitnessAsync(TestPeople.Rita, note);

        analyst.Refusals[0].Code.Should().Be(RefusalCode.RoleMissing);
        room.Status().Mode.Should().Be(RoomMode.AwaitingWitnesses);
    }

    [Fact]
    public async Task WitnessAsync_junk_and_foreign_notes_never_stop_the_room()
    {
        var (collaboration, note) = await FoundAndStopAsync();
        using var node = await _machine.StartAsync();
        var room = (await node.OpenAsync(collaboration)).Value;
        using var foreign = TestRandom.Ed25519("foreign");
        var longer = new Checkpoint(collaboration, 1_000, Digest.Of("fork"u8));
        var forged = CheckpointNote.Build(
            longer, new NoteVerifierKey(collaboration, NoteKeyType.Ed25519, foreign.PublicKey.Span), bytes => foreign.Sign(bytes));
        var other = TestStages.Active.Checkpoint();

        (await room.WitnessAsync(TestPeople.Ada, forged)).IsAccepted.Should().BeFalse();
        (await room.WitnessAsync(TestPeople.Ada, other)).IsAccepted.Should().BeFalse();
        await room.WitnessAllAsync(note);

        room.Status().Mode.Should().Be(RoomMode.Active);
    }

    [Fact]
    public async Task AppendAsync_approval_that_quotes_junk_never_stops_the_room()
    {
        using var node = await _machine.StartAsync();
        var room = await node.SupplyAsync();
        var (query, verdict) = await room.AskAsync(room.Question());

        var junk = room.Yes(query, verdict, "junk") with { Checkpoint = TestStages.Active.Checkpoint(1_000, Digest.Of("fork"u8)) };

        (await room.AppendAsync(TestPeople.Ada.Sign(junk), TestContext.Current.CancellationToken)).IsAccepted.Should().BeFalse();
        room.Status().Mode.Should().Be(RoomMode.Active);
    }

    [Fact]
    public async Task WitnessAsync_rollback_across_starts_halts_the_room_naming_both()
    {
        using var first = await _machine.StartAsync();
        var seen = await first.ActivateAsync();
        var backup = await BackupAsync(seen.State.Collaboration, seen.State.Log.Size);
        await seen.AddAsync(TestPeople.Ada.Sign(Scene.Of(seen).Suspend()));
        var newest = seen.Status().Checkpoint;
        using var node = await _machine.StartAsync(backup);
        var room = (await node.OpenAsync(seen.State.Collaboration)).Value;

        var refused = await room.WitnessAsync(TestPeople.Ada, newest);

        refused.Refusals[0].Code.Should().Be(RefusalCode.CheckpointInconsistent);
        refused.Refusals[0].ToString().Should().Contain($"{seen.State.Log.Root}").And.Contain($"{room.State.Log.Root}");
        room.Status().Mode.Should().Be(RoomMode.Halted);
        await room.WitnessAsync(TestPeople.Lea, room.Status().Checkpoint);
        (await room.AppendAsync(TestPeople.Lea.Sign(Scene.Of(room).Suspend("lea")), TestContext.Current.CancellationToken))
            .Refusals[0].Code.Should().Be(RefusalCode.CheckpointInconsistent);
    }

    [Fact]
    public async Task OpenAsync_rollback_with_colluding_analyst_that_quotes_an_old_checkpoint_stays_read_only()
    {
        using var first = await _machine.StartAsync();
        var seen = await first.SupplyAsync();
        var old = seen.Status().Checkpoint;
        var backup = await BackupAsync(seen.State.Collaboration, seen.State.Log.Size);
        var query = await seen.ApproveAsync(seen.Question());
        (await seen.BeginRunAsync(DocumentCodec.DigestOf(query), mayRunAgain: false, TestContext.Current.CancellationToken)).IsAccepted.Should().BeTrue();
        using var node = await _machine.StartAsync(backup);
        var room = (await node.OpenAsync(seen.State.Collaboration)).Value;

        // The analyst's collaborator owns data too, but an analyst is no witness; and its owner alone is not enough.
        (await room.WitnessAsync(TestPeople.Hana, old)).IsAccepted.Should().BeFalse();
        await room.WitnessAsync(TestPeople.Hal, old);
        var again = await room.SubmitAsync(TestPeople.Hana.Sign(query), TestContext.Current.CancellationToken);

        again.Refusals[0].Code.Should().Be(RefusalCode.ReadOnly);
        room.Status().MissingWitnesses.Should().Equal("laboratory", "registry");
    }

    [Fact]
    public async Task OpenAsync_rollback_to_before_the_contract_was_in_force_is_not_fresh_by_itself()
    {
        using var first = await _machine.StartAsync();
        var seen = await first.ActivateAsync();

        // Everything after the proposal is cut off; a colluding member has all statements and brings them again.
        var backup = await BackupAsync(seen.State.Collaboration, seen.State.Log.Size - 3);
        using var node = await _machine.StartAsync(backup);
        var room = (await node.OpenAsync(seen.State.Collaboration)).Value;
        var replayed = await room.AppendAsync(TestPeople.Lea.Sign(Scene.Contract), TestContext.Current.CancellationToken);

        replayed.Refusals[0].Code.Should().Be(RefusalCode.ReadOnly);
        room.Status().Mode.Should().Be(RoomMode.AwaitingWitnesses);
        room.Status().MissingWitnesses.Should().Equal("hospital", "laboratory", "registry");
        (await room.WitnessAsync(TestPeople.Ada, seen.Status().Checkpoint)).Refusals[0].Code.Should().Be(RefusalCode.CheckpointInconsistent);
    }

    [Fact]
    public async Task AppendAsync_rollback_within_a_start_halts_the_room_naming_both()
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync();
        var backup = await BackupAsync(room.State.Collaboration, room.State.Log.Size - 2);

        _machine.Ledger.Inner = backup;
        var refused = await room.AppendAsync(TestPeople.Ada.Sign(Scene.Of(room).Suspend()), TestContext.Current.CancellationToken);

        refused.Refusals[0].Code.Should().Be(RefusalCode.CheckpointInconsistent);
        refused.Refusals[0].ToString().Should().Contain($"{room.State.Log.Size} rows").And.Contain($"{room.State.Log.Size - 2} rows");
        room.Status().Mode.Should().Be(RoomMode.Halted);
        (await node.OpenAsync(room.State.Collaboration)).Refusals[0].Code.Should().Be(RefusalCode.CheckpointInconsistent);
    }

    [Fact]
    public async Task OpenAsync_older_copy_of_the_database_file_is_found_out()
    {
        using var directory = new TemporaryDirectory();
        var stop = TestContext.Current.CancellationToken;
        var (path, copy) = (directory.File("ledger.db"), directory.File("backup.db"));
        string collaboration, newest;
        await using (var store = await SqliteLedgerStore.OpenAsync(new SqliteLedgerOptions { Path = path }, stop))
        {
            using var node = await _machine.StartAsync(store);
            collaboration = (await node.ActivateAsync()).State.Collaboration;
        }

        File.Copy(path, copy);
        await using (var store = await SqliteLedgerStore.OpenAsync(new SqliteLedgerOptions { Path = path }, stop))
        {
            using var node = await _machine.StartAsync(store);
            var room = (await node.OpenAsync(collaboration)).Value;
            await room.WitnessAllAsync(room.Status().Checkpoint);
            await room.AddAsync(TestPeople.Ada.Sign(Scene.Of(room).Suspend()));
            newest = room.Status().Checkpoint;
        }

        await using var restored = await SqliteLedgerStore.OpenAsync(new SqliteLedgerOptions { Path = copy }, stop);
        using var after = await _machine.StartAsync(restored);
        var rolledBack = (await after.OpenAsync(collaboration)).Value;

        (await rolledBack.WitnessAsync(TestPeople.Lea, newest)).Refusals[0].Code.Should().Be(RefusalCode.CheckpointInconsistent);
        rolledBack.Status().Mode.Should().Be(RoomMode.Halted);
    }

    [Fact]
    public async Task Extend_client_that_saw_one_of_two_forks_refuses_the_other()
    {
        using var first = await _machine.StartAsync();
        var left = await first.ActivateAsync();
        var backup = await BackupAsync(left.State.Collaboration, left.State.Log.Size);
        using var second = await _machine.StartAsync(backup);
        var right = (await second.OpenAsync(left.State.Collaboration)).Value;
        await right.WitnessAllAsync(left.Status().Checkpoint);
        await left.AddAsync(TestPeople.Ada.Sign(Scene.Of(left).Suspend("left")));
        await right.AddAsync(TestPeople.Lea.Sign(Scene.Of(right).Suspend("right")));
        var mirror = new CleanRoom.Client.Ledger.LedgerMirror(left.State.Collaboration, TestRoom.Services);
        var stop = TestContext.Current.CancellationToken;
        var (ofLeft, ofRight) = (await left.ReadAsync(0, 256, stop), await right.ReadAsync(0, 256, stop));

        var seen = mirror.Extend([.. ofLeft.Rows.Select(row => new Bytes(row))], ofLeft.Checkpoint, []);
        var other = new CleanRoom.Client.Ledger.LedgerMirror(left.State.Collaboration, TestRoom.Services)
            .Extend([.. ofRight.Rows.Select(row => new Bytes(row))], ofRight.Checkpoint, [mirror.Note]);

        seen.IsAccepted.Should().BeTrue();
        other.Refusals[0].Code.Should().Be(RefusalCode.CheckpointInconsistent);
    }

    [Fact]
    public async Task AppendAsync_clock_set_back_is_refused_and_frozen_is_not()
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync();
        await room.AddAsync(TestPeople.Ada.Sign(Scene.Of(room).Suspend()));
        room.State.Log.LastTime.Should().Be(room.Now, "the clock stood still over all rows");

        _machine.Time.AdjustTime(_machine.Time.GetUtcNow() - TimeSpan.FromMilliseconds(1));
        var refused = await room.AppendAsync(TestPeople.Hal.Sign(Scene.Of(room).Resume()), TestContext.Current.CancellationToken);

        refused.Refusals[0].Code.Should().Be(RefusalCode.ClockWrong);
    }

    [Theory]
    [InlineData(5 * 60, true)]
    [InlineData((5 * 60) + 1, false)]
    public async Task WitnessAsync_node_clock_may_lie_five_minutes_behind_and_no_more(int seconds, bool isTaken)
    {
        var (collaboration, note) = await FoundAndStopAsync();
        using var node = await _machine.StartAsync();
        var room = (await node.OpenAsync(collaboration)).Value;
        var (witness, signature) = Scene.Answer(
            TestPeople.Ada, collaboration, room.Status().BootNonce, note, room.Now.Plus(TimeSpan.FromSeconds(seconds)));

        var answered = await room.WitnessAsync(witness, signature, TestContext.Current.CancellationToken);

        answered.IsAccepted.Should().Be(isTaken);
        (isTaken || answered.Refusals[0].Code == RefusalCode.ClockWrong).Should().BeTrue();
    }

    public void Dispose() => _machine.Dispose();

    private async Task<(string Collaboration, string Note)> FoundAndStopAsync()
    {
        using var node = await _machine.StartAsync();
        var room = await node.ActivateAsync();
        return (room.State.Collaboration, room.Status().Checkpoint);
    }

    private Task<ILedgerStore> BackupAsync(string collaboration, long below) =>
        HostLedger.CopyAsync(_machine.Ledger.Inner, new InMemoryLedgerStore(), collaboration, below);
}
