using CleanRoom.Client.Results;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Runs;

/// <summary>Lists of the people whom two sides both have, over the real ledger, objects and engine.</summary>
public sealed class ListRunTests(EngineParts engine)
{
    private const int First = ListScene.People - ListScene.K + 1;

    [Theory]
    [InlineData(First + 1, 0)]
    [InlineData(First, ListScene.K)]
    [InlineData(First - 1, ListScene.K + 1)]
    public async Task Run_overlapAtTheThreshold_countsPeopleNotRows(int from, int people)
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyListsAsync(from, ListScene.People + 100);

        var answer = await machine.ListAsync(node, room.State.Collaboration, $"SELECT p.id, p.age {ListScene.Join} WHERE e.days = 1");
        var all = await machine.ListAsync(node, room.State.Collaboration, $"SELECT p.id, p.age {ListScene.Join}");

        answer.Table.Columns.Should().Equal("id", "age");
        answer.Lines.Should().Equal(people == 0 ? [] : Enumerable.Range(from, people).Select(id => $"{id},{30 + (id % 50)}"));
        answer.Release.Units.Should().Be(people);
        all.Table.Rows.Should().HaveCount(Math.Min(people * 20, 1_000), "the contract lets out 1,000 rows");
        answer.Run.Charge.Costs.Should().ContainSingle().Which.Should().Match<BudgetCharge>(cost => cost.Dataset == Scene.People && cost.Queries == 1);
        answer.Run.Result!.History.Should().BeEmpty();
    }

    [Fact]
    public async Task Run_tooFew_looksLikeNobody()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyListsAsync(First + 1, ListScene.People + 100);
        var few = await machine.ListAsync(node, room.State.Collaboration, $"SELECT p.id {ListScene.Join}");
        var later = new Runner(node, room.State.Collaboration);
        await node.BringEventsAsync(await later.Room.RoomAsync(), ListScene.People + 1, ListScene.People + 100);
        var none = await machine.ListAsync(node, room.State.Collaboration, $"SELECT p.id {ListScene.Join}");

        few.Opened.Payload.ToArray().Should().Equal(none.Opened.Payload.ToArray());
        (few.Release.Units, few.Release.Columns.Length).Should().Be((none.Release.Units, none.Release.Columns.Length));
        few.Run.Result!.Blob.Bytes.Should().Be(none.Run.Result!.Blob.Bytes);
    }

    [Fact]
    public async Task Run_isLogged_andItsReceiverChecksWhoLeft()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyListsAsync(101, 200);
        var answer = await machine.ListAsync(
            node, room.State.Collaboration, $"SELECT e.id AS who, p.age, p.weight {ListScene.Join} WHERE p.age >= 40 AND e.days = 1 ORDER BY p.age DESC, who LIMIT 7");

        answer.Lines.Should().Equal("149,79,70.5", "199,79,70.5", "148,78,70.5", "198,78,70.5", "147,77,70.5", "197,77,70.5", "146,76,70.5");
        var release = answer.Release;
        release.ManifestDigest.Should().Be(room.State.CurrentDataset(Scene.People)!.Digest);
        (release.Units, string.Join(",", release.Columns)).Should().Be((7, "0"));
        release.Commitment.Should().Be(ReleaseCommitments.Commit(answer.Opened.Salt.Span, release.ManifestDigest, ["149", "199", "148", "198", "147", "197", "146"]));
        Check(answer, answer.Run.Result!).Should().BeNull();

        var runner = new Runner(node, room.State.Collaboration);
        var state = (await runner.Room.RoomAsync()).State;
        var receipt = DocumentCodec.ParseReceipt(state.Queries[answer.Query].Runs[0].Receipt!.Payload.Span).Value;
        receipt.Predicate.Releases!.Value.Should().BeEquivalentTo([release]);
    }

    [Fact]
    public async Task Receiver_refusesAListThatIsNotTheOneInTheLedger()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyListsAsync(101, 200);
        var answer = await machine.ListAsync(node, room.State.Collaboration, $"SELECT p.id, p.age {ListScene.Join} WHERE e.days = 1 LIMIT 60");
        var (result, release) = (answer.Run.Result!, answer.Release);

        foreach (var wrong in new[]
        {
            release with { Commitment = Digest.Of("other"u8) },
            release with { Units = 59 },
            release with { Units = 61 },
            release with { ManifestDigest = Digest.Of("other"u8) },
            release with { Columns = [1] },
            release with { Columns = [0, 1] },
        })
        {
            Check(answer, result with { Releases = [wrong] })!.Code.Should().Be(RefusalCode.SealInvalid);
        }

        Check(answer, result with { Releases = [release with { Columns = [2] }] })!.Code.Should().Be(RefusalCode.DocumentInvalid);
        Check(answer, result).Should().BeNull();
    }

    [Fact]
    public async Task Run_withoutThePeopleInTheAnswer_saysNothingThatCouldBeTried()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyListsAsync(101, 200);
        var answer = await machine.ListAsync(node, room.State.Collaboration, $"SELECT p.age {ListScene.Join} ORDER BY p.age LIMIT 1");

        answer.Lines.Should().Equal("30");
        (answer.Release.Units, answer.Release.Columns.IsEmpty).Should().Be((1, true));
        var people = Enumerable.Range(1, ListScene.People).Select(id => id.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToList();
        people.Select(id => ReleaseCommitments.Commit(answer.Opened.Salt.Span, answer.Release.ManifestDigest, [id]))
            .Should().NotContain(answer.Release.Commitment, "the receiver would learn who is of age 30");
        var keys = (await node.Services.Keyring.OpenAsync(room.State.Collaboration, TestContext.Current.CancellationToken)).Value;
        var runner = new Runner(node, room.State.Collaboration);
        var leaves = (await runner.Room.RoomAsync()).State.Log.Leaves;
        using var salt = RunSeeds.ReleaseSalt(keys.Keys.GuestOnly, leaves[(int)answer.Run.ChargeSequence]);
        var guests = people.Select(id => ReleaseCommitments.Commit(salt.Span, answer.Release.ManifestDigest, [id])).ToList();
        guests.Should().ContainSingle(commitment => commitment == answer.Release.Commitment, "with the guest's own salt it is one person's");
    }

    [Fact]
    public async Task WhoIsNoReceiver_getsNothing()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyListsAsync(101, 200);
        (await RefusedAsync(room, room.ListQuestion($"SELECT p.id {ListScene.Join}") with { Receivers = ["laboratory"] }))
            .Should().Contain(VerdictCodes.Receiver, "the registry does not name the laboratory");

        var answer = await machine.ListAsync(node, room.State.Collaboration, $"SELECT p.id, p.age {ListScene.Join}");
        answer.Run.Result!.Wraps.Should().ContainSingle().Which.Should().Match<ResultWrap>(wrap => wrap.Collaborator == "hospital" && wrap.Member == "hana");
        var runner = new Runner(node, room.State.Collaboration);
        var (_, bytes) = (await runner.ServedAsync(answer.Query))!.Value;
        foreach (var stranger in new[] { TestPeople.Rita, TestPeople.Ada, TestPeople.Leo, TestPeople.Hugo })
        {
            using var key = await machine.ReceiveKeyAsync(stranger);
            (await ResultSealing.OpenAsync(machine.Backend, key, answer.Run.Result!, stranger.Collaborator, stranger.Member, bytes, TestContext.Current.CancellationToken))
                .Refusals.Select(refusal => refusal.Code).Should().Equal(RefusalCode.ResultUnknown);
            (await ResultSealing.OpenAsync(machine.Backend, key, answer.Run.Result!, "hospital", "hana", bytes, TestContext.Current.CancellationToken))
                .Refusals.Select(refusal => refusal.Code).Should().Equal(RefusalCode.SealInvalid);
        }
    }

    [Theory]
    [InlineData("SELECT p.id, p.status " + ListScene.Join, "CONTEXT:status:LIST")]
    [InlineData("SELECT count(*) " + ListScene.Join, VerdictCodes.AggFn)]
    [InlineData("SELECT id, age FROM registry.people", VerdictCodes.JoinRequired)]
    public async Task Question_thatTheContractForbids_isRefused(string sql, string code)
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyListsAsync(101, 200);
        var asked = room.ListQuestion(sql);
        var question = sql.Contains("events", StringComparison.Ordinal) ? asked : asked with { Inputs = [asked.Inputs[0]] };

        (await RefusedAsync(room, question)).Should().Contain(code);

        room.State.Queries.Should().BeEmpty();
    }

    [Fact]
    public async Task Run_whoseProcessDiesBetweenAnyTwoSteps_paysOnceAndListsTheSame()
    {
        var steps = await DieAsync(int.MaxValue);
        steps.Should().BeGreaterThanOrEqualTo(5, "charge, two datasets, the blob, the result");
        for (var step = 1; step <= steps; step++)
        {
            await DieAsync(step);
        }
    }

    private static async Task<string> RefusedAsync(CollaborationRoom room, Query question) =>
        (await room.SubmitAsync(TestPeople.Hana.Sign(question), TestContext.Current.CancellationToken)).Refusals
            .Should().ContainSingle(refusal => refusal.Code == RefusalCode.QueryRefused).Which.Got;

    private static Refusal? Check(ListAnswer answer, RunResult result) => ReleaseChecks.WhyWrong(result, answer.Opened);

    private async Task<int> DieAsync(int step)
    {
        using var machine = new Machine(engine);
        Digest query;
        string collaboration, seen;
        int steps;
        using (var node = await machine.StartAsync())
        {
            var room = await node.SupplyListsAsync(101, 200);
            (collaboration, seen) = (room.State.Collaboration, room.Status().Checkpoint);
            query = await room.ApproveListAsync($"SELECT p.id {ListScene.Join} WHERE e.days = 3");
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
        var answer = await machine.ReadListAsync(runner, query);
        answer.Lines.Should().Equal(Enumerable.Range(101, 100).Select(id => $"{id}"), $"the process died before step {step}");
        Check(answer, answer.Run.Result!).Should().BeNull();
        return steps;
    }
}
