using System.Diagnostics;
using System.Globalization;
using CleanRoom.Benchmarks.Running;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Datasets.Conversion;
using CleanRoom.Engine.Hosting;
using CleanRoom.Engine.Loading;
using CleanRoom.Engine.Memory;
using CleanRoom.Engine.Results;
using CleanRoom.Engine.Running;
using CleanRoom.Grains.Datasets;
using CleanRoom.Grains.Partitions;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage.Objects;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Benchmarks.Rooms;

/// <summary>The way of a silo from a sealed object to the rows of an engine, without a room around it: no statement, no policy, no seal, no ledger.</summary>
internal sealed class ReadPath : IAsyncDisposable
{
    private const string Dataset = "publisher.visits";
    private const int MaxRows = 1_000;
    private const long MemoryBytes = 4L << 30;

    private readonly TemporaryDirectory _files = new();
    private readonly SecretBytes _room = SecretBytes.Random(32);
    private readonly SecretBytes _storage = SecretBytes.Random(32);
    private readonly AnonymousFilePool _memory = new(MemoryBytes);
    private readonly EngineHost _host = new(new EngineOptions(), TimeProvider.System);
    private readonly EngineRunner _engine;
    private readonly DirectoryObjectStore _store;
    private readonly DerivedPosition _position = new()
    {
        Collaboration = new string('0', 64), Dataset = Dataset, ManifestDigest = Digest.Of("manifest"u8), Name = ObjectName.Random().ToString(), Partition = 0,
    };

    private ReadPath()
    {
        _engine = new EngineRunner(_host);
        _store = DirectoryObjectStore.Open(new DirectoryObjectStoreOptions { Path = _files.File("objects"), MaxObjectBytes = long.MaxValue }, TimeProvider.System);
    }

    /// <summary>Gets the folder of the plain files.</summary>
    public string Folder => _files.Path;

    /// <summary>Makes the files and takes the large one in.</summary>
    public static async Task<ReadPath> MakeAsync(BenchmarkData data, PlainEngine plain)
    {
        var path = new ReadPath();
        data.Write(plain, path.Folder);
        var contract = DocumentCodec.FromPerson<Contract>(await File.ReadAllBytesAsync(path._files.File("contract.json"))).Value;
        var dataset = contract.Datasets.Single(one => one.SqlName == Dataset);
        await using var source = File.OpenRead(path._files.File("publisher.csv"));
        await PartitionWriter.WriteAsync(
            new BclCryptoBackend(),
            path._store,
            path._storage,
            [path._position],
            async (parquet, stop) => (await DatasetIngest.RunAsync(source, dataset, new NoTokens(), new RoomPartitions(path._room, 1), parquet, progress: null, stop)).Report.Accepted,
            CancellationToken.None);
        path._engine.WarmUp();
        return path;
    }

    /// <summary>Opens, decrypts and asks once; a spare engine stands before.</summary>
    /// <param name="sql">SQL over <c>engine_input_0</c>.</param>
    /// <param name="columns">The columns that it reads.</param>
    /// <param name="within">What it says of them.</param>
    public async Task<(List<string[]> Rows, TimeSpan Took)> AskAsync(string sql, string[] columns, params ColumnWithin[] within)
    {
        await ProcessTree.RestAsync([Environment.ProcessId]);
        var began = Stopwatch.GetTimestamp();
        var readers = new List<DerivedSource>();
        for (var processor = 0; processor < Environment.ProcessorCount; processor++)
        {
            var stored = await _store.OpenReadAsync(ObjectContainer.Derived, ObjectName.Parse(_position.Name), CancellationToken.None);
            readers.Add((await DerivedSource.OpenAsync(stored, _storage, _position.AssociatedData(), CancellationToken.None)).Value);
        }

        using var loaded = (await EngineInputLoader.LoadAsync(readers, columns, within, _memory, CancellationToken.None)).Value.File;
        var limits = new EngineLimits { MemoryBytes = MemoryBytes, WallClock = TimeSpan.FromMinutes(5), MaxOutputBytes = 1 << 20, Threads = Environment.ProcessorCount };
        var (run, gone) = await _engine.AnswerAsync(new EngineJob { Sql = sql, Inputs = [new EngineInput([loaded])], Limits = limits }, progress: null, CancellationToken.None);
        var rows = EngineRows.Read(run.Outcome.Value.Encoded, MaxRows).Value.Rows;
        var took = Stopwatch.GetElapsedTime(began);
        await gone;
        foreach (var reader in readers)
        {
            await reader.DisposeAsync();
        }

        return ([.. rows.Select(row => row.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? string.Empty).ToArray())], took);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _host.Dispose();
        _memory.Dispose();
        _room.Dispose();
        _storage.Dispose();
        _files.Dispose();
    }

    private sealed class NoTokens : IIdentifierRekeyer
    {
        public bool Rekeys(string profile) => false;

        public void Rekey(string profile, ReadOnlySpan<byte> identifier, Span<byte> token) => throw new NotSupportedException("no column is an identifier");
    }
}
