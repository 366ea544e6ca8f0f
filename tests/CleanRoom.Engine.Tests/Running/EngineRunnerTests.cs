using System.Diagnostics;
using System.Numerics;
using CleanRoom.Engine.Loading;
using CleanRoom.Engine.Memory;
using CleanRoom.Engine.Results;
using CleanRoom.Engine.Running;
using CleanRoom.Engine.Sandbox;
using CleanRoom.Engine.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Engine.Tests.Running;

public class EngineRunnerTests(EngineFixture engine)
{
    private const string Endless = "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT count(*) FROM t";
    private static readonly byte[] People = ParquetBytes.People();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_onlyTheTouchedChunksLoaded_givesTheAnswerOfTheFullFile()
    {
        const string sql = "SELECT g, sum(v) AS s, count(*) AS n FROM engine_input_0 WHERE id >= 500 GROUP BY g ORDER BY g";
        using var full = engine.Leased(People);
        using var part = (await EngineInputLoader.LoadAsync([new BytesSource(People)], ["g", "v", "id"], engine.Pool, Cancellation)).Value;

        var fromFull = await Rows(EngineFixture.Job(sql, full));
        var fromPart = await Rows(EngineFixture.Job(sql, part));

        fromFull.Rows.Should().HaveCount(7);
        fromPart.Rows.Should().BeEquivalentTo(fromFull.Rows, options => options.WithStrictOrdering());
    }

    [Fact]
    public async Task RunAsync_equalityFilterOverBloomFilters_givesTheAnswerOfTheFullFile()
    {
        using var part = (await EngineInputLoader.LoadAsync([new BytesSource(People)], ["g"], engine.Pool, Cancellation)).Value;
        var rows = await Rows(EngineFixture.Job("SELECT count(*) FROM engine_input_0 WHERE g = 'g3' OR g = 'absent'", part));
        rows.Rows.Should().ContainSingle().Which.Should().Equal(2857L);
    }

    [Fact]
    public async Task RunAsync_twoRelations_joinsThem()
    {
        using var people = engine.Leased(People);
        using var groups = engine.Leased(ParquetBytes.Of("SELECT 'g' || range AS g, range AS weight FROM range(3)"));
        var rows = await Rows(EngineFixture.Job(
            "SELECT sum(weight) FROM engine_input_0 p JOIN engine_input_1 w ON p.g = w.g", people, groups));
        rows.Rows.Should().ContainSingle().Which.Should().Equal(new BigInteger(2857 + (2 * 2857)));
    }

    [Fact]
    public async Task RunAsync_relationOfTwoFiles_readsBoth()
    {
        using var first = engine.Leased(People);
        using var second = engine.Leased(People);
        var job = EngineFixture.Job("SELECT count(*) FROM engine_input_0") with { Inputs = [new EngineInput([first, second])] };
        (await Rows(job)).Rows.Should().ContainSingle().Which.Should().Equal(40_000L);
    }

    /// <summary>As many files as 16 datasets of 64 partitions are: more than one message may carry.</summary>
    [Fact]
    public async Task RunAsync_asManyFilesAsAPlanCanHave_readsAll()
    {
        var one = ParquetBytes.Of("SELECT 1 AS v");
        AnonymousFile[] files = [.. Enumerable.Range(0, EngineInput.MaxFiles + 1).Select(_ => engine.Leased(one))];
        try
        {
            var job = EngineFixture.Job("SELECT count(*) FROM (SELECT * FROM engine_input_0 UNION ALL SELECT * FROM engine_input_1)") with
            {
                Inputs = [new EngineInput([.. files[..^2]]), new EngineInput([files[^2]])],
            };
            (await Rows(job)).Rows.Should().ContainSingle().Which.Should().Equal((long)EngineInput.MaxFiles);

            var tooMany = () => engine.Runner.RunAsync(job with { Inputs = [new EngineInput([.. files])] }, progress: null, Cancellation);
            await tooMany.Should().ThrowAsync<ArgumentOutOfRangeException>();
        }
        finally
        {
            Array.ForEach(files, file => file.Dispose());
        }
    }

    [Fact]
    public async Task RunAsync_viewOverTheInput_keepsProjectionAndFilterPushdown()
    {
        using var people = engine.Leased(People);
        var rows = await Rows(EngineFixture.Job("EXPLAIN SELECT g, sum(v) FROM engine_input_0 WHERE id > 15000 GROUP BY g", people));
        var scan = string.Join('\n', rows.Rows.Select(row => (string)row[1]!)).Split("READ_PARQUET")[^1];
        scan.Should().Contain("Filters").And.Contain("id>15000").And.NotContain("secret");
    }

    [Fact]
    public async Task RunAsync_wideNumbers_areExact()
    {
        var rows = await Rows(EngineFixture.Job(
            "SELECT 170141183460469231731687303715884105727::HUGEINT AS h, -12345678901234567890123456789012345678::DECIMAL(38, 0) AS d, "
            + "-12345678901234567890123456789.012345678::DECIMAL(38, 9) AS s, -0.05::DECIMAL(4, 2) AS t, 18446744073709551615::UBIGINT AS u"));
        rows.Rows.Should().ContainSingle().Which.Should().Equal(
            BigInteger.Pow(2, 127) - 1,
            BigInteger.Parse("-12345678901234567890123456789012345678"),
            new ScaledDecimal(BigInteger.Parse("-12345678901234567890123456789012345678"), 9),
            new ScaledDecimal(-5, 2),
            new BigInteger(ulong.MaxValue));
        rows.Rows[0][3]!.ToString().Should().Be("-0.05");
    }

    [Fact]
    public async Task RunAsync_everyType_keepsValueAndAbsence()
    {
        const string values = "SELECT true, -7::TINYINT, 7::UINTEGER, 2.5::DOUBLE, 'ä', '\\xAA'::BLOB, DATE '1969-12-31', "
            + "TIMESTAMP '2020-01-02 03:04:05.000006', TIMESTAMPTZ '2020-01-02 03:04:05+00'";
        var rows = await Rows(EngineFixture.Job(values + " UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL"));

        rows.Columns.Select(column => column.Type).Should().Equal(
            EngineType.Boolean, EngineType.WholeNumber, EngineType.WholeNumber, EngineType.FloatingPoint, EngineType.Text,
            EngineType.Binary, EngineType.Date, EngineType.Timestamp, EngineType.Timestamp);
        var row = rows.Rows.Should().ContainSingle(candidate => candidate[0] != null).Which;
        row.RemoveAt(5).Should().Equal(
            true, -7L, 7L, 2.5, "ä", new DateOnly(1969, 12, 31), new DateTime(2020, 1, 2, 3, 4, 5, 0, 6), new DateTime(2020, 1, 2, 3, 4, 5));
        ((ReadOnlyMemory<byte>)row[5]!).ToArray().Should().Equal(0xaa);
        ((DateTime)row[8]!).Kind.Should().Be(DateTimeKind.Utc);
        rows.Rows.Should().ContainSingle(candidate => candidate.All(value => value == null));
    }

    [Fact]
    public async Task RunAsync_everyNumberType_keepsItsEnds()
    {
        var rows = await Rows(EngineFixture.Job(
            "SELECT (-128)::TINYINT, (-32768)::SMALLINT, (-2147483648)::INTEGER, (-9223372036854775808)::BIGINT, 255::UTINYINT, 65535::USMALLINT, "
            + "4294967295::UINTEGER, 1.5::FLOAT, (-9.99)::DECIMAL(3, 2), (-123456.789)::DECIMAL(9, 3), 12345678901.2345::DECIMAL(18, 4), "
            + "(-999)::DECIMAL(3, 0), (-170141183460469231731687303715884105728)::HUGEINT"));
        rows.Rows.Should().ContainSingle().Which.Should().Equal(
            -128L, -32_768L, -2_147_483_648L, long.MinValue, 255L, 65_535L, 4_294_967_295L, 1.5,
            new ScaledDecimal(-999, 2), new ScaledDecimal(-123_456_789, 3), new ScaledDecimal(123_456_789_012_345, 4),
            new BigInteger(-999), -BigInteger.Pow(2, 127));
    }

    [Theory]
    [InlineData("")]
    [InlineData("twelve bytes")]
    [InlineData("thirteen byte")]
    [InlineData("much longer than what fits beside the length, with ä and ☃")]
    public async Task RunAsync_text_arrivesAsItIs(string text)
    {
        var rows = await Rows(EngineFixture.Job($"SELECT t, encode(t) FROM (VALUES ('{text}'), ('x'), (NULL)) v(t) WHERE t <> 'x'"));
        rows.Rows.Should().ContainSingle().Which[0].Should().Be(text);
        ((ReadOnlyMemory<byte>)rows.Rows[0][1]!).ToArray().Should().Equal(System.Text.Encoding.UTF8.GetBytes(text));
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("7fffffff-1234-4567-89ab-cdef01234567")]
    [InlineData("80000000-0000-0000-8000-000000000001")]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff")]
    public async Task RunAsync_uuid_givesItsText(string text) =>
        (await Rows(EngineFixture.Job($"SELECT '{text}'::UUID"))).Rows.Should().ContainSingle().Which.Should().Equal(text);

    [Theory]
    [InlineData("SELECT 'infinity'::DATE")]
    [InlineData("SELECT '-infinity'::TIMESTAMP")]
    [InlineData("SELECT DATE '10000-01-01'")]
    [InlineData("SELECT TIMESTAMP '10000-01-01 00:00:00'")]
    [InlineData("SELECT DATE '0001-12-31 (BC)'")]
    public async Task RunAsync_dayThatNoRowHolds_fails(string sql) =>
        ShouldHaveFailed(await engine.Runner.RunAsync(EngineFixture.Job(sql), progress: null, Cancellation), EngineFailureKind.Sql);

    [Fact]
    public async Task RunAsync_listsOfNumbers_arriveAcrossManyVectors()
    {
        const string sql = "SELECT CASE WHEN i % 3 <> 0 THEN list_sort(list(DISTINCT n)) END FROM "
            + "(SELECT i, (i * 7 + j * j)::UINTEGER AS n FROM range(5000) a(i), range(5) b(j)) GROUP BY i ORDER BY i";
        var rows = (await Rows(EngineFixture.Job(sql + " LIMIT 4999"))).Rows;

        rows.Should().HaveCount(4_999);
        rows.Select((row, i) => row[0] is ReadOnlyMemory<uint> numbers ? string.Join(' ', numbers.ToArray()) : "absent").Should().Equal(
            Enumerable.Range(0, 4_999).Select(i => i % 3 == 0 ? "absent" : string.Join(' ', Enumerable.Range(0, 5).Select(j => (i * 7) + (j * j)))));
        ((ReadOnlyMemory<uint>)(await Rows(EngineFixture.Job("SELECT []::UINTEGER[]"))).Rows[0][0]!).Length.Should().Be(0);
    }

    [Theory]
    [InlineData("SELECT [2, 1]::UINTEGER[]")]
    [InlineData("SELECT [1, 1]::UINTEGER[]")]
    [InlineData("SELECT [1, NULL]::UINTEGER[]")]
    [InlineData("SELECT [1, 2]")]
    [InlineData("SELECT [[1]]::UINTEGER[][]")]
    [InlineData("SELECT [1, 2]::UINTEGER[2]")]
    public async Task RunAsync_listOfAnotherKind_fails(string sql) =>
        ShouldHaveFailed(await engine.Runner.RunAsync(EngineFixture.Job(sql), progress: null, Cancellation), EngineFailureKind.Sql);

    [Fact]
    public async Task RunAsync_firstAndLastDay_arrive() =>
        (await Rows(EngineFixture.Job("SELECT DATE '0001-01-01', DATE '9999-12-31', TIMESTAMP '0001-01-01', TIMESTAMP '9999-12-31 23:59:59.999999'")))
            .Rows.Should().ContainSingle().Which.Should().Equal(
                DateOnly.MinValue, DateOnly.MaxValue, DateTime.MinValue, new DateTime(9999, 12, 31, 23, 59, 59, 999, 999));

    [Fact]
    public async Task RunAsync_moreCellsThanTheFormatHolds_isRefused()
    {
        var job = EngineFixture.Job("SELECT NULL::BOOLEAN AS a, NULL::BOOLEAN AS b FROM range(2500000)");
        ShouldHaveFailed(await engine.Runner.RunAsync(job, progress: null, Cancellation), EngineFailureKind.OutputTooLarge);
    }

    [Fact]
    public async Task RunAsync_sqlBeyondTheLimit_isTheCallersBug()
    {
        var running = () => engine.Runner.RunAsync(EngineFixture.Job(new string(' ', (8 * 1_048_576) + 1)), progress: null, Cancellation);
        await running.Should().ThrowAsync<ArgumentOutOfRangeException>();
    }

    [Fact]
    public async Task RunAsync_longFailureText_isCutAndStillAFailure()
    {
        var run = await engine.Runner.RunAsync(EngineFixture.Job("SELECT error(repeat('ä', 200000))"), progress: null, Cancellation);
        ShouldHaveFailed(run, EngineFailureKind.Sql);
        run.Failure!.Detail.Length.Should().BeLessThan(65_536);
    }

    [Fact]
    public async Task RunAsync_manyRows_givesAllInOrder()
    {
        var rows = await Rows(EngineFixture.Job("SELECT range FROM range(10000)"));
        rows.Rows.Select(row => (long)row[0]!).Should().Equal(Enumerable.Range(0, 10_000).Select(i => (long)i));
    }

    [Fact]
    public async Task RunAsync_noRows_givesColumnsOnly()
    {
        var rows = await Rows(EngineFixture.Job("SELECT 1 AS a WHERE false"));
        rows.Rows.Should().BeEmpty();
        rows.Columns.Should().ContainSingle().Which.Name.Should().Be("a");
    }

    [Fact]
    public async Task RunAsync_killedInTheMiddle_failsThatQueryOnly()
    {
        var killed = new HashSet<int>();
        var run = await engine.Runner.RunAsync(
            EngineFixture.Job(Endless),
            new ActionProgress<EngineProgress>(progress =>
            {
                killed.Add(progress.ProcessId);
                Process.GetProcessById(progress.ProcessId).Kill();
            }),
            Cancellation);

        ShouldHaveFailed(run, EngineFailureKind.Ended);
        killed.Should().HaveCount(2, "the second process that dies of a query proves it guilty");
        (await Rows(EngineFixture.Job("SELECT 42::BIGINT"))).Rows[0].Should().Equal(42L);
    }

    [Fact]
    public async Task RunAsync_killedOnce_answersAllTheSame()
    {
        var killed = 0;
        var run = await engine.Runner.RunAsync(
            EngineFixture.Job("SELECT sum(range)::BIGINT FROM range(300000000)"),
            new ActionProgress<EngineProgress>(progress =>
            {
                if (Interlocked.CompareExchange(ref killed, progress.ProcessId, 0) == 0)
                {
                    Process.GetProcessById(progress.ProcessId).Kill();
                }
            }),
            Cancellation);

        killed.Should().NotBe(0);
        run.Failure.Should().BeNull("whoever killed it was not the query");
        run.Outcome.IsAccepted.Should().BeTrue();
    }

    [Fact]
    public async Task RunAsync_endlessQuery_isStoppedByTheWallClock()
    {
        var processes = new List<int>();
        var job = EngineFixture.Job(Endless) with { Limits = EngineFixture.Limits with { WallClock = TimeSpan.FromSeconds(2) } };
        var run = await engine.Runner.RunAsync(
            job, new ActionProgress<EngineProgress>(progress => processes.Add(progress.ProcessId)), Cancellation);

        ShouldHaveFailed(run, EngineFailureKind.Timeout);
        processes.Should().NotBeEmpty().And.OnlyContain(id => !Directory.Exists($"/proc/{id}"));
    }

    [Theory]
    [InlineData("SELECT length(repeat('x', 4000000000))")]
    [InlineData("SELECT length(lpad('x', 2000000000, 'y'))")]
    [InlineData("SELECT sum(length(printf('%1000000000d', range))) FROM range(5)")]
    [InlineData("SELECT length(list(range)::VARCHAR) FROM range(2000000000)")]
    public async Task RunAsync_memoryAbuse_isStoppedByTheKernelsLimit(string sql)
    {
        var run = await engine.Runner.RunAsync(EngineFixture.Job(sql), progress: null, Cancellation);
        run.Outcome.IsAccepted.Should().BeFalse();
        run.Failure!.Kind.Should().BeOneOf(EngineFailureKind.Memory, EngineFailureKind.Ended);
    }

    [Fact]
    public async Task RunAsync_cancelled_killsTheProcessAndThrows()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var process = 0;
        var running = () => engine.Runner.RunAsync(
            EngineFixture.Job(Endless),
            new ActionProgress<EngineProgress>(progress =>
            {
                process = progress.ProcessId;
                cancel.Cancel();
            }),
            cancel.Token);
        await running.Should().ThrowAsync<OperationCanceledException>();
        Directory.Exists($"/proc/{process}").Should().BeFalse();
    }

    [Fact]
    public async Task RunAsync_tooMuchOutput_isRefused()
    {
        var job = EngineFixture.Job("SELECT range FROM range(100000)") with { Limits = EngineFixture.Limits with { MaxOutputBytes = 10_000 } };
        ShouldHaveFailed(await engine.Runner.RunAsync(job, progress: null, Cancellation), EngineFailureKind.OutputTooLarge);
    }

    [Theory]
    [InlineData("SELECT error('SECRET:' || 7)")]
    [InlineData("SELECT 'SECRET:u7:259.25'::INTEGER")]
    [InlineData("SELECT [1, 2]")]
    [InlineData("SELECT 1::UHUGEINT")]
    [InlineData("not even sql")]
    public async Task RunAsync_anyFailure_tellsOutsidersTheSame(string sql)
    {
        var run = await engine.Runner.RunAsync(EngineFixture.Job(sql), progress: null, Cancellation);
        ShouldHaveFailed(run, EngineFailureKind.Sql);
        run.Failure!.ToString().Should().Be("Sql", "a log line must not hold a row value");
    }

    [Fact]
    public async Task RunAsync_inputThatIsNotParquet_fails()
    {
        using var file = engine.Leased(new byte[1_000]);
        ShouldHaveFailed(
            await engine.Runner.RunAsync(EngineFixture.Job("SELECT * FROM engine_input_0", file), progress: null, Cancellation),
            EngineFailureKind.Input);
    }

    [Fact]
    public async Task RunAsync_afterAnother_seesNoStateOfIt()
    {
        await Rows(EngineFixture.Job("SET VARIABLE v = 'first'; CREATE TABLE left_behind AS SELECT 1 AS x; SELECT getvariable('v') AS v"));
        (await Rows(EngineFixture.Job("SELECT getvariable('v') IS NULL AS v"))).Rows[0].Should().Equal(true);
        ShouldHaveFailed(
            await engine.Runner.RunAsync(EngineFixture.Job("SELECT * FROM left_behind"), progress: null, Cancellation),
            EngineFailureKind.Sql);
    }

    [Fact]
    public async Task RunAsync_sameInputTwice_canBothTimesBeRead()
    {
        using var people = engine.Leased(People);
        for (var i = 0; i < 2; i++)
        {
            (await Rows(EngineFixture.Job("SELECT count(*) FROM engine_input_0", people))).Rows[0].Should().Equal(20_000L);
        }
    }

    [Fact]
    public async Task RunAsync_inputThatWasHandedOver_isLeasedAgainOnlyWhereNothingCanStillHoldIt()
    {
        var leavesNothing = (await engine.Host.ProbeAsync(Cancellation)).IsActive(SandboxLayer.NoDescendants);
        using var pool = new AnonymousFilePool(1 << 24);
        using (var file = pool.Rent(People.Length).Value)
        {
            People.CopyTo(file.Writable(0, People.Length).Span);
            await Rows(EngineFixture.Job("SELECT count(*) FROM engine_input_0", file));
        }

        (pool.UsedBytes > 0).Should().Be(leavesNothing, "a process that the engine left behind could still hold the descriptor");
    }

    private static void ShouldHaveFailed(EngineRun run, EngineFailureKind kind)
    {
        run.Outcome.Refusals.Should().Equal(new Refusal(RefusalCode.QueryFailed, "a completed run", "a failed run"));
        run.Failure!.Kind.Should().Be(kind, run.Failure.Detail);
    }

    private async Task<EngineRows> Rows(EngineJob job)
    {
        var run = await engine.Runner.RunAsync(job, progress: null, Cancellation);
        run.Failure?.Detail.Should().BeNull();
        return EngineRows.Read(run.Outcome.Value.Encoded, maxRows: 1_000_000).Value;
    }
}
