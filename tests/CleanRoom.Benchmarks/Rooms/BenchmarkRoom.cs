using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;
using CleanRoom.Benchmarks.Load;
using CleanRoom.Benchmarks.Running;
using CleanRoom.Cli.Commands.Demo.Story;
using CleanRoom.Cli.Machines;
using CleanRoom.Client.Queries;
using CleanRoom.Client.Results;
using CleanRoom.Client.Rooms;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Benchmarks.Rooms;

/// <summary>A room on a node in processes of its own, founded and supplied as the demo does it: signed contract, sealed upload, granted keys, ingest.</summary>
internal sealed class BenchmarkRoom : IDisposable
{
    private static readonly TimeSpan s_life = TimeSpan.FromDays(1);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(10) };
    private readonly TemporaryDirectory _files = new();
    private readonly IServedNode _node;
    private readonly IRoomFiles _data;
    private Person _analyst = null!; // SupplyAsync sets it; nothing else hands a room out.
    private ImmutableArray<Institution> _institutions = [];

    private BenchmarkRoom(IServedNode node, IRoomFiles data) => (_node, _data) = (node, data);

    /// <summary>Gets the folder of the plain files, and of those that were uploaded.</summary>
    public string Folder => _files.Path;

    /// <summary>Gets the files.</summary>
    public IRoomFiles Data => _data;

    /// <summary>Gets the node, which the room ends with itself.</summary>
    public IServedNode Node => _node;

    /// <summary>Gets how long it took to check, seal, upload and take in.</summary>
    public TimeSpan Supplied { get; private set; }

    /// <summary>Gets the room as the one who asks sees it.</summary>
    public RoomClient Analyst => _analyst.Room;

    /// <summary>Makes the files and a room, and brings the files in.</summary>
    /// <param name="data">What is made.</param>
    /// <param name="plain">Makes the files.</param>
    /// <param name="node">Ends with the room.</param>
    public static async Task<BenchmarkRoom> SupplyAsync(IRoomFiles data, PlainEngine plain, IServedNode node)
    {
        var room = new BenchmarkRoom(node, data);
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

    /// <summary>Makes a node of one process, the files and a room, and brings the files in.</summary>
    /// <param name="data">What is made.</param>
    /// <param name="plain">Makes the files.</param>
    /// <param name="settings">Added to the node's configuration.</param>
    public static async Task<BenchmarkRoom> SupplyAsync(IRoomFiles data, PlainEngine plain, JsonObject settings) =>
        await SupplyAsync(data, plain, await NodeUnderLoad.StartAsync(settings));

    /// <summary>Asks a room at rest a question that nobody has to approve, and opens the answer.</summary>
    /// <remarks>At rest a spare engine stands, and nothing is arranged behind a run.</remarks>
    /// <exception cref="InvalidOperationException">There is no answer.</exception>
    public async Task<Asked> AskAsync(string sql)
    {
        await ProcessTree.RestAsync(_node.Processes);
        var began = Stopwatch.GetTimestamp();
        var query = (await SubmitAsync(sql)).QueryDigest;
        await FollowAsync(query);
        var answered = Stopwatch.GetElapsedTime(began);
        var rows = await OpenAsync(query);
        return new Asked(query, rows, answered, Stopwatch.GetElapsedTime(began));
    }

    /// <summary>Opens an answer that is there.</summary>
    /// <returns>Its rows as text.</returns>
    public async Task<List<string[]>> OpenAsync(Digest query)
    {
        var opened = await Calls.PatientlyAsync(
            _analyst.Room.Services, () => new RoomResults(_analyst.Room).OpenAsync(query, CancellationToken.None), CancellationToken.None);
        return [.. ArrowTable.Read(opened.Payload).Rows.Select(row => row.Select(cell => cell ?? string.Empty).ToArray())];
    }

    /// <summary>Signs and sends a question.</summary>
    public async Task<SubmittedQuery> SubmitAsync(string sql)
    {
        var now = Timestamp.From(DateTimeOffset.UtcNow);
        var question = QueryQuestion.OfSql(_data.OfRoom(sql), _data.Receivers);
        return (await new RoomQueries(_analyst.Room).SubmitAsync(question, new QueryTerms(1, now, now.Plus(s_life)), CancellationToken.None)).OrEnd();
    }

    /// <summary>Approves a question as every owner that is asked for it.</summary>
    public async Task ApproveAsync(SubmittedQuery submitted)
    {
        foreach (var owner in _institutions.Where(one => submitted.Verdict.Approvers.Contains(one.Id)))
        {
            var queries = new RoomQueries(owner.Steward.Room);
            var review = (await queries.ReviewAsync(submitted.QueryDigest, CancellationToken.None)).OrEnd();
            var conditions = new ApprovalConditions { MaxRuns = 1, Expires = Timestamp.From(DateTimeOffset.UtcNow).Plus(s_life) };
            (await queries.DecideAsync(review, ApprovalDecision.Approve, "within our purpose", conditions, CancellationToken.None)).OrEnd();
        }
    }

    /// <summary>Waits for the row of the answer.</summary>
    /// <exception cref="InvalidOperationException">There is no answer.</exception>
    public async Task FollowAsync(Digest query)
    {
        var status = QueryStatus.None;
        await foreach (var told in new RoomRuns(_analyst.Room).FollowAsync(query, CancellationToken.None))
        {
            status = told.OrEnd().Status;
        }

        if (status != QueryStatus.Completed)
        {
            throw new InvalidOperationException($"wanted an answer to {query.Abbreviated}; got {status}");
        }
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
            Accepted = [NodeMachine.Accepted(_node.Build)],
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
        Supplied = Stopwatch.GetElapsedTime(began);
        Console.WriteLine(FormattableString.Invariant(
            $"supplied: checked, sealed and uploaded in {uploaded.TotalSeconds:F1} s, taken in {(Supplied - uploaded).TotalSeconds:F1} s later"));
        _analyst = _institutions.Single(one => one.Id == _data.Asker).Analyst;
        (await _analyst.Room.RefreshAsync(CancellationToken.None)).OrEnd();
    }
}
