using System.Diagnostics;
using System.Globalization;
using CleanRoom.Benchmarks.Rooms;
using CleanRoom.Benchmarks.Running;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Datasets.Conversion;
using CleanRoom.Grains.Datasets;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Benchmarks.Ingest;

/// <summary>One ingest, or one conversion by DuckDB, in a process of its own, so that the memory of one is not that of the other.</summary>
internal static class IngestOnce
{
    /// <summary>Runs it and prints milliseconds, processor milliseconds, peak bytes of memory and bytes written.</summary>
    /// <param name="who"><c>ours</c> or <c>duckdb</c>.</param>
    /// <param name="warmUp">The directory of a small upload that goes first: what is compiled at run time is compiled by then.</param>
    /// <param name="directory">The directory of the upload that is measured.</param>
    public static async Task<int> RunAsync(string who, string warmUp, string directory)
    {
        Func<string, Task<long>> run = who == "duckdb" ? ConvertAsync : TakeInAsync;
        await run(warmUp);
        var (wall, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var written = await run(directory);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{wall.ElapsedMilliseconds} {(Environment.CpuUsage.TotalTime - processor).TotalMilliseconds:F0} {PeakMemory.OfProcess(Environment.ProcessId)} {written}"));
        return 0;
    }

    private static Task<long> ConvertAsync(string directory)
    {
        var upload = new IngestUpload(directory);
        var output = Path.Combine(directory, "duckdb.parquet");
        using var engine = new PlainEngine();
        engine.Execute(
            $"copy (select * from read_csv('{upload.CsvPath}', header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', columns = {IngestTable.DuckDbColumns})) to '{output}' (format parquet, compression zstd)");
        var written = new FileInfo(output).Length;
        File.Delete(output);
        return Task.FromResult(written);
    }

    private static async Task<long> TakeInAsync(string directory)
    {
        var upload = new IngestUpload(directory);
        var (backend, store, manifest) = (new BclCryptoBackend(), upload.OpenStore(), upload.ReadManifest());
        using var key = upload.ReadKey();
        using var room = SecretBytes.Random(32);
        using var storage = SecretBytes.Random(32);
        var partitions = new RoomPartitions(room, DatasetPartitions.CountFor(IngestTable.Contract, manifest.PlaintextBytes, new IngestLimits().PartitionBytes));
        var positions = Enumerable.Range(0, partitions.Count).Select(partition => new DerivedPosition
        {
            Collaboration = manifest.Collaboration,
            Dataset = manifest.Dataset,
            ManifestDigest = Digest.Of("manifest"u8),
            Name = ObjectName.Random().ToString(),
            Partition = partition,
        });
        await using var source = new SealedPartsStream(backend, store, key, manifest);
        IngestOutcome? outcome = null;
        var derived = await PartitionWriter.WriteAsync(
            backend,
            store,
            storage,
            [.. positions],
            async (parquet, stop) =>
            {
                outcome = await DatasetIngest.RunAsync(source, IngestTable.Contract, NoIdentifiers.Instance, partitions, parquet, progress: null, stop);
                return outcome.Report.Accepted;
            },
            CancellationToken.None);
        if (derived.IsEmpty)
        {
            throw new InvalidOperationException($"wanted the table accepted; got {outcome!.Report.Problems[0]}");
        }

        foreach (var one in derived)
        {
            await store.DeleteAsync(ObjectContainer.Derived, ObjectName.Parse(one.Name), CancellationToken.None);
        }

        return outcome!.ParquetBytes;
    }

    private sealed class NoIdentifiers : IIdentifierRekeyer
    {
        public static NoIdentifiers Instance { get; } = new();

        public bool Rekeys(string profile) => false;

        public void Rekey(string profile, ReadOnlySpan<byte> identifier, Span<byte> token) => throw new NotSupportedException("no column is an identifier");
    }
}
