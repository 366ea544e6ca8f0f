using CleanRoom.Storage;
using CleanRoom.Storage.Objects;
using CleanRoom.Storage.Objects.S3;
using CleanRoom.TestKit.Storage;

[assembly: AssemblyFixture(typeof(CleanRoom.Node.Tests.Storage.ObjectServerFixture))]

namespace CleanRoom.Node.Tests.Storage;

/// <summary>Objects in one piece.</summary>
public class S3ObjectStoreTests(ObjectServerFixture servers) : RemoteObjectStoreCompliance
{
    protected virtual int PartBytes => 16 << 20;

    [Fact]
    public async Task Server_that_lets_the_last_writer_win_is_refused()
    {
        ObjectServerFixture.SkipWithoutServers();
        await using var server = await ObjectServer.StartS3Async(isConditional: false, Token);

        var open = () => S3ObjectStore.OpenAsync(Options(server, Prefix), Token);

        (await open.Should().ThrowAsync<StorageException>()).Which.Message
            .Should().Be("wanted a server that keeps the first of two writers (If-None-Match: * at PUT); got one at bucket cleanroom that took both");
    }

    [Fact]
    public async Task Credentials_that_are_refused_are_not_quoted()
    {
        var server = await servers.S3Async();
        using var folder = new TemporaryDirectory();
        await File.WriteAllTextAsync(folder.File("wrong"), "[default]\naws_access_key_id = somebody-else\naws_secret_access_key = wrong-one\n", Token);

        var open = () => S3ObjectStore.OpenAsync(new() { Bucket = ObjectServer.Bucket, Prefix = Prefix, Endpoint = server.Endpoint, CredentialsFile = folder.File("wrong") }, Token);

        (await open.Should().ThrowAsync<StorageException>()).Which.Message
            .Should().EndWith("got an object store that does not permit it to these credentials").And.NotContain("wrong-one");
    }

    [Fact]
    public async Task Bucket_that_is_not_there_is_named()
    {
        var server = await servers.S3Async();

        var open = () => S3ObjectStore.OpenAsync(new() { Bucket = "elsewhere", Prefix = Prefix, Endpoint = server.Endpoint, CredentialsFile = server.CredentialsFile }, Token);

        (await open.Should().ThrowAsync<StorageException>()).Which.Message.Should().EndWith("got an object store without this bucket");
    }

    [Theory]
    [InlineData("nothing here")]
    [InlineData("[other]\naws_access_key_id = a\naws_secret_access_key = b\n")]
    public async Task File_without_credentials_is_the_callers_mistake(string text)
    {
        using var folder = new TemporaryDirectory();
        await File.WriteAllTextAsync(folder.File("none"), text, Token);

        var open = () => S3ObjectStore.OpenAsync(new() { Bucket = ObjectServer.Bucket, CredentialsFile = folder.File("none") }, Token);

        var failure = (await open.Should().ThrowAsync<ArgumentException>()).Which;
        failure.Message.Should().StartWith("wanted credentials with a profile [default] in ");
        failure.ToString().Should().NotContain("nothing here");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("../a")]
    [InlineData("a b")]
    public async Task Prefix_that_is_none_is_the_callers_mistake(string prefix)
    {
        var open = () => S3ObjectStore.OpenAsync(new() { Bucket = ObjectServer.Bucket, Prefix = prefix }, Token);

        await open.Should().ThrowAsync<ArgumentException>();
    }

    protected override async Task<IObjectStore> OpenAsync(string prefix) => await S3ObjectStore.OpenAsync(Options(await servers.S3Async(), prefix), Token);

    protected override async Task<IObjectStore> OpenAndKillAsync()
    {
        ObjectServerFixture.SkipWithoutServers();
        await using var server = await ObjectServer.StartS3Async(isConditional: true, Token);
        return await S3ObjectStore.OpenAsync(Options(server, Prefix), Token);
    }

    private S3ObjectStoreOptions Options(ObjectServer server, string prefix) => new()
    {
        Bucket = ObjectServer.Bucket,
        Prefix = prefix,
        Endpoint = server.Endpoint,
        CredentialsFile = server.CredentialsFile,
        MaxObjectBytes = MaxObjectBytes,
        PartBytes = PartBytes,
    };
}

/// <summary>Objects in many parts, as those from 16 MiB are.</summary>
public sealed class S3ObjectStoreInPartsTests(ObjectServerFixture servers) : S3ObjectStoreTests(servers)
{
    protected override int PartBytes => 50_000;
}
