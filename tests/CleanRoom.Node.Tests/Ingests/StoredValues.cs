using System.Text;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Streams;
using CleanRoom.Datasets.Source;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Keys;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Node.Tests.Ingests;

/// <summary>What a node stores of a dataset, opened with the collaboration's own key.</summary>
internal static class StoredValues
{
    /// <summary>Returns the values of a column as texts, digests in hex.</summary>
    public static async Task<HashSet<string>> StoredAsync(this NodeProcess node, CollaborationRoom room, string dataset, string column)
    {
        var version = room.State.CurrentDataset(dataset)!;
        var keys = (await node.Services.Keyring.OpenAsync(room.State.Collaboration, CancellationToken.None)).Value.Keys;
        var values = new HashSet<string>(StringComparer.Ordinal);
        foreach (var derived in version.Ingest!.Derived)
        {
            var position = new DerivedPosition
            {
                Collaboration = room.State.Collaboration, Dataset = dataset, ManifestDigest = version.Digest, Name = derived.Name, Partition = derived.Partition,
            };
            values.UnionWith(await node.ReadAsync(keys, position, column));
        }

        return values;
    }

    /// <summary>Returns the values of a column of one derived object, in the order of its rows.</summary>
    public static async Task<List<string>> ReadAsync(this NodeProcess node, CollaborationKeys keys, DerivedPosition position, string column)
    {
        var blob = await node.Machine.Objects.BytesAsync(ObjectContainer.Derived, ObjectName.Parse(position.Name));
        var parquet = (await SealedStream.OpenAsync(node.Machine.Backend, keys.Storage, position.AssociatedData(), blob, CancellationToken.None)).Value;
        using var file = new MemoryStream(parquet);
        var (table, problem) = await TableOpener.OpenAsync(file, CancellationToken.None);
        problem.Should().BeNull();
        using var opened = table!;
        var place = opened.Columns.IndexOf(column);
        var values = new List<string>();
        while (await opened.ReadAsync(CancellationToken.None))
        {
            values.Add(Encoding.UTF8.GetString(opened.Row.Cell(place).Span));
        }

        return values;
    }
}
