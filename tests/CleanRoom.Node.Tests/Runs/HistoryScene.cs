using System.Collections.Immutable;
using System.Text;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Queries;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Node.Tests.Runs;

/// <summary>
/// A room of 240 people whose owners want earlier answers remembered and at least 50 people in whatever answers show: 100 of age 30, 100 of age 40,
/// 37 of age 50, 3 of age 90; every second one has status 1.
/// </summary>
internal static class HistoryScene
{
    public const int People = 240;

    /// <summary>Gets the contract: as the example, with room for many queries.</summary>
    public static Contract Contract { get; } = With(maxCells: 2_000);

    /// <summary>Gets the people.</summary>
    public static byte[] PeopleCsv { get; } = Encoding.UTF8.GetBytes("id,age,male,weight,height,bmi,case_id,futime,status\n" + string.Concat(
        Enumerable.Range(1, People).Select(id => $"{id},{(id <= 100 ? 30 : id <= 200 ? 40 : id <= 237 ? 50 : 90)},{id / 2 % 2},70.5,170,24.5,,100,{id % 2}\n")));

    /// <summary>Returns the contract with another number of cells.</summary>
    public static Contract With(int maxCells) => Scene.Contract with
    {
        Datasets =
        [
            .. Scene.Contract.Datasets.Select(dataset => dataset with
            {
                Policy = dataset.Policy with
                {
                    Access = new AccessRules { QueriesPerDay = 50, QueriesLifetime = 1_000 },
                    Threshold = dataset.Policy.Threshold with { MaxCells = maxCells },
                },
            }),
        ],
    };

    /// <summary>Brings both datasets.</summary>
    public static async Task<CollaborationRoom> SupplyPeopleAsync(this NodeProcess node, Contract? contract = null)
    {
        var room = await node.ActivateAsync(contract ?? Contract);
        await node.IngestAsync(room, await node.UploadAsync(room, TestPeople.Ada, Scene.People, PeopleCsv));
        await node.IngestAsync(room, await node.UploadAsync(room, TestPeople.Lea, Scene.Tests, Scene.TestsCsv));
        return room;
    }

    /// <summary>Asks and approves how many people there are of some kind.</summary>
    public static async Task<Digest> CountAsync(this CollaborationRoom room, string where) =>
        DocumentCodec.DigestOf(await room.ApproveAsync(room.Question(where) with
        {
            Sql = $"SELECT count(DISTINCT r.id) AS people FROM registry.people r JOIN laboratory.tests t ON r.id = t.id WHERE {where}",
        }));

    /// <summary>Asks how many people there are of some kind, and runs the question to its end in an activation of its own.</summary>
    public static async Task<string> AnswerAsync(this Machine machine, NodeProcess node, string collaboration, string where)
    {
        var runner = new Runner(node, collaboration);
        var query = await (await runner.Room.RoomAsync()).CountAsync(where);
        await runner.EndAsync(query);
        return await machine.AnswerAsync(runner, query);
    }

    /// <summary>Returns what the receiver reads: the number of people, <c>withheld</c>, or <c>failed</c>.</summary>
    public static async Task<string> AnswerAsync(this Machine machine, Runner runner, Digest query)
    {
        var run = (await runner.QueryAsync(query)).Runs[^1];
        if (run.Result is not { } result)
        {
            return run.Failure is null ? "open" : "failed";
        }

        var (_, bytes) = (await runner.ServedAsync(query))!.Value;
        using var key = await machine.ReceiveKeyAsync(TestPeople.Hana);
        var payload = (await ResultSealing.OpenAsync(machine.Backend, key, result, "hospital", "hana", bytes, CancellationToken.None)).Value.Payload.ToArray();
        if (payload.SequenceEqual(Encoded([])))
        {
            return "withheld";
        }

        return Enumerable.Range(0, People + 1).Single(count => payload.SequenceEqual(Encoded([CellValue.Of((long)count)]))).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static byte[] Encoded(ImmutableArray<CellValue> row) =>
        [.. ReleasedArrow.Encode(new ReleasedTable([new ReleasedColumn("people", CellType.Count)], row.IsEmpty ? [] : [row]))];
}
