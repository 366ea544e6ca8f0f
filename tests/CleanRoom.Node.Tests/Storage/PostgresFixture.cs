using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Storage;

/// <summary>One server for all tests of a class.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresServer? _server;

    /// <summary>Gets the server, or skips the test where none is installed; in CI it fails then.</summary>
    public PostgresServer Required
    {
        get
        {
            SkipWithoutServer();
            return _server!;
        }
    }

    /// <summary>Skips the test where no server is installed; in CI it fails then.</summary>
    public static void SkipWithoutServer()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null && Environment.GetEnvironmentVariable("CI") != "true", PostgresServer.Missing ?? string.Empty);
        PostgresServer.Missing.Should().BeNull("CI installs it");
    }

    public async ValueTask InitializeAsync()
    {
        if (PostgresServer.Missing is null)
        {
            _server = await PostgresServer.StartAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
