using CleanRoom.Engine.Binding;
using CleanRoom.Engine.Hosting;
using CleanRoom.Policy.Binding;
using CleanRoom.Policy.Tests.Support;

[assembly: AssemblyFixture(typeof(BinderFixture))]

namespace CleanRoom.Policy.Tests.Support;

/// <summary>The real binder over real engine processes, one for all tests; texts take turns and each meets a fresh instance.</summary>
public sealed class BinderFixture : IAsyncDisposable
{
    // Generous: no test depends on how fast the machine is.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    private readonly EngineHost _host = new(new EngineOptions { StartTimeout = _patience }, TimeProvider.System);

    private readonly IsolatedSqlBinder _isolated;

    public BinderFixture()
    {
        _isolated = new IsolatedSqlBinder(_host, new SqlBinderOptions { WallClock = _patience });
        Binder = new RememberedBinder(_isolated);
    }

    public ISqlBinder Binder { get; }

    public async ValueTask DisposeAsync()
    {
        await _isolated.DisposeAsync();
        _host.Dispose();
    }
}
