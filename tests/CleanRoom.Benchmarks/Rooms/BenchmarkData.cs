using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace CleanRoom.Benchmarks.Rooms;

/// <summary>Two files of a seeded generator and the contract about them: people with a region, and rows of people, each with a kind, an amount and a day.</summary>
/// <remarks>
/// Rows lie in the order of their days, as files of events do. The same numbers give the same bytes: everything is a function of the row's number.
/// </remarks>
/// <param name="Key">What joins them.</param>
/// <param name="People">Rows of the small file; one for each person.</param>
/// <param name="Rows">Rows of the large file.</param>
internal sealed record BenchmarkData(JoinKey Key, long People, long Rows) : IRoomFiles
{
    /// <summary>The key of the encrypted Parquet, as DuckDB is told it.</summary>
    public const string ParquetKey = "encryption_config = {footer_key: 'benchmark'}";

    private const int Regions = 20;
    private const int Kinds = 8;
    private const int Days = 360;
    private const int LargestAmount = 1000;
    private const string Profile = "email.basic.v1";

    // What the contract allows and the file keeps, without the one who has more.
    private const int RowsOfOne = 24;

    /// <summary>Gets how many rows the person has that has the most.</summary>
    /// <value>Rows; 0 without such a person. With many, a number of rows proves no number of people.</value>
    public long HeavyRows { get; init; }

    /// <summary>Gets a value that says whether the owners approve each question.</summary>
    public bool IsApproved { get; init; }

    /// <summary>Gets a value that says whether there is encrypted Parquet of the large file too.</summary>
    public bool IsAlsoEncrypted { get; init; }

    /// <summary>Gets the most rows of one person, as the contract says.</summary>
    public long MostRowsOfOne => RowsOfOne + HeavyRows;

    /// <inheritdoc/>
    public string Asker => "brand";

    /// <inheritdoc/>
    public ImmutableArray<string> Receivers => ["brand", "publisher"];

    /// <inheritdoc/>
    public void Write(PlainEngine engine, string folder)
    {
        File.WriteAllText(Path.Combine(folder, "contract.json"), Contract().ToJsonString());
        Copy(engine, PeopleSql, Path.Combine(folder, "brand"));
        Copy(engine, RowsSql, Path.Combine(folder, "publisher"));
        if (IsAlsoEncrypted)
        {
            // The module that DuckDB bundles reads encrypted files, and writes them where it is told that this is not secure: its random numbers are weak.
            engine.Execute("SET force_mbedtls_unsafe = true");
            engine.Execute("PRAGMA add_parquet_key('benchmark', '0123456789abcdef')");
            engine.Execute($"COPY ({RowsSql(KeyOfPlain)}) TO '{Path.Combine(folder, "publisher.encrypted.parquet")}' (FORMAT parquet, COMPRESSION zstd, {ParquetKey.Replace(" =", string.Empty, StringComparison.Ordinal)})");
        }
    }

    /// <inheritdoc/>
    public string OfRoom(string sql) => sql.Replace("{people}", "brand.people", StringComparison.Ordinal).Replace("{rows}", "publisher.visits", StringComparison.Ordinal);

    /// <inheritdoc/>
    public string OfPlain(string sql, string folder) => sql
        .Replace("{people}", $"read_parquet('{Path.Combine(folder, "brand.parquet")}')", StringComparison.Ordinal)
        .Replace("{rows}", $"read_parquet('{Path.Combine(folder, "publisher.parquet")}')", StringComparison.Ordinal)
        .Replace("{encrypted rows}", $"read_parquet('{Path.Combine(folder, "publisher.encrypted.parquet")}', {ParquetKey})", StringComparison.Ordinal);

    private void Copy(PlainEngine engine, Func<Func<string, string>, string> sql, string path)
    {
        engine.Execute($"COPY ({sql(KeyOfUpload)}) TO '{path}.csv' (FORMAT csv, HEADER)");
        engine.Execute($"COPY ({sql(KeyOfPlain)}) TO '{path}.parquet' (FORMAT parquet, COMPRESSION zstd)");
    }

    private string PeopleSql(Func<string, string> key) => string.Create(
        CultureInfo.InvariantCulture,
        $"SELECT {key("i")} AS id, 'region ' || (hash(i, 1) % {Regions})::VARCHAR AS region FROM range({People}) AS r(i)");

    /// <summary>Nobody has more rows than the contract allows: person and round are a permutation of the row's number.</summary>
    private string RowsSql(Func<string, string> key)
    {
        var person = string.Create(CultureInfo.InvariantCulture, $"((i * 2654435761) % {People})");
        var whose = HeavyRows == 0 ? person : string.Create(CultureInfo.InvariantCulture, $"(CASE WHEN i % {Rows / HeavyRows} = 0 THEN 0 ELSE {person} END)");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT {key(whose)} AS id, 'kind ' || (hash(i, 2) % {Kinds})::VARCHAR AS kind, "
            + $"(i * {Days} // {Rows})::INTEGER AS day, ((hash(i, 3) % 100000)::DECIMAL(16, 0) * 0.01)::DECIMAL(18, 2) AS amount FROM range({Rows}) AS r(i)");
    }

    private string KeyOfUpload(string person) => Key switch
    {
        JoinKey.Number => $"({person} + 1)::BIGINT",
        JoinKey.Digest => DigestOf(person),
        JoinKey.Uuid => $"md5('person ' || ({person})::VARCHAR)::UUID",
        JoinKey.Token => $"left({DigestOf(person)}, 32)::UUID",
        JoinKey.Email => $"'person' || ({person})::VARCHAR || '@example.org'",
        _ => throw new InvalidOperationException("a key of no kind"),
    };

    private string KeyOfPlain(string person) => Key switch
    {
        JoinKey.Number or JoinKey.Uuid => KeyOfUpload(person),
        JoinKey.Digest => $"unhex({DigestOf(person)})",
        JoinKey.Token => DigestOf(person),
        JoinKey.Email => $"sha256({KeyOfUpload(person)})",
        _ => throw new InvalidOperationException("a key of no kind"),
    };

    private JsonObject Contract()
    {
        var type = Key switch
        {
            JoinKey.Number => "int64",
            JoinKey.Digest => "sha256",
            JoinKey.Email => "string",
            _ => "uuid",
        };
        var key = new RoomColumn("id", type, "join", "count-distinct") { Profile = Key == JoinKey.Email ? Profile : null };
        return RoomContract.Of(
            "Two files of a generator",
            new RoomDataset("brand", "people", key with { IsUnique = true }, new("region", "string", "group", "filter")) { MaxFanout = MostRowsOfOne, IsApproved = IsApproved },
            new RoomDataset(
                "publisher",
                "visits",
                key,
                new("kind", "string", "group", "filter"),
                new("day", "int32", "group", "filter"),
                new("amount", "decimal", "sum", "avg") { Largest = LargestAmount, Scale = 2 })
            {
                MaxRowsPerUnit = MostRowsOfOne, MaxFanout = MostRowsOfOne, IsApproved = IsApproved,
            });
    }

    private static string DigestOf(string person) => $"sha256('person ' || ({person})::VARCHAR)";
}
