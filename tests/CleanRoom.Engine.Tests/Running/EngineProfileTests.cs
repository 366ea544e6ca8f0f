using CleanRoom.Engine.Results;
using CleanRoom.Engine.Running;
using CleanRoom.Engine.Tests.Support;

namespace CleanRoom.Engine.Tests.Running;

/// <summary>What SQL can do inside an engine process, should hostile text ever get there past every gate.</summary>
public class EngineProfileTests(EngineFixture engine)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')")]
    [InlineData("SELECT * FROM read_text('/etc/passwd')")]
    [InlineData("SELECT * FROM read_blob('/proc/self/environ')")]
    [InlineData("SELECT * FROM '/etc/passwd'")]
    [InlineData("SELECT * FROM glob('/etc/*')")]
    [InlineData("SELECT * FROM sniff_csv('/etc/passwd')")]
    [InlineData("SELECT * FROM read_parquet('https://example.org/x.parquet')")]
    [InlineData("COPY (SELECT 1) TO '/dev/shm/cleanroom-engine-test'")]
    [InlineData("COPY (SELECT 1) TO '/dev/null'")]
    [InlineData("EXPORT DATABASE '/dev/shm/cleanroom-engine-test'")]
    [InlineData("ATTACH '/dev/shm/cleanroom-engine-test'")]
    [InlineData("ATTACH 'https://example.org/x.db'")]
    [InlineData("INSTALL httpfs")]
    [InlineData("LOAD httpfs")]
    [InlineData("LOAD '/dev/shm/cleanroom-engine-test'")]
    [InlineData("SET threads = 1")]
    [InlineData("SET memory_limit = '100GB'")]
    [InlineData("SET enable_external_access = true")]
    [InlineData("SET lock_configuration = false")]
    [InlineData("RESET enable_external_access")]
    [InlineData("SET temp_directory = '/dev/shm'")]
    [InlineData("SET allowed_paths = ['/etc/passwd']")]
    [InlineData("PRAGMA enable_profiling = 'json'")]
    [InlineData("PRAGMA profiling_output = '/dev/shm/cleanroom-engine-test'")]
    [InlineData("SELECT getenv('PATH')")]
    public async Task RunAsync_reachingOut_fails(string sql)
    {
        var run = await engine.Runner.RunAsync(EngineFixture.Job(sql), progress: null, Cancellation);
        run.Outcome.IsAccepted.Should().BeFalse();
        run.Failure!.Kind.Should().Be(EngineFailureKind.Sql, run.Failure.Detail);
        File.Exists("/dev/shm/cleanroom-engine-test").Should().BeFalse();
    }

    [Theory]
    [InlineData("threads", "2")]
    [InlineData("memory_limit", "256.0 MiB")]
    [InlineData("temp_directory", "")]
    [InlineData("max_temp_directory_size", "0 bytes")]
    [InlineData("autoinstall_known_extensions", "false")]
    [InlineData("autoload_known_extensions", "false")]
    [InlineData("allow_community_extensions", "false")]
    [InlineData("allow_unsigned_extensions", "false")]
    [InlineData("allow_persistent_secrets", "false")]
    [InlineData("enable_external_access", "false")]
    [InlineData("allowed_directories", "[]")]
    [InlineData("allowed_paths", "[]")]
    [InlineData("lock_configuration", "true")]
    public async Task RunAsync_setting_isThatOfTheProfile(string name, string expected)
    {
        var run = await engine.Runner.RunAsync(
            EngineFixture.Job($"SELECT value FROM duckdb_settings() WHERE name = '{name}'"), progress: null, Cancellation);
        EngineRows.Read(run.Outcome.Value.Encoded, maxRows: 1).Value.Rows[0].Should().Equal(expected);
    }

    [Fact]
    public async Task RunAsync_overwritingAnInput_failsAndLeavesItAsItWas()
    {
        var people = ParquetBytes.People();
        using var file = engine.Leased(people);
        var path = await PathOfInput(file);
        path.Should().StartWith("/proc/self/fd/");

        foreach (var sql in new[] { $"COPY (SELECT 1 AS x) TO '{path}' (FORMAT PARQUET)", $"COPY (SELECT 1 AS x) TO '{path}' (FORMAT CSV)" })
        {
            var run = await engine.Runner.RunAsync(EngineFixture.Job(sql, file), progress: null, Cancellation);
            run.Outcome.IsAccepted.Should().BeFalse(sql);
        }

        file.Read(0, people.Length).SequenceEqual(people).Should().BeTrue();
    }

    [Fact]
    public async Task RunAsync_otherDescriptors_cannotBeRead()
    {
        using var file = engine.Leased(ParquetBytes.People());
        var input = await PathOfInput(file);
        for (var descriptor = 0; descriptor < 8; descriptor++)
        {
            var path = $"/proc/self/fd/{descriptor}";
            if (path != input)
            {
                var run = await engine.Runner.RunAsync(
                    EngineFixture.Job($"SELECT * FROM read_blob('{path}')", file), progress: null, Cancellation);
                run.Failure!.Detail.Should().Contain("disabled by configuration");
            }
        }
    }

    private async Task<string> PathOfInput(CleanRoom.Engine.Memory.AnonymousFile file)
    {
        // The engine numbers its descriptors alike in every run of the same shape.
        var run = await engine.Runner.RunAsync(
            EngineFixture.Job("SELECT sql FROM duckdb_views() WHERE view_name = 'engine_input_0'", file), progress: null, Cancellation);
        var text = (string)EngineRows.Read(run.Outcome.Value.Encoded, maxRows: 1).Value.Rows[0][0]!;
        return text.Split('\'').First(part => part.StartsWith("/proc/", StringComparison.Ordinal));
    }
}
