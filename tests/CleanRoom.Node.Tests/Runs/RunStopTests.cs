using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Partitions;
using CleanRoom.Grains.Queries;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Storage.Objects;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Runs;

public sealed class RunStopTests(EngineParts engine) : IDisposable
{
    private readonly Machine _machine = new(engine);

    [Theory]
    [InlineData("suspension by any owner")]
    [InlineData("query by an owner of an input")]
    [InlineData("query by its author")]
    [InlineData("dataset by its owner")]
    [InlineData("member by its root")]
    public async Task RunAsync_stopped_while_it_runs_is_never_served(string stop)
    {
        using var node = await _machine.StartAsync();
        var room = await node.SupplyAsync();
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question()));
        var runner = new Runner(node, room.State.Collaboration);
        runner.Room.BeforeCommit = live => live.AddAsync(Statement(live, query, stop));

        await runner.EndAsync(query);

        (await runner.QueryAsync(query)).Runs.Should().ContainSingle().Which.Result.Should().BeNull();
        (await runner.ServedAsync(query)).Should().BeNull();
        (await _machine.Objects.NamesAsync(ObjectContainer.Results)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("suspension by an auditor")]
    [InlineData("query by a stranger to it")]
    [InlineData("dataset by another owner")]
    [InlineData("member by another root")]
    public async Task RunAsync_stopped_by_someone_who_may_not_goes_on(string stop)
    {
        using var node = await _machine.StartAsync();
        var room = await node.SupplyAsync();
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question()));
        var runner = new Runner(node, room.State.Collaboration);
        var isRefused = false;
        runner.Room.BeforeCommit = async live => isRefused = !(await live.AppendAsync(Statement(live, query, stop), CancellationToken.None)).IsAccepted;

        await runner.EndAsync(query);

        isRefused.Should().BeTrue();
        (await runner.ServedAsync(query)).Should().NotBeNull();
    }

    [Theory]
    [InlineData("suspension by any owner", RefusalCode.ContractNotActive)]
    [InlineData("query by an owner of an input", RefusalCode.Revoked)]
    [InlineData("dataset by its owner", RefusalCode.Revoked)]
    [InlineData("member by its root", RefusalCode.MemberRevoked)]
    public async Task BeginRunAsync_charged_run_that_was_stopped_since_is_not_decrypted(string stop, RefusalCode code)
    {
        using var node = await _machine.StartAsync();
        var room = await node.SupplyAsync();
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question()));
        (await room.BeginRunAsync(query, mayRunAgain: false, TestContext.Current.CancellationToken)).IsAccepted.Should().BeTrue();
        await room.AddAsync(Statement(room, query, stop));

        var again = await room.BeginRunAsync(query, mayRunAgain: false, TestContext.Current.CancellationToken);

        again.Refusals[0].Code.Should().Be(code);
    }

    [Fact]
    public async Task ViewOf_answer_in_a_room_that_waits_for_witnesses_says_why_it_is_withheld()
    {
        using var node = await _machine.StartAsync();
        var room = await node.SupplyAsync();
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question()));
        await new Runner(node, room.State.Collaboration).EndAsync(query);

        using var next = await _machine.StartAsync();
        var view = (await next.OpenAsync(room.State.Collaboration)).Value.ViewOf(query).Value;

        view.ResultName.Should().BeNull();
        view.Withheld!.Code.Should().Be(RefusalCode.ReadOnly, "a client asks again, where it would give up at an answer that is unknown");
    }

    [Fact]
    public async Task CommitAsync_before_it_a_receiver_with_the_object_store_opens_nothing()
    {
        using var node = await _machine.StartAsync();
        var room = await node.SupplyAsync();
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question()));
        var runner = new Runner(node, room.State.Collaboration);
        byte[] early = [];
        runner.Room.BeforeCommit = async live =>
        {
            var name = (await _machine.Objects.NamesAsync(ObjectContainer.Results)).Single();
            early = await _machine.Objects.BytesAsync(ObjectContainer.Results, name);
            live.State.Queries[query].Runs[^1].Result.Should().BeNull();
            live.ViewOf(query).Value.ResultName.Should().BeNull();
        };
        await runner.EndAsync(query);
        var committed = (await runner.QueryAsync(query)).Runs[^1].Result!;
        using var key = await _machine.ReceiveKeyAsync(TestPeople.Hana);
        var stop = TestContext.Current.CancellationToken;

        var without = await ResultSealing.OpenAsync(_machine.Backend, key, committed with { Wraps = [] }, "hospital", "hana", early, stop);
        var guessed = await ResultSealing.OpenAsync(
            _machine.Backend, key, committed with { Wraps = [TestDocuments.Wrap(TestPeople.Hana)] }, "hospital", "hana", early, stop);
        var with = await ResultSealing.OpenAsync(_machine.Backend, key, committed, "hospital", "hana", early, stop);

        without.Refusals[0].Code.Should().Be(RefusalCode.ResultUnknown);
        guessed.Refusals[0].Code.Should().Be(RefusalCode.SealInvalid);
        with.IsAccepted.Should().BeTrue("the wrap in the row is the only way in");
    }

    [Fact]
    public async Task BeginRunAsync_runs_again_only_when_asked_and_within_what_all_approvers_allow()
    {
        using var node = await _machine.StartAsync();
        var room = await node.SupplyAsync(Scene.Contract with
        {
            Datasets = [.. Scene.Contract.Datasets.Select(d => d with { Policy = d.Policy with { Access = d.Policy.Access with { QueriesPerDay = 50, QueriesLifetime = 50 } } })],
        });
        var (question, verdict) = await room.AskAsync(room.Question());
        foreach (var (member, runs) in new[] { (TestPeople.Ada, 5), (TestPeople.Lea, 2), (TestPeople.Leo, 5) })
        {
            var yes = room.Yes(question, verdict, member.Member);
            await room.AddAsync(member.Sign(yes with { Conditions = yes.Conditions with { MaxRuns = runs } }));
        }

        var query = DocumentCodec.DigestOf(question);
        var runner = new Runner(node, room.State.Collaboration);
        await runner.EndAsync(query);
        await runner.EndAsync(query);
        (await runner.QueryAsync(query)).Runs.Should().ContainSingle("nobody asked for another");
        (await runner.Room.RoomAsync()).ViewOf(query).Value.MayRunAgain.Should().BeTrue();

        await runner.EndAsync(query, mayRunAgain: true);
        await runner.EndAsync(query, mayRunAgain: true);

        (await runner.QueryAsync(query)).Runs.Should().HaveCount(2);
        (await runner.Room.RoomAsync()).ViewOf(query).Value.MayRunAgain.Should().BeFalse();
    }

    [Fact]
    public async Task BeginRunAsync_fifty_submissions_at_once_on_two_nodes_keep_daily_and_lifetime_caps()
    {
        using var node = await _machine.StartAsync();
        var room = await node.SupplyAsync();
        var queries = new List<Digest>();
        for (var i = 0; i < 50; i++)
        {
            queries.Add(DocumentCodec.DigestOf(await room.ApproveAsync(room.Question($"question {i}"))));
        }

        InProcessRoom[] rooms = [new(node, room.State.Collaboration), new(node, room.State.Collaboration)];
        (await BeginAllAsync(rooms, queries)).Should().Be(2, "the registry allows two queries a day");
        _machine.Time.Advance(TimeSpan.FromDays(1));
        (await BeginAllAsync(rooms, queries)).Should().Be(3, "the registry allows three queries in all");
        _machine.Time.Advance(TimeSpan.FromDays(2));
        (await BeginAllAsync(rooms, queries)).Should().Be(3);
    }

    [Theory]
    [InlineData("swapped")]
    [InlineData("cut")]
    [InlineData("changed")]
    public async Task RunAsync_derived_object_that_the_host_changed_fails_with_a_correlation_id_alone(string change)
    {
        using var node = await _machine.StartAsync();
        var room = await node.SupplyAsync();
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question()));
        var names = await _machine.Objects.NamesAsync(ObjectContainer.Derived);
        var derived = room.State.Datasets.Values.Select(d => ObjectName.Parse(d.Ingest!.Derived.Single().Name)).ToList();
        names.Should().Contain(derived);
        var one = await _machine.Objects.BytesAsync(ObjectContainer.Derived, derived[0]);
        var other = await _machine.Objects.BytesAsync(ObjectContainer.Derived, derived[1]);
        await _machine.Objects.ReplaceAsync(ObjectContainer.Derived, derived[0], change switch
        {
            "swapped" => other,
            "cut" => one[..^20],
            _ => [.. one[..^1], (byte)(one[^1] ^ 1)],
        });

        await FailsAsync(new Runner(node, room.State.Collaboration), query);
    }

    [Fact]
    public async Task RunAsync_killed_engine_costs_that_query_alone()
    {
        using var node = await _machine.StartAsync();
        var room = await node.SupplyAsync();
        var first = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question("first")));
        var second = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question("second")));

        await FailsAsync(new Runner(node, room.State.Collaboration, new RunLimits { EngineWallClock = TimeSpan.FromTicks(1) }), first);
        var runner = new Runner(node, room.State.Collaboration);
        await runner.EndAsync(second);

        (await runner.ServedAsync(second)).Should().NotBeNull();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    public async Task RunAsync_engine_that_answers_garbage_fails_with_a_correlation_id_alone(int length)
    {
        using var node = await _machine.StartAsync();
        var room = await node.SupplyAsync();
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question()));
        var garbage = TestRandom.Bytes("garbage", Math.Max(1, length)).ToArray()[..length];

        await FailsAsync(new Runner(node, room.State.Collaboration, engine: new LyingPartition(garbage)), query);
    }

    [Fact]
    public async Task WaitForScheduleAsync_answers_only_at_the_contracts_moments()
    {
        using var node = await _machine.StartAsync();
        var room = await node.SupplyAsync(TestContracts.First with { Output = TestContracts.First.Output with { AnswerEveryMs = 1000 } });
        var query = DocumentCodec.DigestOf(await room.ApproveAsync(room.Question()));
        var stop = TestContext.Current.CancellationToken;
        var assignment = (await room.BeginRunAsync(query, mayRunAgain: false, stop)).Value;
        using var guestOnlyKey = SecretBytes.Random(32);
        var prepared = (await RunPreparation.PrepareAsync(assignment, engine.Analyzer, guestOnlyKey, new RunSizes(1L << 30, Silos: 1), "id", stop)).Value;
        _machine.Time.Advance(TimeSpan.FromMilliseconds(250));

        var waiting = new RunSealing(Runner.Services(node)).WaitForScheduleAsync(prepared, stop);

        waiting.IsCompleted.Should().BeFalse();
        _machine.Time.Advance(TimeSpan.FromMilliseconds(749));
        waiting.IsCompleted.Should().BeFalse();
        _machine.Time.Advance(TimeSpan.FromMilliseconds(1));
        await waiting;
    }

    public void Dispose() => _machine.Dispose();

    private static async Task FailsAsync(Runner runner, Digest query)
    {
        await runner.EndAsync(query);
        var failed = (await runner.QueryAsync(query)).Runs.Should().ContainSingle().Which;
        failed.Result.Should().BeNull();
        failed.Failure!.CorrelationId.Should().MatchRegex("^[0-9a-f]{32}$");
        (await runner.Room.RoomAsync()).ViewOf(query).Value.Reason.Should().Be(failed.Failure.CorrelationId);
        (await runner.ServedAsync(query)).Should().BeNull();
    }

    /// <summary>Begins a run of every query at once, turn by turn on two rooms; returns how many are charged in the end.</summary>
    private static async Task<int> BeginAllAsync(InProcessRoom[] rooms, List<Digest> queries)
    {
        await Task.WhenAll(queries.Select(async (query, index) =>
        {
            while ((await rooms[index % rooms.Length].BeginRunAsync(query.ToString(), mayRunAgain: false)).Refusals is [{ Code: RefusalCode.SequenceConflict }])
            {
                await Task.Yield();
            }
        }));
        return (await rooms[0].RoomAsync()).State.Queries.Values.Sum(query => query.Runs.Length);
    }

    private static Envelope Statement(CollaborationRoom room, Digest query, string stop)
    {
        var view = Scene.Of(room);
        var dataset = room.State.CurrentDataset(Scene.People)!.Digest.ToString();
        return stop switch
        {
            "suspension by any owner" => TestPeople.Hal.Sign(view.Suspend()),
            "query by an owner of an input" => TestPeople.Ada.Sign(view.Revoke(RevocationKind.Query, query.ToString())),
            "query by its author" => TestPeople.Hana.Sign(view.Revoke(RevocationKind.Query, query.ToString())),
            "dataset by its owner" => TestPeople.Ada.Sign(view.Revoke(RevocationKind.Dataset, dataset)),
            "member by its root" => TestPeople.Hana.Revoke(),
            "suspension by an auditor" => TestPeople.Hugo.Sign(view.Suspend()),
            "query by a stranger to it" => TestPeople.Hugo.Sign(view.Revoke(RevocationKind.Query, query.ToString())),
            "dataset by another owner" => TestPeople.Lea.Sign(view.Revoke(RevocationKind.Dataset, dataset)),
            _ => TestPeople.Root("laboratory").Sign(TestPeople.Hana.Revocation),
        };
    }
}
