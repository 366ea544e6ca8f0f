using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using CleanRoom.Benchmarks.Load;
using CleanRoom.Cli.Commands.Demo.Story;
using CleanRoom.Cli.Machines;
using CleanRoom.Client.Queries;
using CleanRoom.Client.Results;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Fold;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Benchmarks.Rooms;

/// <summary>A room on a node in a process of its own, founded and supplied as the demo does it: signed contract, sealed upload, granted keys, ingest.</summary>
internal sealed class BenchmarkRoom : IDisposable
{
    private static readonly TimeSpan s_life = TimeSpan.FromDays(1);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(10) };
    private readonly TemporaryDirectory _files = new();
    private readonly NodeUnderLoad _node;
    private Person _analyst = null!; // SupplyAsync sets it; nothing else hands a room out.
    private ImmutableArray<Institution> _institutions = [];

    private BenchmarkRoom(NodeUnderLoad node) => _node = node;

    /// <summary>Gets the folder of the plain files, and of those that were uploaded.</summary>
    public string Folder => _files.Path;

    /// <summary>Gets the node.</summary>
    public NodeUnderLoad Node => _node;

    /// <summary>Makes the files, a node and a room, and brings the files in.</summary>
    /// <param name="data">What is made.</param>
    /// <param name="plain">Makes the files.</param>
    /// <param name="settings">Added to the node's configuration.</param>
    public static async Task<BenchmarkRoom> SupplyAsync(BenchmarkData data, PlainEngine plain, JsonObject settings)
    {
        var room = new BenchmarkRoom(await NodeUnderLoad.StartAsync(settings));
        try
        {
            data.Write(plain, room.Folder);
            await room.FoundAsync();
            return room;
        }
        catch
        {
            room.Dispose();
            throw;
        }
    }

    /// <summary>Asks a question that nobody has to approve: from its signature to the row of its sealed answer in the ledger.</summary>
    /// <returns>How long it took, and the answer's rows as text.</returns>
    public async Task<(List<string[]> Rows, TimeSpan Took)> AskAsync(string sql)
    {
        var now = Timestamp.From(DateTimeOffset.UtcNow);
        var question = QueryQuestion.OfSql(BenchmarkData.OfRoom(sql), ["brand", "publisher"]);
        var began = Stopwatch.GetTimestamp();
        var submitted = (await new RoomQueries(_analyst.Room).SubmitAsync(question, new QueryTerms(1, now, now.Plus(s_life)), CancellationToken.None)).OrEnd();
        var status = QueryStatus.None;
        await foreach (var told in new RoomRuns(_analyst.Room).FollowAsync(submitted.QueryDigest, CancellationToken.None))
        {
            status = told.OrEnd().Status;
        }

        if (status != QueryStatus.Completed)
        {
            throw new InvalidOperationException($"{status}: {sql}");
        }

        var took = Stopwatch.GetElapsedTime(began);
        var opened = await Calls.PatientlyAsync(
            _analyst.Room.Services, () => new RoomResults(_analyst.Room).OpenAsync(submitted.QueryDigest, CancellationToken.None), CancellationToken.None);
        return ([.. ArrowTable.Read(opened.Payload).Rows.Select(row => row.Select(cell => cell ?? string.Empty).ToArray())], took);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var institution in _institutions)
        {
            institution.Dispose();
        }

        _node.Dispose();
        _http.Dispose();
        _files.Dispose();
    }

    private async Task FoundAsync()
    {
        var backend = new BclCryptoBackend();
        var trust = NodeMachine.Open(_files.Path, backend, _node.Build).Value;
        var setting = new StorySetting
        {
            Services = new ClientServices(backend, _http, TimeProvider.System, [.. trust.Verifiers]) { Patience = Calls.Patience },
            Address = RoomAddress.Parse(_node.Address).Value,
            Data = DemoData.Open(new DirectoryInfo(_files.Path)).OrEnd(),
            Accepted = NodeMachine.Accepted(_node.Build),
            Narrator = new NoNarrator(),
            Tamper = TamperKind.None,
            OperatorDirectory = new DirectoryInfo(_node.Data),
            Receipt = new FileInfo(_files.File("none")),
        };
        var agreement = new Agreement(setting);
        _institutions = await agreement.MakeKeysAsync(CancellationToken.None);
        var contract = await agreement.AgreeAsync(_institutions, CancellationToken.None);
        var began = Stopwatch.GetTimestamp();
        var contribution = new Contribution(setting);
        var manifests = await contribution.UploadAsync(contract, _institutions, CancellationToken.None);
        var uploaded = Stopwatch.GetElapsedTime(began);
        await contribution.IngestAsync(contract, _institutions, manifests, CancellationToken.None);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"supplied: checked, sealed and uploaded in {uploaded.TotalSeconds:F0} s, taken in {(Stopwatch.GetElapsedTime(began) - uploaded).TotalSeconds:F0} s later"));
        _analyst = _institutions.Single(one => one.Id == "brand").Analyst;
        (await _analyst.Room.RefreshAsync(CancellationToken.None)).OrEnd();
    }
}
