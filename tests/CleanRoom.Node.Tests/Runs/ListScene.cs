using System.Collections.Immutable;
using System.Text;
using CleanRoom.Client.Results;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Runs;

/// <summary>
/// A room in which the registry lets id, age and weight of people be listed whom the hospital has too, if they are at least 50. The registry has the
/// people 1 to 240, of age 30 to 79; the hospital brings events of its own.
/// </summary>
internal static class ListScene
{
    public const string Events = "hospital.events";
    public const int People = 240;
    public const int K = 50;
    public const string Join = "FROM registry.people p JOIN hospital.events e ON p.id = e.id";

    private const int EventsOfEach = 20;

    /// <summary>Gets the contract.</summary>
    public static Contract Contract { get; } = Scene.Contract with
    {
        Datasets =
        [
            .. Scene.Contract.Datasets.Select(dataset => dataset.SqlName switch
            {
                Scene.People => dataset with { Policy = Listed(dataset.Policy) },
                Events => dataset with { Policy = dataset.Policy with { Approval = QueryApproval.None } },
                _ => dataset,
            }),
        ],
        Templates = [],
        Approval = Scene.Contract.Approval with { Standing = [] },
    };

    /// <summary>Brings all data; the hospital's people from one number to another, each with as many rows as the contract allows.</summary>
    public static async Task<CollaborationRoom> SupplyListsAsync(this NodeProcess node, int from, int to)
    {
        var room = await node.SupplyAsync(Contract);
        await node.BringEventsAsync(room, from, to);
        return room;
    }

    /// <summary>Brings another version of the hospital's people.</summary>
    public static async Task BringEventsAsync(this NodeProcess node, CollaborationRoom room, int from, int to)
    {
        var rows = Enumerable.Range(from, to - from + 1).SelectMany(id => Enumerable.Range(1, EventsOfEach).Select(day => $"{id},{day},nafld\n"));
        await node.IngestAsync(room, await node.UploadAsync(room, TestPeople.Hal, Events, Encoding.UTF8.GetBytes("id,days,event\n" + string.Concat(rows))));
    }

    /// <summary>Returns a question of the hospital for itself.</summary>
    public static Query ListQuestion(this CollaborationRoom room, string sql) => room.Question(sql) with
    {
        Sql = sql,
        Inputs = [Scene.Of(room).Input(Scene.People), Scene.Of(room).Input(Events)],
    };

    /// <summary>Asks, and lets the registry approve.</summary>
    public static async Task<Digest> ApproveListAsync(this CollaborationRoom room, string sql)
    {
        var (query, verdict) = await room.AskAsync(room.ListQuestion(sql));
        verdict.Codes.Should().BeEmpty(sql);
        await room.AddAsync(TestPeople.Ada.Sign(room.Yes(query, verdict, "ada" + query.Nonce)));
        return DocumentCodec.DigestOf(query);
    }

    /// <summary>Asks and runs to the end, in an activation of its own.</summary>
    public static async Task<ListAnswer> ListAsync(this Machine machine, NodeProcess node, string collaboration, string sql)
    {
        var runner = new Runner(node, collaboration);
        var query = await (await runner.Room.RoomAsync()).ApproveListAsync(sql);
        await runner.EndAsync(query);
        return await machine.ReadListAsync(runner, query);
    }

    /// <summary>Opens the answer as the hospital's receiver.</summary>
    public static async Task<ListAnswer> ReadListAsync(this Machine machine, Runner runner, Digest query)
    {
        var run = (await runner.QueryAsync(query)).Runs[^1];
        var (_, bytes) = (await runner.ServedAsync(query))!.Value;
        using var key = await machine.ReceiveKeyAsync(TestPeople.Hana);
        var opened = (await ResultSealing.OpenAsync(machine.Backend, key, run.Result!, "hospital", "hana", bytes, CancellationToken.None)).Value;
        return new ListAnswer(query, run, opened, ArrowTable.Read(opened.Payload));
    }

    private static DatasetPolicy Listed(DatasetPolicy policy) => policy with
    {
        Tier = PolicyTier.List,
        Receivers = ["hospital"],
        Access = new AccessRules { QueriesPerDay = 50, QueriesLifetime = 1_000 },
        Approval = QueryApproval.Each,
        Columns = policy.Columns.ToImmutableSortedDictionary(
            pair => pair.Key,
            pair => pair.Value with
            {
                Public = false,
                Uses = pair.Key switch
                {
                    "id" => [ColumnUse.Join, ColumnUse.List],
                    "age" => [ColumnUse.Filter, ColumnUse.List],
                    "weight" => [ColumnUse.List],
                    "status" => [ColumnUse.Filter],
                    _ => [],
                },
            },
            StringComparer.Ordinal),
    };
}
