using CleanRoom.Cryptography.Sealing;
using CleanRoom.Grains.Datasets;
using CleanRoom.Grains.Messages;
using CleanRoom.Grains.Partitions;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Node.Tests.Ingests;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Runs;

/// <summary>Runs over datasets of several partitions, over the real ledger, objects and engine: the answers are those of one.</summary>
public sealed class PartitionedRunTests(EngineParts engine)
{
    private const int Partitions = 4;

    [Theory]
    [InlineData("SELECT t.test, count(DISTINCT r.id) AS people, avg(t.value) AS mean FROM registry.people r JOIN laboratory.tests t ON r.id = t.id WHERE r.status = 1 GROUP BY t.test", Partitions)]
    [InlineData("SELECT r.status, count(*) AS n, sum(t.value) AS total FROM registry.people r JOIN laboratory.tests t ON r.id = t.id GROUP BY r.status", Partitions)]
    [InlineData("SELECT count(*) AS n FROM registry.people r JOIN laboratory.tests t ON r.id = t.id WHERE r.age < 30", Partitions)]
    [InlineData("SELECT r.status, count(DISTINCT t.test) AS kinds FROM registry.people r JOIN laboratory.tests t ON r.id = t.id GROUP BY r.status", 1)]
    public async Task Run_inParts_isAnsweredAsInOne(string sql, int runs)
    {
        using var parted = Parted(engine);
        using var whole = new Machine(engine);

        var (answer, ran) = await AnswerAsync(parted, sql);
        var (expected, once) = await AnswerAsync(whole, sql);

        answer.Should().Equal(expected);
        (ran, once).Should().Be((runs, 1));
    }

    [Theory]
    [InlineData("120 | withheld", "r.status = 1", "r.status = 1 AND r.age < 90")]
    [InlineData("120 | 120", "r.status = 1", "r.status <> 0")]
    [InlineData("withheld", "r.age < 90")]
    [InlineData("240 | 240", "r.age < 100", "r.status < 2")]
    [InlineData("100 | 140 | withheld | 100", "r.age < 40", "r.age >= 40", "r.age < 50", "NOT (r.age >= 40)")]
    [InlineData("withheld | 120", "r.age >= 90", "r.status = 1")]
    public async Task Answers_inParts_togetherShowNobodyOrEnoughPeople(string expected, params string[] questions)
    {
        using var machine = Parted(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyPeopleAsync();
        room.State.CurrentDataset(Scene.People)!.Ingest!.Derived.Should().HaveCount(Partitions);
        var answers = new List<string>();
        foreach (var question in questions)
        {
            answers.Add(await machine.AnswerAsync(node, room.State.Collaboration, question));
        }

        string.Join(" | ", answers).Should().Be(expected);
    }

    [Theory]
    [InlineData(192, 0)]
    [InlineData(191, ListScene.K)]
    public async Task List_inParts_countsThePeopleOfAllRuns(int from, int people)
    {
        using var machine = Parted(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyListsAsync(from, ListScene.People + 100);

        var answer = await machine.ListAsync(node, room.State.Collaboration, $"SELECT p.id, p.age {ListScene.Join} WHERE e.days = 1");

        answer.Lines.Should().Equal(people == 0 ? [] : Enumerable.Range(from, people).Select(id => $"{id},{30 + (id % 50)}"));
        answer.Release.Units.Should().Be(people);
    }

    [Fact]
    public async Task Ingest_inParts_hasEachPersonInOneAndAllPeopleInAll()
    {
        using var machine = Parted(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyAsync();
        var keys = (await node.Services.Keyring.OpenAsync(room.State.Collaboration, CancellationToken.None)).Value.Keys;

        async Task<List<List<string>>> PartsAsync(string dataset)
        {
            var version = room.State.CurrentDataset(dataset)!;
            var parts = new List<List<string>>();
            foreach (var derived in version.Ingest!.Derived)
            {
                parts.Add(await node.ReadAsync(
                    keys,
                    new DerivedPosition { Collaboration = room.State.Collaboration, Dataset = dataset, ManifestDigest = version.Digest, Name = derived.Name, Partition = derived.Partition },
                    "id"));
            }

            return parts;
        }

        var people = await PartsAsync(Scene.People);
        var tests = await PartsAsync(Scene.Tests);

        people.Should().HaveCount(Partitions).And.NotContain(part => part.Count == 0);
        people.SelectMany(part => part).Select(int.Parse).Order().Should().Equal(Enumerable.Range(1, 240));
        tests.Should().HaveCount(Partitions);
        tests.Zip(people).Should().OnlyContain(pair => pair.First.ToHashSet().SetEquals(pair.Second), "two files of one unit are split alike");
        tests.Sum(part => part.Count).Should().Be(480);
    }

    [Theory]
    [InlineData(RefusalCode.QueryFailed, "failed")]
    [InlineData(RefusalCode.SealInvalid, "failed")]
    public async Task Run_inParts_ofWhichOneFails_fails(RefusalCode code, string expected)
    {
        using var machine = Parted(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyPeopleAsync();
        var runner = new Runner(node, room.State.Collaboration, engine: new FailingPartition(node, run => run == 2 ? code : null));
        var query = await (await runner.Room.RoomAsync()).CountAsync("r.status = 1");

        await runner.EndAsync(query);

        (await machine.AnswerAsync(runner, query)).Should().Be(expected);
    }

    [Fact]
    public async Task Run_inParts_ofWhichOneHasNoMachine_isTriedAgain()
    {
        using var machine = Parted(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyPeopleAsync();
        var runner = new Runner(node, room.State.Collaboration, engine: new FailingPartition(node, run => run is 1 or 7 ? RefusalCode.Unavailable : null));
        var query = await (await runner.Room.RoomAsync()).CountAsync("r.status = 1");

        await runner.EndAsync(query);

        (await machine.AnswerAsync(runner, query)).Should().Be("120");
        (await runner.QueryAsync(query)).Runs.Should().ContainSingle("one charge, whatever it took");
    }

    /// <summary>Rows cut into pieces of any size; then what no honest partition says of its pieces.</summary>
    [Theory]
    [InlineData(1, 0, "120")]
    [InlineData(7, 0, "120")]
    [InlineData(1_000_000, 0, "120")]
    [InlineData(7, 1, "failed")]
    [InlineData(7, -1, "failed")]
    [InlineData(7, int.MaxValue, "failed")]
    [InlineData(0, 0, "failed")]
    public async Task Run_rowsInPieces_arePutTogether(int piece, int tooMany, string expected)
    {
        using var machine = Parted(engine);
        using var node = await machine.StartAsync();
        var room = await node.SupplyPeopleAsync();
        var runner = new Runner(node, room.State.Collaboration, engine: (Func<int, object>)(_ => new SlicingPartition(node, piece, tooMany)));
        var query = await (await runner.Room.RoomAsync()).CountAsync("r.status = 1");

        await runner.EndAsync(query);

        (await machine.AnswerAsync(runner, query)).Should().Be(expected);
    }

    private static Machine Parted(EngineParts engine) => new(engine) { Ingest = new IngestLimits { PartitionBytes = 2_000 }, Runs = new RunLimits { RunBytes = 1 } };

    private static async Task<(byte[] Payload, int Runs)> AnswerAsync(Machine machine, string sql)
    {
        using var node = await machine.StartAsync();
        var room = await node.SupplyAsync();
        var watched = new WatchedPartition(node);
        var runner = new Runner(node, room.State.Collaboration, engine: watched);
        var query = DocumentCodec.DigestOf(await (await runner.Room.RoomAsync()).ApproveAsync(room.Question(sql) with { Sql = sql }));
        await runner.EndAsync(query);
        var run = (await runner.QueryAsync(query)).Runs.Single();
        using var key = await machine.ReceiveKeyAsync(TestPeople.Hana);
        var served = await runner.ServedAsync(query);
        served.Should().NotBeNull($"engines failed: {string.Join("; ", watched.Failures.DefaultIfEmpty("none"))}; {string.Join("; ", runner.Lines.Written)}");
        var (_, bytes) = served!.Value;
        return ((await ResultSealing.OpenAsync(machine.Backend, key, run.Result!, "hospital", "hana", bytes, CancellationToken.None)).Value.Payload.ToArray(), watched.Texts.Count);
    }

    /// <summary>A partition that hands its rows over in pieces, and may say that there are more or fewer than there are.</summary>
    private sealed class SlicingPartition(NodeProcess node, int piece, int tooMany)
    {
        private readonly InProcessPartition _inner = new(node, new RunLimits { EngineThreads = 1 });
        private byte[] _rows = [];

        public async Task<GrainReply<PartitionRows>> RunAsync(PartitionAssignment assignment, CancellationToken cancellationToken)
        {
            _rows = (await _inner.RunAsync(assignment, cancellationToken)).Value!.Bytes;
            return Piece(0);
        }

        public Task<GrainReply<PartitionRows>> RestAsync(string correlationId, int offset) => Task.FromResult(Piece(offset));

        private GrainReply<PartitionRows> Piece(int offset)
        {
            var end = Math.Min(_rows.Length, offset + piece);
            return new GrainReply<PartitionRows> { Value = new PartitionRows(offset < end ? _rows[offset..end] : [], (int)Math.Min(int.MaxValue, (long)_rows.Length + tooMany)) };
        }
    }

    /// <summary>Partitions of which some refuse.</summary>
    private sealed class FailingPartition(NodeProcess node, Func<int, RefusalCode?> refuses)
    {
        private readonly InProcessPartition _inner = new(node, new RunLimits { EngineThreads = 1 });
        private int _runs;

        public Task<GrainReply<PartitionRows>> RunAsync(PartitionAssignment assignment, CancellationToken cancellationToken) =>
            refuses(Interlocked.Increment(ref _runs)) is { } code
                ? Task.FromResult(GrainReplies.Refuse<PartitionRows>([new Refusal(code, "a partition that works", "another")]))
                : _inner.RunAsync(assignment, cancellationToken);

        public Task<GrainReply<PartitionRows>> RestAsync(string correlationId, int offset) => _inner.RestAsync(correlationId, offset);
    }
}
