using System.Text;
using CleanRoom.Client.Contracts;
using CleanRoom.Client.Ledger;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Node.Tests.Client.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Node.Tests.Client;

public class LedgerMirrorTests
{
    [Fact]
    public async Task Rows_taken_at_once_and_one_by_one_lead_to_the_same_state()
    {
        var (world, log) = await LogAsync();
        var whole = MirrorOf(world);
        whole.Extend(Rows(log), log.Note, []).IsAccepted.Should().BeTrue();
        var piecewise = MirrorOf(world);
        for (var size = 1; size <= log.Rows.Count; size++)
        {
            var note = log.Sign(size, log.State.Log.RootAt(size), log.CheckpointKey);
            piecewise.Extend([new Bytes(log.Rows[size - 1])], note, []).Value.Size.Should().Be(size);
        }

        piecewise.State.Log.Root.Should().Be(whole.State.Log.Root);
        piecewise.State.ActiveContract.Should().Be(whole.State.ActiveContract).And.NotBeNull();
        piecewise.Note.Should().Be(log.Note);
    }

    [Fact]
    public async Task A_row_with_one_byte_changed_is_refused_and_nothing_is_taken()
    {
        var (world, log) = await LogAsync();
        for (var index = 0; index < log.Rows.Count; index++)
        {
            var text = Encoding.UTF8.GetString(log.Rows[index]);
            log.Replace(index, Encoding.UTF8.GetBytes(text.Replace("T08:00:00.000Z\"}", "T08:00:00.001Z\"}", StringComparison.Ordinal)));
        }

        var mirror = MirrorOf(world);
        mirror.Extend(Rows(log), log.Note, []).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.RowInvalid);
        mirror.Rows.Should().BeEmpty();
        mirror.State.Genesis.Should().BeNull();
    }

    [Fact]
    public async Task A_payload_that_was_changed_is_refused_by_its_signature()
    {
        var (world, log) = await LogAsync();
        var last = RowCodec.Parse(log.Rows[^1]).Value;
        var signature = last.Envelope.Signatures[0];
        var forged = last with
        {
            Envelope = last.Envelope with { Signatures = [signature with { Sig = new Bytes([.. signature.Sig.Span[1..], signature.Sig.Span[0]]) }] },
        };
        log.Replace(log.Rows.Count - 1, RowCodec.Encode(forged));
        MirrorOf(world).Extend(Rows(log), log.Note, []).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.SignatureInvalid);
    }

    [Fact]
    public async Task A_row_left_out_is_refused()
    {
        var (world, log) = await LogAsync();
        MirrorOf(world).Extend([.. Rows(log).Take(2), .. Rows(log).Skip(3)], log.Note, []).Refusals.Select(r => r.Code)
            .Should().Equal(RefusalCode.RowInvalid);
    }

    [Fact]
    public async Task A_checkpoint_of_another_key_is_refused()
    {
        var (world, log) = await LogAsync();
        using var stranger = Ed25519Key.Generate();
        var note = log.Sign(log.State.Log.Size, log.State.Log.Root, stranger);
        MirrorOf(world).Extend(Rows(log), note, []).Refusals.Select(r => r.Code)
            .Should().BeSubsetOf([RefusalCode.SignatureMissing, RefusalCode.SignatureInvalid]).And.NotBeEmpty();
    }

    [Fact]
    public async Task Another_collaboration_s_log_is_refused()
    {
        var (world, log) = await LogAsync();
        var mirror = new LedgerMirror(new string('0', 64), world.Services.Fold);
        mirror.Extend(Rows(log), log.Note, []).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.RowInvalid);
    }

    [Fact]
    public async Task A_shorter_log_than_the_one_seen_is_refused_and_both_checkpoints_are_named()
    {
        var (world, log) = await LogAsync();
        var older = log.Copy(log.Rows.Count - 1);
        var refusal = MirrorOf(world).Extend(Rows(older), older.Note, [log.Note]).Refusals.Should().ContainSingle().Subject;
        refusal.Code.Should().Be(RefusalCode.CheckpointInconsistent);
        refusal.Wanted.Should().Contain($"{log.State.Log.Size} rows with root {log.State.Log.Root}");
        refusal.Got.Should().Contain($"{older.State.Log.Size} rows with root {older.State.Log.Root}");
    }

    [Fact]
    public async Task A_fork_of_the_log_seen_is_refused_and_both_checkpoints_are_named()
    {
        var (world, log) = await LogAsync();
        var fork = Fork(log);
        fork.State.Log.Size.Should().Be(log.State.Log.Size);
        var refusal = MirrorOf(world).Extend(Rows(fork), fork.Note, [log.Note]).Refusals.Should().ContainSingle().Subject;
        refusal.Code.Should().Be(RefusalCode.CheckpointInconsistent);
        refusal.Wanted.Should().Contain(log.State.Log.Root.ToString());
        refusal.Got.Should().Contain(fork.State.Log.Root.ToString());
    }

    [Fact]
    public async Task A_fork_under_a_mirror_that_holds_rows_is_refused()
    {
        var (world, log) = await LogAsync();
        var mirror = MirrorOf(world);
        mirror.Extend(Rows(log), log.Note, []).IsAccepted.Should().BeTrue();
        var fork = Fork(log);
        mirror.Extend([], fork.Note, []).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.CheckpointInconsistent);
        mirror.Note.Should().Be(log.Note);
    }

    [Fact]
    public async Task An_older_checkpoint_of_the_same_log_is_fine()
    {
        var (world, log) = await LogAsync();
        var older = log.Copy(3);
        MirrorOf(world).Extend(Rows(log), log.Note, [older.Note]).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public async Task A_client_that_saw_one_fork_refuses_the_other_and_stops_the_node()
    {
        var (world, log) = await LogAsync();
        await world.OpenAsync(world.Registry);
        var fork = Fork(log);
        await world.RestartAsync(fork);
        (await world.OpenAsync(world.Registry)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.CheckpointInconsistent);
        world.Room.Halted!.Got.Should().Contain(fork.State.Log.Root.ToString());
        world.Registry.Memory.Record!.Checkpoint.Should().Be(log.Note);
    }

    [Fact]
    public async Task A_client_that_saw_a_longer_log_refuses_the_older_copy_and_stops_the_node()
    {
        var (world, log) = await LogAsync();
        await new RoomContracts((await world.OpenAsync(world.Registry)).Value).SuspendAsync("a look at it", World.Cancel);
        await world.RestartAsync(log.Copy(log.Rows.Count - 1));
        (await world.OpenAsync(world.Registry)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.CheckpointInconsistent);
        world.Room.Halted!.Wanted.Should().Contain(log.State.Log.Root.ToString());
        world.Room.IsFresh.Should().BeFalse();
    }

    [Fact]
    public async Task A_client_that_is_open_refuses_a_node_that_came_back_with_an_older_copy()
    {
        var (world, log) = await LogAsync();
        var client = (await world.OpenAsync(world.Registry)).Value;
        await world.RestartAsync(log.Copy(log.Rows.Count - 1));
        (await client.RefreshAsync(World.Cancel)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.CheckpointInconsistent);
    }

    [Fact]
    public async Task A_binding_with_a_longer_checkpoint_than_the_rows_served_is_refused()
    {
        var (world, log) = await LogAsync();
        var newest = log.Note;
        await world.RestartAsync(log.Copy(log.Rows.Count - 1));
        world.Registry.Memory.Record = world.Registry.Memory.Record! with { Checkpoint = null };
        world.Node.Claims = binding => binding with { Checkpoint = newest };
        (await world.OpenAsync(world.Registry)).Refusals.Select(r => r.Code).Should().Equal(RefusalCode.CheckpointInconsistent);
    }

    [Fact]
    public async Task A_log_of_many_pages_is_read_to_its_end()
    {
        var world = await World.ActiveAsync();
        var client = (await world.OpenAsync(world.Registry)).Value;
        var contracts = new RoomContracts(client);
        for (var i = 0; i < 20; i++)
        {
            (await contracts.SuspendAsync("a look at it", World.Cancel)).IsAccepted.Should().BeTrue();
            foreach (var member in world.Members)
            {
                var resume = new RoomContracts((await world.OpenAsync(member)).Value);
                (await resume.ResumeAsync(World.Cancel)).IsAccepted.Should().BeTrue();
            }
        }

        world.Room.Log!.Rows.Count.Should().BeGreaterThan(64);
        (await world.OpenAsync(world.Laboratory)).Value.State.Log.Root.Should().Be(world.Room.Log.State.Log.Root);
    }

    [Fact]
    public async Task The_room_waits_for_every_owner_and_stays_closed_to_answers_of_another_start()
    {
        var (world, _) = await LogAsync();
        await world.RestartAsync();
        await world.OpenAsync(world.Registry);
        await world.RestartAsync();
        var client = (await world.OpenAsync(world.Laboratory)).Value;
        var status = (await client.StatusAsync(World.Cancel)).Value;
        status.Mode.Should().Be(RoomMode.AwaitingWitnesses);
        status.MissingWitnesses.Should().BeEquivalentTo("registry", "hospital");
    }

    private static async Task<(World World, FakeLog Log)> LogAsync()
    {
        var world = await World.ActiveAsync();
        return (world, world.Room.Log!);
    }

    private static LedgerMirror MirrorOf(World world) => new(world.Room.Log!.Collaboration, world.Services.Fold);

    private static List<Bytes> Rows(FakeLog log) => [.. log.Rows.Select(row => new Bytes(row))];

    /// <summary>The same log up to its last row, which was taken at another time.</summary>
    private static FakeLog Fork(FakeLog log)
    {
        var fork = log.Copy(log.Rows.Count - 1);
        var again = RowCodec.Parse(log.Rows[^1]).Value;
        fork.Append(again.Envelope, again.Time.Plus(TimeSpan.FromSeconds(1))).IsAccepted.Should().BeTrue();
        return fork;
    }
}
