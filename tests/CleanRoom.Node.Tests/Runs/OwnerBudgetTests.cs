using System.Text;
using CleanRoom.Grains.Budgets;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Messages;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Budgets;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage;
using CleanRoom.TestKit.Collaborations;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Runs;

/// <summary>An owner's people have one budget, however many collaborations they are in. Spec: contracts/spec/0016.</summary>
public sealed class OwnerBudgetTests(EngineParts engine)
{
    private const string Sql = "SELECT r.status, count(DISTINCT r.id) AS people FROM registry.people r JOIN laboratory.tests t ON r.id = t.id GROUP BY r.status";

    /// <summary>One query spends the whole budget.</summary>
    private static readonly Contract _contract = Contract("person-v1");

    [Fact]
    public async Task Budget_spent_in_one_collaboration_is_spent_in_the_other()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();

        var (first, _) = await AskAsync(node, _contract);
        var (second, query) = await AskAsync(node, _contract);

        first.State.BudgetLogs.Values.Should().ContainSingle();
        second.State.Queries[query].Runs.Should().BeEmpty();
        second.State.BudgetLogs.Should().BeEmpty();
        (await second.BeginRunAsync(query, mayRunAgain: false, CancellationToken.None)).Refusals.Should().ContainSingle()
            .Which.Should().Match<Refusal>(refusal => refusal.Code == RefusalCode.BudgetExhausted
                && refusal.Wanted.Contains("in all collaborations of registry together", StringComparison.Ordinal));
        second.Status().Mode.Should().Be(RoomMode.Active, "a spent budget stops no room");
        second.ViewOf(query).Value.Reason.Should().StartWith("budget-exhausted: wanted at most").And.EndWith("got more", "what others spent is not told");
    }

    [Fact]
    public async Task Another_unit_domain_has_another_budget()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();

        var (first, _) = await AskAsync(node, _contract);
        var (second, query) = await AskAsync(node, Contract("member-v1"));

        second.State.Queries[query].Runs.Should().ContainSingle().Which.Result.Should().NotBeNull();
        second.State.BudgetLogs.Keys.Should().NotIntersectWith(first.State.BudgetLogs.Keys);
    }

    [Fact]
    public async Task Budget_stays_spent_after_a_start()
    {
        using var machine = new Machine(engine);
        using (var before = await machine.StartAsync())
        {
            _ = await AskAsync(before, _contract);
        }

        using var node = await machine.StartAsync();
        var (room, query) = await AskAsync(node, _contract);

        room.State.Queries[query].Runs.Should().BeEmpty();
    }

    [Fact]
    public async Task Log_that_the_host_lost_or_replaced_stops_every_room_that_holds_it()
    {
        using var machine = new Machine(engine);
        string collaboration, seen;
        Digest query;
        using (var before = await machine.StartAsync())
        {
            var (room, _) = await AskAsync(before, Contract("person-v1", queries: 2));
            query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question("again") with { Sql = Sql }));
            (collaboration, seen) = (room.State.Collaboration, room.Status().Checkpoint);
        }

        var copy = await HostLedger.CopyAsync(machine.Ledger.Inner, new InMemoryLedgerStore(), collaboration, long.MaxValue);
        using var node = await machine.StartAsync(copy);
        var runner = new Runner(node, collaboration);
        var opened = await runner.Room.RoomAsync();
        await opened.WitnessAllAsync(seen);

        await runner.EndAsync(query);

        opened.State.Queries[query].Runs.Should().BeEmpty();
        opened.Status().Should().Match<RoomStatus>(status => status.Mode == RoomMode.Halted
            && status.Reason.Contains("budget log", StringComparison.Ordinal) && status.Reason.Contains("no budget log", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Row_whose_charge_was_lost_is_found_again_and_not_paid_twice()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyAsync(_contract);
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question() with { Sql = Sql }));
        node.Budgets.AfterBooking = () => throw new StorageException(StorageFailure.Failed, "the node died here", null);
        var dying = new Runner(node, room.State.Collaboration);
        await dying.Run.RunAsync(query, mayRunAgain: false, CancellationToken.None);
        node.Budgets.AfterBooking = null;
        (await dying.QueryAsync(query)).Runs.Should().BeEmpty("the charge was not written");

        var runner = new Runner(node, room.State.Collaboration);
        await runner.EndAsync(query);

        (await runner.QueryAsync(query)).Runs.Should().ContainSingle().Which.Result.Should().NotBeNull("its one query fits the budget");
        (await runner.Room.RoomAsync()).State.BudgetLogs.Values.Should().ContainSingle().Which.Size.Should().Be(2);
    }

    [Fact]
    public async Task Of_many_runs_at_once_no_more_are_booked_than_the_budget_holds()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        using var other = await machine.StartAsync();
        var cost = new OwnerCost(
            "registry", TestPeople.Ada.Delegation.RootKey, "person-v1", 10, 1, [Digest.Of("version"u8)], [new OwnerCap(Scene.People, 100, 100, null)]);

        var booked = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => BookAsync((i % 2 == 0 ? node : other).Budgets, i, cost))));

        booked.Count(result => result.IsAccepted).Should().Be(10);
        booked.Where(result => !result.IsAccepted).Should().OnlyContain(result => result.Refusals[0].Code == RefusalCode.BudgetExhausted);
        var log = node.Budgets.Open(cost);
        (await log.LoadAsync(CancellationToken.None)).Should().BeNull();
        log.State.Spent("any", version: null).NanoRho.Should().Be(100);
    }

    [Fact]
    public async Task Store_holds_nothing_of_the_log_in_clear()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var (room, query) = await AskAsync(node, _contract);
        var key = BudgetStore.KeyOf(room.State.BudgetLogs.Keys.Single());

        var bytes = new List<byte>();
        await foreach (var row in machine.Ledger.ReadAsync(key, 0, long.MaxValue, CancellationToken.None))
        {
            bytes.AddRange(row.Ciphertext.ToArray());
        }

        var stored = Encoding.Latin1.GetString([.. bytes]);
        bytes.Should().HaveCountGreaterThan(1000, "two rows are there");
        stored.Should().NotContainAny(room.State.Collaboration, query.ToString(), "owner-charge", "person-v1");
    }

    /// <summary>Books until nobody was first: what the query grain does with a conflict.</summary>
    private static async Task<Result<BudgetProof>> BookAsync(InProcessBudgets budgets, int query, OwnerCost cost)
    {
        var run = new BookedRun(new string('c', 64), Digest.Of(BitConverter.GetBytes(query)), 1);
        while (true)
        {
            var booked = await budgets.BookAsync(run, cost, pinned: null, CancellationToken.None);
            if (booked.IsAccepted || booked.Refusals[0].Code != RefusalCode.SequenceConflict)
            {
                return booked;
            }
        }
    }

    private static async Task<(CollaborationRoom Room, Digest Query)> AskAsync(NodeProcess node, Contract contract)
    {
        var room = await node.SupplyAsync(contract);
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question() with { Sql = Sql }));
        var runner = new Runner(node, room.State.Collaboration);
        await runner.EndAsync(query);
        return (await runner.Room.RoomAsync(), query);
    }

    private static Contract Contract(string domain, int queries = 1) => Scene.Contract with
    {
        Datasets =
        [
            .. Scene.Contract.Datasets.Select(dataset => dataset.SqlName == Scene.People
                ? dataset with
                {
                    Policy = dataset.Policy with
                    {
                        Tier = PolicyTier.Dp,
                        Unit = dataset.Policy.Unit! with { Domain = domain },
                        Dp = new DpRules
                        {
                            Epsilon = 20 * queries * queries, Delta = 0.000001m, MaxEpsilonPerQuery = 20, MaxGroupsPerUnit = 1, Refresh = BudgetRefresh.None,
                        },
                    },
                }
                : dataset with { Policy = dataset.Policy with { Unit = dataset.Policy.Unit is { } unit ? unit with { Domain = domain } : null } }),
        ],
    };
}
