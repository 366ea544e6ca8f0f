using System.Text.Json;
using CleanRoom.Engine.Binding;
using CleanRoom.Engine.Tests.Support;

namespace CleanRoom.Engine.Tests.Binding;

public sealed class IsolatedSqlBinderTests(EngineFixture engine) : IAsyncDisposable
{
    private const string Ddl = "CREATE SCHEMA a; CREATE TABLE a.people(id BIGINT, g VARCHAR); CREATE TABLE a.events(id BIGINT, v DECIMAL(10, 2));";

    private static readonly SqlBinderOptions Patient = new() { WallClock = TimeSpan.FromMinutes(5) };

    private readonly IsolatedSqlBinder _binder = new(engine.Host, Patient);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ParseAsync_select_givesTheParseTree()
    {
        using var tree = JsonDocument.Parse(await _binder.ParseAsync("SELECT g FROM a.people", Cancellation));
        tree.RootElement.GetProperty("error").GetBoolean().Should().BeFalse();
        tree.RootElement.GetProperty("statements").GetArrayLength().Should().Be(1);
    }

    [Theory]
    [InlineData("DROP TABLE a.people")]
    [InlineData("SELEKT 1")]
    [InlineData("COPY (SELECT 1) TO '/dev/null'")]
    public async Task ParseAsync_whatIsNoSelect_givesTheEnginesError(string sql)
    {
        using var tree = JsonDocument.Parse(await _binder.ParseAsync(sql, Cancellation));
        tree.RootElement.GetProperty("error").GetBoolean().Should().BeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("SELECT 'it''s', \"q\", '$1', '\\', 'ä☃'")]
    public async Task ParseAsync_anyText_reachesTheParserAsItIs(string sql) =>
        (await _binder.ParseAsync(sql, Cancellation)).Should().StartWith("{");

    [Fact]
    public async Task BindAsync_join_givesTheBoundPlan()
    {
        using var plan = JsonDocument.Parse(await _binder.BindAsync(
            Ddl, "SELECT g, sum(v) FROM a.people p JOIN a.events e ON p.id = e.id GROUP BY g", Cancellation));
        plan.RootElement.GetProperty("error").GetBoolean().Should().BeFalse();
        plan.RootElement.GetRawText().Should().Contain("COMPARISON_JOIN").And.Contain("\"people\"").And.Contain("\"events\"");
    }

    [Theory]
    [InlineData("SELECT * FROM a.nothing")]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')")]
    [InlineData("SELECT * FROM '/etc/passwd'")]
    [InlineData("SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')")]
    public async Task BindAsync_beyondTheSchema_givesAnErrorWithoutContent(string sql)
    {
        var json = await _binder.BindAsync(Ddl, sql, Cancellation);
        using var plan = JsonDocument.Parse(json);
        plan.RootElement.GetProperty("error").GetBoolean().Should().BeTrue();
        json.Should().NotContain("root:");
    }

    [Fact]
    public async Task BindAsync_eachText_meetsAFreshInstance()
    {
        await _binder.BindAsync(Ddl, "SELECT g FROM a.people", Cancellation);
        using var plan = JsonDocument.Parse(await _binder.BindAsync("CREATE TABLE other(x INTEGER)", "SELECT g FROM a.people", Cancellation));
        plan.RootElement.GetProperty("error").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task BindAsync_schemaThatIsNoDdl_answersSo() =>
        (await _binder.BindAsync("CREATE NONSENSE", "SELECT 1", Cancellation)).Should().Be(IsolatedSqlBinder.SchemaRefused);

    [Fact]
    public void Answers_ofItsOwn_areErrorsToTheReader()
    {
        foreach (var answer in new[] { IsolatedSqlBinder.Stopped, IsolatedSqlBinder.SchemaRefused })
        {
            using var json = JsonDocument.Parse(answer);
            json.RootElement.GetProperty("error").GetBoolean().Should().BeTrue();
        }
    }

    [Fact]
    public async Task ParseAsync_warmProcessKilled_isReplaced()
    {
        await _binder.ParseAsync("SELECT 1", Cancellation);
        var killed = _binder.WarmProcessId!.Value;
        using (var process = System.Diagnostics.Process.GetProcessById(killed))
        {
            process.Kill();
        }

        (await _binder.ParseAsync("SELECT 2", Cancellation)).Should().Contain("\"error\":false");
        _binder.WarmProcessId.Should().NotBe(killed);
    }

    [Fact]
    public async Task ParseAsync_clockRunsOut_answersStopped()
    {
        await using var hasty = new IsolatedSqlBinder(engine.Host, new SqlBinderOptions { WallClock = TimeSpan.FromTicks(1) });
        (await hasty.ParseAsync("SELECT 1", Cancellation)).Should().Be(IsolatedSqlBinder.Stopped);
        hasty.WarmProcessId.Should().BeNull();
    }

    [Fact]
    public async Task ParseAsync_memoryRunsOut_answersAnErrorAndTheNextTextWorks()
    {
        // A tree far larger than its text: the answer cannot fit the limit.
        await using var small = new IsolatedSqlBinder(
            engine.Host, new SqlBinderOptions { WallClock = TimeSpan.FromMinutes(5), MemoryBytes = 16L * 1_048_576 });
        var sql = "SELECT " + string.Join(",", Enumerable.Range(0, 1_000_000));
        using (var answer = JsonDocument.Parse(await small.ParseAsync(sql, Cancellation)))
        {
            answer.RootElement.GetProperty("error").GetBoolean().Should().BeTrue();
        }

        (await small.ParseAsync("SELECT 2", Cancellation)).Should().Contain("\"error\":false");
    }

    [Fact]
    public async Task ParseAsync_processUsedUp_isReplaced()
    {
        await using var wary = new IsolatedSqlBinder(
            engine.Host, new SqlBinderOptions { WallClock = TimeSpan.FromMinutes(5), TextsPerProcess = 2 });
        await wary.ParseAsync("SELECT 1", Cancellation);
        wary.WarmProcessId.Should().NotBeNull();
        await wary.ParseAsync("SELECT 2", Cancellation);
        wary.WarmProcessId.Should().BeNull();
    }

    [Fact]
    public async Task ParseAsync_hugeText_isStoppedUnread() =>
        (await _binder.ParseAsync(new string(' ', 9 * 1_048_576), Cancellation)).Should().Be(IsolatedSqlBinder.Stopped);

    public ValueTask DisposeAsync() => _binder.DisposeAsync();
}
