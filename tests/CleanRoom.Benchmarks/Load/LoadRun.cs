using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using CleanRoom.Benchmarks.Running;
using CleanRoom.Cli.Commands.Demo.Story;
using CleanRoom.Cli.Machines;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Protocol;
using CleanRoom.TestKit;

namespace CleanRoom.Benchmarks.Load;

/// <summary>How many there are, and for how long they read.</summary>
/// <param name="Rooms">Rooms of one node.</param>
/// <param name="MembersOfRoom">Members of each, all signed in.</param>
/// <param name="Active">How many of all read; the others hold their sessions.</param>
/// <param name="Seconds">For how long.</param>
internal sealed record LoadSize(int Rooms, int MembersOfRoom, int Active, int Seconds)
{
    public static LoadSize Full { get; } = new(20, 50, 50, 60);

    public static LoadSize Quick { get; } = new(2, 10, 5, 5);
}

/// <summary>
/// Many members are signed in to one node, each with a channel and a verified ledger of his own; some of them read, four times a second, what the portal
/// reads: what the room may do, and rows that are new. Measured is the whole way, at the member: seal, send, answer, open, check.
/// </summary>
internal static class LoadRun
{
    private const int PerSecond = 4;

    private static readonly TimeSpan s_goal = TimeSpan.FromMilliseconds(100);
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Runs and prints.</summary>
    /// <returns>0; 1 for a size that is none, or when a read failed.</returns>
    public static async Task<int> RunAsync(LoadSize? size)
    {
        if (size is null)
        {
            Console.Error.WriteLine("usage: load [--tier quick|full]");
            return 1;
        }

        using var node = await NodeUnderLoad.StartAsync();
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        var people = await SignInAsync(node, http, size);
        Console.WriteLine($"{people.Length} members are signed in to {size.Rooms} rooms; the node has {node.PeakBytes >> 20} MiB");

        var (before, began) = (node.Processor, Stopwatch.GetTimestamp());
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(size.Seconds));
        var readers = people.Where((_, index) => index % (people.Length / size.Active) == 0).Take(size.Active).ToList();
        var reads = (await Task.WhenAll(readers.Select((person, index) => ReadAsync(person.Room, index, enough.Token)))).SelectMany(all => all).ToList();
        var wall = Stopwatch.GetElapsedTime(began);
        var result = new LoadResult
        {
            At = DateTimeOffset.UtcNow,
            Machine = ResultFile.Machine,
            Size = size,
            Reads = reads.Count,
            Errors = reads.Count(read => read.Refusal is not null),
            P50Ms = Percentile(reads, 50),
            P99Ms = Percentile(reads, 99),
            MaxMs = Percentile(reads, 100),
            PeakMiB = node.PeakBytes >> 20,
            ProcessorShare = (node.Processor - before) / wall,
        };
        Console.WriteLine(
            $"{result.Reads} reads in {wall.TotalSeconds:F0} s, {result.Errors} errors; p50 {result.P50Ms:F1} ms, p99 {result.P99Ms:F1} ms (goal {s_goal.TotalMilliseconds:F0}), "
            + $"longest {result.MaxMs:F1} ms; node at most {result.PeakMiB} MiB, {result.ProcessorShare:F2} processors");
        if (reads.Find(read => read.Refusal is not null).Refusal is { } refusal)
        {
            Console.Error.WriteLine($"the first error: {refusal}");
        }

        // A full run's figures are committed beside the code that made them.
        var folder = size == LoadSize.Full ? RepositoryFiles.Committed("tests", "CleanRoom.Benchmarks", "results") : RepositoryFiles.Committed("results");
        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, "load.json");
        await File.WriteAllBytesAsync(path, JsonSerializer.SerializeToUtf8Bytes(result, s_options));
        Console.WriteLine($"written to {path}");
        return result.Errors == 0 ? 0 : 1;
    }

    /// <summary>Founds the rooms, as the demo does, and lets everybody in.</summary>
    private static async Task<ImmutableArray<Person>> SignInAsync(NodeUnderLoad node, HttpClient http, LoadSize size)
    {
        var backend = new BclCryptoBackend();
        using var files = new TestKit.Storage.TemporaryDirectory();
        var trust = NodeMachine.Open(files.Path, backend, node.Build).Value;
        var setting = new StorySetting
        {
            Services = new ClientServices(backend, http, TimeProvider.System, [.. trust.Verifiers]) { Patience = Calls.Patience },
            Address = RoomAddress.Parse(node.Address).Value,
            Data = DemoData.Open(new DirectoryInfo(RepositoryFiles.Committed("contracts", "examples", "nafld"))).Value,
            Accepted = [NodeMachine.Accepted(node.Build)],
            Narrator = new NoNarrator(),
            Tamper = TamperKind.None,
            OperatorDirectory = new DirectoryInfo(files.Path),
            Receipt = new FileInfo(files.File("none")),
        };
        var people = ImmutableArray.CreateBuilder<Person>();
        for (var room = 0; room < size.Rooms; room++)
        {
            var agreement = new Agreement(setting);
            var institutions = await agreement.MakeKeysAsync(CancellationToken.None);
            var contract = await agreement.AgreeAsync(institutions, CancellationToken.None);
            var collaboration = institutions[0].Steward.Room.Collaboration;
            var first = people.Count;
            people.AddRange(institutions.SelectMany(one => new[] { one.Steward, one.Analyst }));
            while (people.Count - first < size.MembersOfRoom)
            {
                var number = people.Count - first;
                var now = Timestamp.From(DateTimeOffset.UtcNow);
                var person = await institutions[number % institutions.Length].HireAsync(backend, $"analyst-{number}", now, CancellationToken.None);
                await agreement.EnterAsync(person, collaboration, contract, CancellationToken.None);
                people.Add(person);
            }
        }

        return people.ToImmutable();
    }

    private static async Task<List<(TimeSpan Took, Refusal? Refusal)>> ReadAsync(RoomClient room, int index, CancellationToken enough)
    {
        var reads = new List<(TimeSpan, Refusal?)>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1) / PerSecond);
        try
        {
            for (var number = index; await timer.WaitForNextTickAsync(enough); number++)
            {
                var began = Stopwatch.GetTimestamp();
                var refusals = number % 2 == 0
                    ? (await room.StatusAsync(CancellationToken.None)).Refusals
                    : (await room.RefreshAsync(CancellationToken.None)).Refusals;
                reads.Add((Stopwatch.GetElapsedTime(began), refusals is [var first, ..] ? first : null));
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }

        return reads;
    }

    private static double Percentile(List<(TimeSpan Took, Refusal? Refusal)> reads, int percent) =>
        reads.Select(read => read.Took.TotalMilliseconds).Percentile(percent);
}
