using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Storage;

/// <summary>One S3 server and one of Azure blobs, each started by the first test that wants it, for all tests.</summary>
public sealed class ObjectServerFixture : IAsyncLifetime
{
    private readonly Lazy<Task<ObjectServer>> _s3 = new(() => ObjectServer.StartS3Async(isConditional: true, CancellationToken.None));
    private readonly Lazy<Task<ObjectServer>> _azure = new(() => ObjectServer.StartAzureAsync(CancellationToken.None));

    /// <summary>Returns the S3 server, or skips the test where none is installed; in CI it fails then.</summary>
    public Task<ObjectServer> S3Async()
    {
        SkipWithoutServers();
        return _s3.Value;
    }

    /// <summary>Returns the server of Azure blobs, or skips the test where none is installed; in CI it fails then.</summary>
    public Task<ObjectServer> AzureAsync()
    {
        SkipWithoutServers();
        return _azure.Value;
    }

    /// <summary>Skips the test where no servers are installed; in CI it fails then.</summary>
    public static void SkipWithoutServers()
    {
        Assert.SkipWhen(ObjectServer.Missing is not null && Environment.GetEnvironmentVariable("CI") != "true", ObjectServer.Missing ?? string.Empty);
        ObjectServer.Missing.Should().BeNull("CI installs them");
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in new[] { _s3, _azure }.Where(server => server.IsValueCreated))
        {
            await (await server.Value).DisposeAsync();
        }
    }
}
