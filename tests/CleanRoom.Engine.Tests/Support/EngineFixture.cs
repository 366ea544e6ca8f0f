using CleanRoom.Engine.Hosting;
using CleanRoom.Engine.Memory;
using CleanRoom.Engine.Running;
using CleanRoom.Engine.Tests.Support;

[assembly: AssemblyFixture(typeof(EngineFixture))]

namespace CleanRoom.Engine.Tests.Support;

/// <summary>One host, one runner and one pool for all tests; engine processes are never shared between queries anyway.</summary>
public sealed class EngineFixture : IAsyncDisposable
{
    // Generous: no test depends on how fast the machine is.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public EngineFixture()
    {
        Host = new EngineHost(new EngineOptions { StartTimeout = Patience }, TimeProvider.System);
        Runner = new EngineRunner(Host);
    }

    public static EngineLimits Limits { get; } = new()
    {
        MemoryBytes = 256L * 1_048_576,
        WallClock = Patience,
        MaxOutputBytes = 16 * 1_048_576,
        Threads = 2,
    };

    public EngineHost Host { get; }

    public EngineRunner Runner { get; }

    public AnonymousFilePool Pool { get; } = new(1L << 32);

    public static EngineJob Job(string sql, params AnonymousFile[] inputs) => new()
    {
        Sql = sql,
        Inputs = [.. inputs.Select(file => new EngineInput([file]))],
        Limits = Limits,
    };

    /// <summary>Puts whole bytes into anonymous memory.</summary>
    public AnonymousFile Leased(ReadOnlySpan<byte> bytes)
    {
        var file = Pool.Rent(bytes.Length).Value;
        bytes.CopyTo(file.Writable(0, bytes.Length).Span);
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        await Runner.DisposeAsync();
        Host.Dispose();
        Pool.Dispose();
    }
}
