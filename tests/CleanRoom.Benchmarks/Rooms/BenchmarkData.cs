using System.Globalization;
using System.Text.Json.Nodes;

namespace CleanRoom.Benchmarks.Rooms;

/// <summary>What the key that two files are joined by looks like.</summary>
internal enum JoinKey
{
    None = 0,

    /// <summary>A whole number of 64 bits.</summary>
    Number = 1,

    /// <summary>A digest of 32 bytes, which a file brings as 64 hex digits.</summary>
    Digest = 2,

    /// <summary>A UUID.</summary>
    Uuid = 3,
}

/// <summary>Two files of a seeded generator and the contract about them: people with a region, and rows of people, each with a kind, an amount and a day.</summary>
/// <remarks>
/// Rows lie in the order of their days, as files of events do. The same numbers give the same bytes: everything is a function of the row's number.
/// </remarks>
/// <param name="Key">What joins them.</param>
/// <param name="People">Rows of the small file; one for each person.</param>
/// <param name="Rows">Rows of the large file.</param>
internal sealed record BenchmarkData(JoinKey Key, long People, long Rows)
{
    /// <summary>The most rows of one person: what the contract says, and the file keeps.</summary>
    public const int MostRowsOfOne = 24;

    private const int Regions = 20;
    private const int Kinds = 8;
    private const int Days = 360;

    /// <summary>Writes the files for an upload, with the contract, and the same rows as plain Parquet.</summary>
    /// <param name="engine">Writes them.</param>
    /// <param name="folder">An empty folder.</param>
    public void Write(PlainEngine engine, string folder)
    {
        File.WriteAllText(Path.Combine(folder, "contract.json"), Contract().ToJsonString());
        Copy(engine, PeopleSql(), Path.Combine(folder, "brand"));
        Copy(engine, RowsSql(), Path.Combine(folder, "publisher"));
    }

    /// <summary>The SQL of a question in which the two datasets are named as the room names them.</summary>
    public static string OfRoom(string sql) => sql.Replace("{people}", "brand.people", StringComparison.Ordinal).Replace("{rows}", "publisher.visits", StringComparison.Ordinal);

    /// <summary>The SQL of the same question over the plain files.</summary>
    public static string OfPlain(string sql, string folder) => sql
        .Replace("{people}", $"read_parquet('{Path.Combine(folder, "brand.parquet")}')", StringComparison.Ordinal)
        .Replace("{rows}", $"read_parquet('{Path.Combine(folder, "publisher.parquet")}')", StringComparison.Ordinal);

    private static void Copy(PlainEngine engine, string sql, string path)
    {
        engine.Execute($"COPY ({sql}) TO '{path}.csv' (FORMAT csv, HEADER)");
        engine.Execute($"COPY ({sql}) TO '{path}.parquet' (FORMAT parquet, COMPRESSION zstd)");
    }

    private string PeopleSql() => string.Create(
        CultureInfo.InvariantCulture,
        $"SELECT {KeySql("i")} AS id, 'region ' || (hash(i, 1) % {Regions})::VARCHAR AS region FROM range({People}) AS r(i)");

    /// <summary>Everybody has rows and nobody more than the contract allows: person and round are a permutation of the row's number.</summary>
    private string RowsSql() => string.Create(
        CultureInfo.InvariantCulture,
        $"SELECT {KeySql($"((i * 2654435761) % {People})")} AS id, 'kind ' || (hash(i, 2) % {Kinds})::VARCHAR AS kind, "
        + $"(i * {Days} // {Rows})::INTEGER AS day, ((hash(i, 3) % 100000)::DECIMAL(16, 0) * 0.01)::DECIMAL(18, 2) AS amount FROM range({Rows}) AS r(i)");

    private string KeySql(string person) => Key switch
    {
        JoinKey.Number => $"({person} + 1)::BIGINT",
        JoinKey.Digest => $"sha256('person ' || ({person})::VARCHAR)",
        JoinKey.Uuid => $"md5('person ' || ({person})::VARCHAR)::UUID",
        _ => throw new InvalidOperationException("a key of no kind"),
    };

    private JsonObject Contract()
    {
        var type = Key switch
        {
            JoinKey.Number => "int64",
            JoinKey.Digest => "sha256",
            _ => "uuid",
        };
        return (JsonObject)JsonNode.Parse($$"""
            {
              "type": "cleanroom/v1/contract", "id": "00000000000000000000000000000000", "version": 1, "previous": null,
              "title": "Two files of a generator", "purpose": "To measure how long answers take.",
              "legalTextSha256": "cc5ef5166ddd6884a2b746c1e912c4c307de47f458cac14e544e2c1b607c79f7",
              "collaborators": [
                {"id": "brand", "name": "Brand", "rootKey": "BE2si9H1yANpJdbFvcvDFpAn9stiwXH6w5hGYT9TPS+FJPt4pXqmDpYOBMRoePYCjTlOBVvwGr2OhQxlzRd5cm8="},
                {"id": "publisher", "name": "Publisher", "rootKey": "BK07CRuYac0479xokpMied7DODkfTtL1Jx0lO08rRbTSF7JlSbEwXGWDvLaTF2wbaQej19+kjTs1X42NI7vohHA="}
              ],
              "datasets": [
                {
                  "name": "people", "owner": "brand",
                  "schema": [{"name": "id", "nullable": false, "unique": true}, {"name": "region", "nullable": false, "unique": false}],
                  "policy": {
                    "unit": {"column": "id", "domain": "person-v1"}, "tier": "threshold",
                    "columns": {
                      "id": {"type": "{{type}}", "uses": ["join", "count-distinct"]},
                      "region": {"type": "string", "uses": ["group", "filter"], "domain": {"values": [{{Values("region", Regions)}}]}, "public": true}
                    },
                    "join": {"required": [], "with": ["publisher"], "maxRowsPerUnit": 1, "maxFanout": 1000}, {{Rules}}
                  }
                },
                {
                  "name": "visits", "owner": "publisher",
                  "schema": [
                    {"name": "id", "nullable": false, "unique": false}, {"name": "kind", "nullable": false, "unique": false},
                    {"name": "day", "nullable": false, "unique": false}, {"name": "amount", "nullable": false, "unique": false}
                  ],
                  "policy": {
                    "unit": {"column": "id", "domain": "person-v1"}, "tier": "threshold",
                    "columns": {
                      "id": {"type": "{{type}}", "uses": ["join", "count-distinct"]},
                      "kind": {"type": "string", "uses": ["group", "filter"], "domain": {"values": [{{Values("kind", Kinds)}}]}, "public": true},
                      "day": {"type": "int32", "uses": ["group", "filter"], "domain": {"min": "0", "max": "{{Days}}", "step": "1"}, "grain": "1"},
                      "amount": {"type": "decimal", "uses": ["sum", "avg"], "clamp": {"min": "0", "max": "1000"}, "scale": 2}
                    },
                    "join": {"required": [], "with": ["brand"], "maxRowsPerUnit": {{MostRowsOfOne}}, "maxFanout": 1000}, {{Rules}}
                  }
                }
              ],
              "templates": [],
              "approval": {"contract": "all", "quorum": [], "standing": []},
              "output": {"formats": ["arrow"], "maxRows": 1000, "retentionDays": 30, "answerEveryMs": null},
              "attestation": {
                "accepted": [
                  {"tee": "simulated", "values": {"measurement": "{{new string('0', 64)}}"}, "minimumTcb": {}, "chipIds": ["any"], "anchors": [], "debug": false}
                ],
                "codeEndorsers": []
              },
              "rollback": "witnesses", "recovery": {"k": null}, "carriesOver": [], "allowInsecure": true,
              "notBefore": "2026-01-01T00:00:00.000Z", "expires": "2036-01-01T00:00:00.000Z"
            }
            """)!;
    }

    private const string Rules = """
        "threshold": {"minUnits": 50, "dominancePercent": null, "history": "off", "maxCells": 2000}, "dp": null,
        "access": {"queriesPerDay": 10000, "queriesLifetime": 100000}, "receivers": ["brand", "publisher"], "analysts": ["brand"], "approval": "none"
        """;

    private static string Values(string word, int count) => string.Join(", ", Enumerable.Range(0, count).Select(value => $"\"{word} {value}\""));
}
