using System.Diagnostics;
using System.Globalization;
using CleanRoom.Benchmarks.Measures;
using CleanRoom.Benchmarks.Ratios;
using CleanRoom.Benchmarks.Rooms;
using CleanRoom.Benchmarks.Running;
using CleanRoom.TestKit.Storage;
using Npgsql;

namespace CleanRoom.Benchmarks.Databases;

/// <summary>A join by keys that are encrypted at rest, beside PostgreSQL that decrypts them with pgcrypto while it joins.</summary>
/// <remarks>In the database the two key columns alone are encrypted and everything else is in clear; in the room everything is sealed. The database sees its key with every question.</remarks>
internal static class PgcryptoMeasures
{
    private const string Name = "pgcrypto/1M x 1M join";
    private const string Sql = "SELECT p.region, count(*) AS n, sum(v.amount) AS total{again} FROM {people} p JOIN {rows} v ON p.id = v.id GROUP BY p.region ORDER BY p.region";
    private const string Baseline = "PostgreSQL joining decrypt() of two columns of pgcrypto, two workers";
    private const string Key = "'0123456789abcdef'::bytea, 'aes'";
    private const double Goal = 0.05;
    private const int WaitSeconds = 3_600;

    /// <summary>Gets the measure.</summary>
    public static RatioSuite Suite { get; } = new("pgcrypto", TakeAsync);

    private static async IAsyncEnumerable<Ratio> TakeAsync(Choice choice)
    {
        if (!choice.Wants(Name))
        {
            yield break;
        }

        Outcome.Require(PostgresServer.Missing is null, PostgresServer.Missing ?? string.Empty);
        var rows = choice.IsFull ? 1_000_000 : 20_000;
        using var plain = new PlainEngine();
        using var room = await BenchmarkRoom.SupplyAsync(new BenchmarkData(JoinKey.Number, rows, rows), plain, RoomSettings.Of(isKept: false));
        await using var server = await PostgresServer.StartAsync(CancellationToken.None, "fsync=off", "shared_buffers=1GB", "work_mem=512MB", "max_wal_size=4GB");
        await using var connection = new NpgsqlConnection($"{server.ConnectionString};Command Timeout={WaitSeconds}");
        await connection.OpenAsync();
        await FillAsync(connection, room.Folder);
        List<string[]> expected = [];
        yield return await Ratio.TakeAsync(
            new RatioMeasure(
                Name,
                Baseline,
                Goal,
                async () => (await new RoomQuestion(Name, Sql, Goal).AskAsync(room, expected)).Answered,
                async () =>
                {
                    var began = Stopwatch.GetTimestamp();
                    expected = await AskAsync(connection);
                    return Stopwatch.GetElapsedTime(began);
                }),
            choice);
    }

    private static async Task FillAsync(NpgsqlConnection connection, string folder)
    {
        await ExecuteAsync(connection, "CREATE EXTENSION pgcrypto");
        await ExecuteAsync(connection, "CREATE TABLE clear_people (id bigint, region text)");
        await ExecuteAsync(connection, "CREATE TABLE clear_visits (id bigint, kind text, day int, amount numeric(18, 2))");
        await CopyAsync(connection, "clear_people", Path.Combine(folder, "brand.csv"));
        await CopyAsync(connection, "clear_visits", Path.Combine(folder, "publisher.csv"));
        await ExecuteAsync(connection, $"CREATE TABLE people AS SELECT encrypt(id::text::bytea, {Key}) AS id, region FROM clear_people");
        await ExecuteAsync(connection, $"CREATE TABLE visits AS SELECT encrypt(id::text::bytea, {Key}) AS id, kind, day, amount FROM clear_visits");
        await ExecuteAsync(connection, "VACUUM ANALYZE people, visits");

        // A bad guess of the planner must not be what is compared with.
        await ExecuteAsync(connection, "SET enable_nestloop = off");
        await ExecuteAsync(connection, FormattableString.Invariant($"SET max_parallel_workers_per_gather = {Environment.ProcessorCount}"));
    }

    private static async Task CopyAsync(NpgsqlConnection connection, string table, string path)
    {
        await using var to = await connection.BeginTextImportAsync($"COPY {table} FROM STDIN (FORMAT csv, HEADER)");
        using var from = File.OpenText(path);
        var buffer = new char[1 << 16];
        while (await from.ReadAsync(buffer) is var read and > 0)
        {
            await to.WriteAsync(buffer.AsMemory(0, read));
        }
    }

    private static async Task<List<string[]>> AskAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT p.region, count(*), sum(v.amount) FROM people p JOIN visits v ON decrypt(p.id, {Key}) = decrypt(v.id, {Key}) GROUP BY p.region ORDER BY p.region", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string[]>();
        while (await reader.ReadAsync())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture) ?? string.Empty)]);
        }

        return rows;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        _ = await command.ExecuteNonQueryAsync();
    }
}
