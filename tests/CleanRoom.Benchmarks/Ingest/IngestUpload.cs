using System.Collections.Immutable;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Grains.Datasets;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage.Objects;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Benchmarks.Ingest;

/// <summary>A CSV file and the same bytes as sealed parts, as a client uploads them, in one directory.</summary>
/// <remarks>The key lies beside them: what it seals is made up.</remarks>
internal sealed class IngestUpload(string directory)
{
    private const int PartBytes = 8 << 20;
    private const int SampleRecords = 10_000;

    /// <summary>Gets the CSV file.</summary>
    public string CsvPath => Path.Combine(directory, "table.csv");

    private string ManifestPath => Path.Combine(directory, "manifest.json");

    private string KeyPath => Path.Combine(directory, "key");

    /// <summary>Opens the store that has the parts.</summary>
    public DirectoryObjectStore OpenStore() =>
        DirectoryObjectStore.Open(new DirectoryObjectStoreOptions { Path = Path.Combine(directory, "objects"), MaxObjectBytes = long.MaxValue }, TimeProvider.System);

    /// <summary>Reads what the parts are.</summary>
    public DatasetManifest ReadManifest() => DocumentCodec.Parse<DatasetManifest>(File.ReadAllBytes(ManifestPath)).Value;

    /// <summary>Reads the key of the parts.</summary>
    public DataKey ReadKey() => DataKey.Take(File.ReadAllBytes(KeyPath));

    /// <summary>Makes the file and its parts.</summary>
    /// <returns>The length of the file, in bytes.</returns>
    public async Task<long> MakeAsync(long bytes)
    {
        using var key = DataKey.Generate();
        Directory.CreateDirectory(directory);
        await File.WriteAllBytesAsync(KeyPath, key.Secret.Span.ToArray());
        var length = WriteCsv(bytes);
        var manifest = new DatasetManifest
        {
            Collaboration = new string('a', 32),
            ContractDigest = Digest.Of("contract"u8),
            Dataset = IngestTable.Contract.Name,
            Version = 1,
            Previous = null,
            Upload = new string('b', 32),
            Schema = [.. IngestTable.Contract.Schema.Select(column => column.Name)],
            Format = SourceFormat.Csv,
            PlaintextBytes = length,
            Parts = [],
            Nonce = TestRandom.Nonce("ingest"),
        };
        await File.WriteAllBytesAsync(ManifestPath, DocumentCodec.Encode(manifest with { Parts = await SealAsync(manifest, key) }));
        return length;
    }

    private long WriteCsv(long bytes)
    {
        var buffer = new byte[1 << 20];
        var sample = 0;
        for (var i = 0; i < SampleRecords; i++)
        {
            sample += IngestTable.Write(i, SampleRecords, buffer);
        }

        var records = bytes / (sample / SampleRecords);
        using var output = File.Create(CsvPath, bufferSize: 0);
        IngestTable.Header.CopyTo(buffer);
        var (filled, length) = (IngestTable.Header.Length, 0L);
        for (var i = 0L; length + filled < bytes; i++)
        {
            filled += IngestTable.Write(i, records, buffer.AsSpan(filled));
            if (filled + IngestTable.LongestRecordBytes > buffer.Length)
            {
                output.Write(buffer, 0, filled);
                (filled, length) = (0, length + filled);
            }
        }

        output.Write(buffer, 0, filled);
        return length + filled;
    }

    private async Task<ImmutableArray<SealedPart>> SealAsync(DatasetManifest manifest, DataKey key)
    {
        var (backend, store) = (new BclCryptoBackend(), OpenStore());
        var parts = ImmutableArray.CreateBuilder<SealedPart>();
        await using var source = File.OpenRead(CsvPath);
        var plaintext = new byte[PartBytes];
        for (var offset = 0L; offset < manifest.PlaintextBytes; offset += PartBytes)
        {
            var filled = await source.ReadAtLeastAsync(plaintext, PartBytes, throwOnEndOfStream: false);
            var position = new PartPosition
            {
                Collaboration = manifest.Collaboration, Dataset = manifest.Dataset, Index = parts.Count, Offset = offset, Upload = manifest.Upload,
            };
            var sealedPart = await SealedStream.SealAsync(backend, key.Secret, position.AssociatedData(), plaintext.AsMemory(0, filled), CancellationToken.None);
            var digest = Digest.Of(sealedPart);
            using var content = new MemoryStream(sealedPart);
            await store.PutAsync(ObjectContainer.Uploads, PartNames.Of(manifest.Upload, digest), content, CancellationToken.None);
            parts.Add(new SealedPart { Index = parts.Count, Offset = offset, Bytes = filled, Digest = digest });
        }

        return parts.ToImmutable();
    }
}
