using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Node.Tests.Runs;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Ingests;

/// <summary>Identifiers under a profile are stored as tokens of their collaboration, and joined by them. The unit of the room is an e-mail address.</summary>
public sealed class RekeyingTests(EngineParts engine)
{
    private const int People = 120;
    private const string Sql = "SELECT count(DISTINCT p.id) AS people FROM registry.people p JOIN laboratory.tests t ON p.id = t.id";

    private static readonly Contract _contract = With(ColumnType.String, list: false);
    private static readonly byte[] _people = Csv("id,age,male,weight,height,bmi,case_id,futime,status", id => [$" Person{id}@Example.COM ,40,{id % 2},70.5,170,24.5,,100,{id % 2}"]);
    private static readonly byte[] _tests = Csv("id,days,test,value", id => [$"person{id}@example.com,1,hdl,50", $"PERSON{id}@example.com,2,chol,90"]);

    [Fact]
    public async Task Ingest_storesTokensOfTheRoom_andNoIdentifier()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var one = await SupplyAsync(node, _contract);
        var other = await SupplyAsync(node, _contract with { Id = "0123456789abcdef0123456789abcdef" });
        var here = await node.StoredAsync(one, Scene.People, "id");
        var there = await node.StoredAsync(other, Scene.People, "id");
        using var ours = await TokensAsync(node, one);
        using var theirs = await TokensAsync(node, other);

        one.State.CurrentDataset(Scene.People)!.Ingest!.Rekeyed!.Value.Should().Equal("email.basic.v1");
        one.State.CurrentDataset(Scene.People)!.Ingest!.EveryRowHasUnit.Should().BeTrue();
        here.Should().BeEquivalentTo(Enumerable.Range(1, People).Select(id => Token(ours, $"person{id}@example.com")), "nothing else is stored");
        there.Should().BeEquivalentTo(Enumerable.Range(1, People).Select(id => Token(theirs, $"person{id}@example.com")));
        here.Should().NotIntersectWith(there, "nobody may join the same person across collaborations");
    }

    [Theory]
    [InlineData(ColumnType.String)]
    [InlineData(ColumnType.Sha256)]
    public async Task Run_joinsAndCountsByTokens(ColumnType type)
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await SupplyAsync(node, With(type, list: false));

        (await CountAsync(machine, node, room)).Should().Be("120");
    }

    [Fact]
    public async Task Run_key_reachesNeitherEngineNorLedgerNorStore()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await SupplyAsync(node, _contract);
        var watched = new WatchedPartition(node);
        (await CountAsync(machine, node, room, watched)).Should().Be("120");
        var keys = (await node.Services.Keyring.OpenAsync(room.State.Collaboration, TestContext.Current.CancellationToken)).Value.Keys;
        var secrets = new[] { keys.GuestOnly.Span.ToArray(), HKDF.DeriveKey(HashAlgorithmName.SHA256, keys.GuestOnly.Span.ToArray(), 32, [], "cleanroom/v1/identifier-key"u8.ToArray()) };

        var reader = new Runner(node, room.State.Collaboration);
        var log = (await (await reader.Room.RoomAsync()).ReadAsync(0, int.MaxValue, TestContext.Current.CancellationToken)).Rows;
        var texts = watched.Texts.Select(Encoding.UTF8.GetBytes).Concat(log).ToList();
        (watched.Texts.Count, texts.Count).Should().Be((1, (int)(await reader.Room.RoomAsync()).State.Log.Size + 1), "one SQL, and the whole log with the answer");
        foreach (var secret in secrets)
        {
            foreach (var form in new[] { secret, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret)), Encoding.ASCII.GetBytes(Convert.ToBase64String(secret)) })
            {
                texts.Should().NotContain(text => Contains(text, form));
            }
        }
    }

    [Fact]
    public async Task Ingest_ofAProfileThatIsListed_keepsTheValue()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await SupplyAsync(node, With(ColumnType.String, list: true));

        foreach (var dataset in new[] { Scene.People, Scene.Tests })
        {
            room.State.CurrentDataset(dataset)!.Ingest!.Rekeyed.Should().BeNull(dataset);
            (await node.StoredAsync(room, dataset, "id")).Should().BeEquivalentTo(Enumerable.Range(1, People).Select(id => $"person{id}@example.com"), dataset);
        }
    }

    [Fact]
    public async Task Statement_ofAnotherForm_isNotTaken()
    {
        using var machine = new Machine(engine);
        using var node = await machine.StartAsync();
        var room = await node.ActivateAsync(_contract);
        var manifest = await node.UploadAsync(room, TestPeople.Ada, Scene.People, _people);
        var statement = (await node.Ingestion().RunAsync(room.BeginIngest(DocumentCodec.DigestOf(manifest)).Value, new Progress<int>(), TestContext.Current.CancellationToken)).Value;

        (await room.AppendAsNodeAsync(statement with { Rekeyed = null }, TestContext.Current.CancellationToken)).Refusals
            .Should().ContainSingle().Which.Should().Match<Refusal>(refusal => refusal.Code == RefusalCode.DatasetRejected
                && refusal.Wanted == "registry.people with tokens for email.basic.v1" && refusal.Got == "a version with tokens for no profile: bring it anew");
        (await room.AppendAsNodeAsync(statement, TestContext.Current.CancellationToken)).IsAccepted.Should().BeTrue();
    }

    private static async Task<CollaborationRoom> SupplyAsync(NodeProcess node, Contract contract)
    {
        var room = await node.ActivateAsync(contract);
        var hashed = contract.Datasets[0].Policy.Columns["id"].Type == ColumnType.Sha256;
        await node.IngestAsync(room, await node.UploadAsync(room, TestPeople.Ada, Scene.People, hashed ? Hashed(_people) : _people));
        await node.IngestAsync(room, await node.UploadAsync(room, TestPeople.Lea, Scene.Tests, hashed ? Hashed(_tests) : _tests));
        return room;
    }

    private static async Task<string> CountAsync(Machine machine, NodeProcess node, CollaborationRoom room, object? engine = null)
    {
        var runner = new Runner(node, room.State.Collaboration, limits: null, engine);
        var query = DocumentCodec.DigestOf(await (await runner.Room.RoomAsync()).ApproveAsync(room.Question() with { Sql = Sql }));
        await runner.EndAsync(query);
        return await machine.AnswerAsync(runner, query);
    }

    private static async Task<IdentifierTokens> TokensAsync(NodeProcess node, CollaborationRoom room) =>
        IdentifierTokens.Of((await node.Services.Keyring.OpenAsync(room.State.Collaboration, TestContext.Current.CancellationToken)).Value.Keys.GuestOnly);

    private static string Token(IdentifierTokens tokens, string identifier)
    {
        var token = new byte[IdentifierTokens.TokenBytes];
        tokens.Write("email.basic.v1", Encoding.ASCII.GetBytes(identifier), token);
        return Convert.ToHexStringLower(token);
    }

    private static bool Contains(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> part) => bytes.IndexOf(part) >= 0;

    private static byte[] Csv(string header, Func<int, IEnumerable<string>> rows) =>
        Encoding.UTF8.GetBytes(header + "\n" + string.Concat(Enumerable.Range(1, People).SelectMany(rows).Select(row => row + "\n")));

    /// <summary>The same rows with the digest of the normal form in place of the address.</summary>
    private static byte[] Hashed(byte[] csv) => Encoding.UTF8.GetBytes(string.Concat(Encoding.UTF8.GetString(csv).TrimEnd().Split('\n').Select((line, index) =>
        (index == 0 ? line : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(line.Split(',')[0].Trim().ToLowerInvariant()))) + line[line.IndexOf(',', StringComparison.Ordinal)..]) + "\n")));

    private static Contract With(ColumnType type, bool list) => HistoryScene.Contract with
    {
        Templates = [],
        Approval = HistoryScene.Contract.Approval with { Standing = [] },
        Datasets =
        [
            .. HistoryScene.Contract.Datasets.Select(dataset => dataset with
            {
                Policy = dataset.Policy with
                {
                    Tier = list && dataset.SqlName == Scene.People ? PolicyTier.List : dataset.Policy.Tier,
                    Columns = dataset.Policy.Columns.ToImmutableSortedDictionary(
                        pair => pair.Key,
                        pair => pair.Key == "id"
                            ? new ColumnPolicy { Type = type, Uses = list && dataset.SqlName == Scene.People ? [ColumnUse.Join, ColumnUse.List] : [ColumnUse.Join, ColumnUse.CountDistinct], Normalise = "email.basic.v1" }
                            : list && dataset.SqlName == Scene.People ? pair.Value with { Uses = [], Public = false } : pair.Value,
                        StringComparer.Ordinal),
                },
            }),
        ],
    };
}
