using CleanRoom.Engine.Binding;
using CleanRoom.Engine.Hosting;
using CleanRoom.Engine.Memory;
using CleanRoom.Engine.Running;
using CleanRoom.Node.Tests.Harness;
using CleanRoom.Policy;

[assembly: AssemblyFixture(typeof(EngineParts))]

namespace CleanRoom.Node.Tests.Harness;

/// <summary>The real engine and the real binder, shared by all tests: neither remembers anything.</summary>
public sealed class EngineParts : IAsyncDisposable
{
    private readonly EngineHost _host = new(new EngineOptions { StartTimeout = TimeSpan.FromMinutes(5) }, TimeProvider.System);
    private readonly IsolatedSqlBinder _binder;

    public EngineParts()
    {
        Runner = new EngineRunner(_host);
        _binder = new IsolatedSqlBinder(_host, new SqlBinderOptions());
        Analyzer = new QueryAnalyzer(_binder);
    }

    public EngineRunner Runner { get; }

    public QueryAnalyzer Analyzer { get; }

    public AnonymousFilePool Memory { get; } = new(1L << 31);

    public async ValueTask DisposeAsync()
    {
        await Runner.DisposeAsync();
        await _binder.DisposeAsync();
        _host.Dispose();
        Memory.Dispose();
    }
}
