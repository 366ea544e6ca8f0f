using System.Collections.Concurrent;
using System.Collections.Immutable;
using CleanRoom.Client.Budgets;
using CleanRoom.Client.Datasets;
using CleanRoom.Client.Rooms;
using CleanRoom.Node.Tests.Client.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Budgets;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Ledger;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Client;

/// <summary>An owner's machine holds the node to the budget log that it has shown before. Spec: contracts/spec/0016 s.6.</summary>
public sealed class RoomBudgetsTests
{
    private const string Domain = "person-v1";

    private static readonly Es256TestKey _node = Es256TestKey.Named("node");
    private static readonly ConcurrentDictionary<Digest, Envelope> _signed = new();

    [Fact]
    public async Task A_log_is_read_checked_and_remembered()
    {
        var (world, room) = await ReadyAsync();
        world.Room.BudgetLog = Show(Log(world, 3));

        var log = (await new RoomBudgets(room).ReadAllAsync(World.Cancel)).Value.Should().ContainSingle().Subject;

        (log.Charges.Length, log.Collaborations, log.Spent.NanoRho, log.Spent.AttoDelta).Should().Be((3, 3, 30, 3));
        world.Registry.Memory.BudgetLog.Should().Be(world.Room.BudgetLog.Checkpoint);
        world.Room.BudgetLog = Show(Log(world, 5));
        (await new RoomBudgets(room).ReadAsync(Domain, World.Cancel)).Value.Charges.Should().HaveCount(5);
    }

    [Fact]
    public async Task A_node_without_a_log_is_believed_until_one_was_seen()
    {
        var (world, room) = await ReadyAsync();
        (await new RoomBudgets(room).ReadAsync(Domain, World.Cancel)).Value.Charges.Should().BeEmpty();
        world.Room.BudgetLog = Show(Log(world, 1));
        (await new RoomBudgets(room).ReadAsync(Domain, World.Cancel)).IsAccepted.Should().BeTrue();

        world.Room.BudgetLog = new RowsResponse([], 0, "none");

        await RefusesAsync(room, RefusalCode.CheckpointInconsistent);
    }

    [Fact]
    public async Task A_log_that_lost_rows_or_has_others_is_proof_against_the_node()
    {
        var (world, room) = await ReadyAsync();
        world.Room.BudgetLog = Show(Log(world, 3));
        (await new RoomBudgets(room).ReadAsync(Domain, World.Cancel)).IsAccepted.Should().BeTrue();
        var seen = world.Registry.Memory.BudgetLog;

        foreach (var other in new[] { Show(Log(world, 2)), Show(Log(world, 3, first: 7)), Show(Log(world, 3, key: "another"), "another") })
        {
            world.Room.BudgetLog = other;
            await RefusesAsync(room, RefusalCode.CheckpointInconsistent);
        }

        world.Registry.Memory.BudgetLog.Should().Be(seen, "what was seen is not forgotten");
    }

    [Fact]
    public async Task A_log_that_does_not_bear_its_own_checkpoint_is_refused()
    {
        var (world, room) = await ReadyAsync();
        var whole = Show(Log(world, 3));
        world.Room.BudgetLog = whole with { Rows = whole.Rows[..3] };
        await RefusesAsync(room, RefusalCode.RowInvalid);
        world.Room.BudgetLog = whole with { Checkpoint = whole.Checkpoint.Replace("\n4\n", "\n5\n", StringComparison.Ordinal) };
        await RefusesAsync(room, RefusalCode.SignatureInvalid);
        world.Room.BudgetLog = Show(Log(world, 3, domain: "household-v1"));
        await RefusesAsync(room, RefusalCode.RowInvalid);
        world.Room.BudgetLog = whole with { Rows = whole.Rows.SetItem(2, whole.Rows[1]) };
        await RefusesAsync(room, RefusalCode.RowInvalid);
    }

    [Fact]
    public async Task No_key_is_granted_to_a_node_that_has_lost_what_was_spent()
    {
        var (world, room) = await ReadyAsync();
        world.Room.BudgetLog = Show(Log(world, 3));
        (await new RoomBudgets(room).ReadAsync(Domain, World.Cancel)).IsAccepted.Should().BeTrue();
        world.Room.BudgetLog = new RowsResponse([], 0, "none");

        var store = new FakeUploads();
        var sent = await SendAsync(room, store);
        var published = await new RoomDatasets(room, store).PublishAsync(sent, World.Cancel);

        published.Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.CheckpointInconsistent);
        room.State.Datasets.Values.Should().ContainSingle().Which.Grant.Should().BeNull();
        world.Room.BudgetLog = Show(Log(world, 4));
        (await new RoomDatasets(room, store).PublishAsync(store.State, World.Cancel)).IsAccepted.Should().BeTrue();
        room.State.Datasets.Values.Should().ContainSingle().Which.Grant.Should().NotBeNull();
    }

    private static async Task RefusesAsync(RoomClient room, RefusalCode code) =>
        (await new RoomBudgets(room).ReadAsync(Domain, World.Cancel)).Refusals.Should().ContainSingle().Which.Code.Should().Be(code);

    private static async Task<UploadState> SendAsync(RoomClient room, FakeUploads store)
    {
        var file = "id,age,male,weight,height,bmi,case_id,futime,status\n1,30,1,70,170,24,1,100,0\n"u8.ToArray();
        var source = new DatasetSource(file.Length, Timestamp.From(DateTimeOffset.UnixEpoch), _ => ValueTask.FromResult<Stream>(new MemoryStream(file, writable: false)));
        var uploads = new RoomUploads(room, store);
        var begun = (await uploads.BeginAsync("registry.people", source, World.Cancel)).Value;
        return (await uploads.SendAsync(begun, source, null, World.Cancel)).Value;
    }

    private static async Task<(World World, RoomClient Room)> ReadyAsync()
    {
        var world = await World.ActiveAsync(contract => contract with
        {
            Datasets =
            [
                .. contract.Datasets.Select(dataset => dataset.SqlName != "registry.people" ? dataset : dataset with
                {
                    Policy = dataset.Policy with
                    {
                        Tier = PolicyTier.Dp,
                        Unit = dataset.Policy.Unit! with { Domain = Domain },
                        Dp = new DpRules { Epsilon = 4, Delta = 0.000000001m, MaxEpsilonPerQuery = 1, MaxGroupsPerUnit = 1, Refresh = BudgetRefresh.None },
                    },
                }),
            ],
        });
        return (world, (await world.OpenAsync(world.Registry)).Value);
    }

    /// <summary>Makes the registry's log with as many charges, each of another collaboration.</summary>
    private static ImmutableArray<LedgerRow> Log(World world, int charges, int first = 0, string key = "log", string domain = Domain)
    {
        using var checkpoint = TestRandom.Ed25519(key);
        var id = BudgetLogId.Of(world.Registry.Root.PublicKey, domain, checkpoint.PublicKey);
        var genesis = new BudgetGenesis
        {
            BudgetLog = id, OwnerKey = world.Registry.Root.PublicKey, Domain = domain, CheckpointKey = checkpoint.PublicKey, SigningKey = _node.PublicKey,
        };
        return
        [
            new LedgerRow(0, world.Room.Now, Sign(genesis)),
            .. Enumerable.Range(1, charges).Select(i => new LedgerRow(i, world.Room.Now, Sign(
                new OwnerCharge
                {
                    BudgetLog = id,
                    Collaboration = new string((char)('a' + i), 64),
                    QueryDigest = default,
                    Run = first + i,
                    Versions = [],
                    NanoRho = 10,
                    AttoDelta = 1,
                    SigningKey = _node.PublicKey,
                }))),
        ];
    }

    /// <summary>Signs a statement once: another signature would make another row.</summary>
    private static Envelope Sign(Document statement) => _signed.GetOrAdd(DocumentCodec.DigestOf(statement), _ => _node.Sign(statement));

    private static RowsResponse Show(ImmutableArray<LedgerRow> rows, string key = "log")
    {
        using var checkpoint = TestRandom.Ed25519(key);
        var id = DocumentCodec.Parse<BudgetGenesis>(rows[0].Envelope.Payload.Span).Value.BudgetLog;
        var note = CheckpointNote.Build(
            new Checkpoint(id, rows.Length, MerkleTree.Root([.. rows.Select(row => row.Leaf)])),
            new NoteVerifierKey(id, NoteKeyType.Ed25519, checkpoint.PublicKey.Span),
            text => checkpoint.Sign(text));
        return new RowsResponse([.. rows.Select(row => new Bytes(RowCodec.Encode(row)))], rows.Length, note);
    }
}
