using System.Security.Cryptography;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace CleanRoom.Engine.Tests.EndToEnd;

/// <summary>A test of a person, as the laboratory holds it.</summary>
internal sealed record LaboratoryRow(long Id, string? Kind, decimal? Value, string Note);

/// <summary>Files that Parquet.Net writes: whole numbers, exact numbers and text, required and nullable.</summary>
internal static class ParquetTables
{
    private const int RowsPerGroup = 4_000;

    /// <summary>Returns 12,000 rows: every seventh value and every eleventh kind is absent, the notes are long and all different.</summary>
    public static LaboratoryRow[] Laboratory() =>
    [
        .. Enumerable.Range(0, 12_000).Select(i => new LaboratoryRow(
            i / 3,
            i % 11 == 0 ? null : "kind-" + (i % 4),
            i % 7 == 0 ? null : ((i * 37) % 10_007) / 100m,
            string.Concat(Enumerable.Repeat(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"note {i}"))), 3)))),
    ];

    /// <summary>Returns the site of each of 5,000 people; the laboratory knows 4,000 of them.</summary>
    public static (long Id, string Site)[] Registry() => [.. Enumerable.Range(0, 5_000).Select(i => ((long)i, "site-" + (i % 3)))];

    /// <summary>Writes laboratory rows in row groups.</summary>
    public static async Task<byte[]> WriteAsync(LaboratoryRow[] rows, CancellationToken cancellationToken)
    {
        var id = new DataField<long>("id");
        var kind = new DataField("kind", typeof(string), isNullable: true);
        var value = new DecimalDataField("value", precision: 18, scale: 2, isNullable: true);
        var note = new DataField("note", typeof(string), isNullable: false);
        return await WriteAsync(
            new ParquetSchema(id, kind, value, note),
            rows.Chunk(RowsPerGroup),
            async (group, chunk) =>
            {
                await group.WriteAsync<long>(id, chunk.Select(row => row.Id).ToArray(), cancellationToken: cancellationToken);
                await group.WriteAsync(kind, chunk.Select(row => row.Kind!).ToArray());
                await group.WriteAsync<decimal>(value, chunk.Select(row => row.Value).ToArray(), cancellationToken: cancellationToken);
                await group.WriteAsync(note, chunk.Select(row => row.Note).ToArray());
            },
            cancellationToken);
    }

    /// <summary>Writes registry rows.</summary>
    public static async Task<byte[]> WriteAsync((long Id, string Site)[] rows, CancellationToken cancellationToken)
    {
        var id = new DataField<long>("id");
        var site = new DataField("site", typeof(string), isNullable: false);
        return await WriteAsync(
            new ParquetSchema(id, site),
            [rows],
            async (group, chunk) =>
            {
                await group.WriteAsync<long>(id, chunk.Select(row => row.Id).ToArray(), cancellationToken: cancellationToken);
                await group.WriteAsync(site, chunk.Select(row => row.Site).ToArray());
            },
            cancellationToken);
    }

    private static async Task<byte[]> WriteAsync<T>(
        ParquetSchema schema, IEnumerable<T[]> groups, Func<ParquetRowGroupWriter, T[], Task> write, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream();
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.None };
        await using (var writer = await ParquetWriter.CreateAsync(schema, stream, options, append: false, cancellationToken))
        {
            foreach (var rows in groups)
            {
                using var group = writer.CreateRowGroup();
                await write(group, rows);
                group.CompleteValidate();
            }
        }

        return stream.ToArray();
    }
}
