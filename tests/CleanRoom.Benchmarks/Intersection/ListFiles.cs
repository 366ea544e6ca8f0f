using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Benchmarks.Rooms;

namespace CleanRoom.Benchmarks.Intersection;

/// <summary>Two lists of people, each once, as match keys of 16 bytes; half of one list is in the other.</summary>
/// <param name="People">Rows of each list.</param>
internal sealed record ListFiles(long People) : IRoomFiles
{
    /// <inheritdoc/>
    public string Asker => "brand";

    /// <inheritdoc/>
    public ImmutableArray<string> Receivers => ["brand", "publisher"];

    /// <summary>Gets how many are in both.</summary>
    public long Overlap => People - (People / 2);

    /// <inheritdoc/>
    public void Write(PlainEngine engine, string folder)
    {
        var id = new RoomColumn("id", "uuid", "join", "count-distinct") { IsUnique = true };
        File.WriteAllText(
            Path.Combine(folder, "contract.json"),
            RoomContract.Of("Two lists of a generator", new RoomDataset("brand", "people", id), new RoomDataset("publisher", "people", id)).ToJsonString());
        Copy(engine, 0, Path.Combine(folder, "brand"));
        Copy(engine, People / 2, Path.Combine(folder, "publisher"));
    }

    /// <inheritdoc/>
    public string OfRoom(string sql) => sql.Replace("{left}", "brand.people", StringComparison.Ordinal).Replace("{right}", "publisher.people", StringComparison.Ordinal);

    /// <inheritdoc/>
    public string OfPlain(string sql, string folder) => sql
        .Replace("{left}", $"read_parquet('{Path.Combine(folder, "brand.parquet")}')", StringComparison.Ordinal)
        .Replace("{right}", $"read_parquet('{Path.Combine(folder, "publisher.parquet")}')", StringComparison.Ordinal);

    /// <summary>Nobody's file is in the order of the other's.</summary>
    private void Copy(PlainEngine engine, long first, string path)
    {
        var sql = string.Create(CultureInfo.InvariantCulture, $"SELECT md5('person ' || i::VARCHAR)::UUID AS id FROM range({first}, {first + People}) AS r(i) ORDER BY hash(i, {first})");
        engine.Execute($"COPY ({sql}) TO '{path}.csv' (FORMAT csv, HEADER)");
        engine.Execute($"COPY ({sql}) TO '{path}.parquet' (FORMAT parquet, COMPRESSION zstd)");
    }
}
