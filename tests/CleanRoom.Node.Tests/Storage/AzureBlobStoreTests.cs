using Azure.Storage.Blobs;
using CleanRoom.Storage;
using CleanRoom.Storage.Objects;
using CleanRoom.Storage.Objects.AzureBlobs;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Storage;

/// <summary>Objects in one piece.</summary>
public class AzureBlobStoreTests(ObjectServerFixture servers) : RemoteObjectStoreCompliance
{
    private const string Container = "cleanroom";

    protected virtual int PartBytes => 16 << 20;

    [Fact]
    public async Task Container_that_is_not_there_is_named()
    {
        var server = await servers.AzureAsync();

        var open = () => AzureBlobStore.OpenAsync(new() { ConnectionString = server.ConnectionString, Container = "elsewhere" }, Token);

        (await open.Should().ThrowAsync<StorageException>()).Which.Message.Should().Be("wanted a container elsewhere; got a storage account without it");
    }

    [Fact]
    public async Task Key_that_is_refused_is_not_quoted()
    {
        var server = await servers.AzureAsync();
        var wrong = Convert.ToBase64String("another key than the server's"u8);
        var start = server.ConnectionString.IndexOf("AccountKey=", StringComparison.Ordinal) + "AccountKey=".Length;
        var text = string.Concat(server.ConnectionString.AsSpan(0, start), wrong, server.ConnectionString.AsSpan(server.ConnectionString.IndexOf(";Blob", StringComparison.Ordinal)));

        var open = () => AzureBlobStore.OpenAsync(new() { ConnectionString = text, Container = Container }, Token);

        (await open.Should().ThrowAsync<StorageException>()).Which.Message
            .Should().EndWith("got an object store that does not permit it to this connection").And.NotContain(wrong);
    }

    [Theory]
    [InlineData("AccountName=a;AccountKey=secret", "cleanroom")]
    [InlineData("nothing", "cleanroom")]
    public async Task Connection_that_cannot_be_read_is_not_quoted(string text, string container)
    {
        var open = () => AzureBlobStore.OpenAsync(new() { ConnectionString = text, Container = container }, Token);

        (await open.Should().ThrowAsync<ArgumentException>()).Which.ToString().Should().NotContain("secret").And.NotContain("nothing");
    }

    [Fact]
    public void Options_in_a_log_show_no_key() =>
        new AzureBlobStoreOptions { ConnectionString = "AccountKey=secret", Container = Container }.ToString().Should().Be("container cleanroom; connection [redacted]");

    protected override async Task<IObjectStore> OpenAsync(string prefix) => await OpenAtAsync(await servers.AzureAsync(), prefix);

    protected override async Task<IObjectStore> OpenAndKillAsync()
    {
        ObjectServerFixture.SkipWithoutServers();
        await using var server = await ObjectServer.StartAzureAsync(Token);
        return await OpenAtAsync(server, Prefix);
    }

    private async Task<IObjectStore> OpenAtAsync(ObjectServer server, string prefix)
    {
        await new BlobContainerClient(server.ConnectionString, Container).CreateIfNotExistsAsync(cancellationToken: Token);
        return await AzureBlobStore.OpenAsync(
            new() { ConnectionString = server.ConnectionString, Container = Container, Prefix = prefix, MaxObjectBytes = MaxObjectBytes, PartBytes = PartBytes }, Token);
    }
}

/// <summary>Objects in many blocks, as those from 16 MiB are.</summary>
public sealed class AzureBlobStoreInBlocksTests(ObjectServerFixture servers) : AzureBlobStoreTests(servers)
{
    protected override int PartBytes => 50_000;
}
