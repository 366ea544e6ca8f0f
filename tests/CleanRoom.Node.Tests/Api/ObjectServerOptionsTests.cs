using CleanRoom.Node.Configuration;
using CleanRoom.Node.Hosting;
using CleanRoom.Storage;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Node.Tests.Api;

/// <summary>Where a node keeps sealed objects, as its configuration says. The story over such servers: CleanRoom.EndToEnd.Tests.</summary>
public sealed class ObjectServerOptionsTests
{
    private const string Known = "/proc/self/status";

    [Theory]
    [InlineData("", "", null, "us-east-1", null, "s3.bucket")]
    [InlineData("b", "a//b", null, "us-east-1", null, "s3.prefix")]
    [InlineData("b", "", "ftp://somewhere", "us-east-1", null, "s3.endpoint")]
    [InlineData("b", "", "somewhere", "us-east-1", null, "s3.endpoint")]
    [InlineData("b", "", null, "", null, "s3.region")]
    [InlineData("b", "", null, "us-east-1", "/nowhere", "s3.credentialsFile")]
    public void S3_that_cannot_be_is_named(string bucket, string prefix, string? endpoint, string region, string? file, string named) =>
        NodeOptionsFile.Check(new NodeOptions { S3 = new() { Bucket = bucket, Prefix = prefix, Endpoint = endpoint, Region = region, CredentialsFile = file } }).Refusals
            .Should().ContainSingle().Which.Wanted.Should().StartWith(named);

    [Theory]
    [InlineData("/nowhere", "c", "", "azureBlobs.connectionFile")]
    [InlineData(Known, "", "", "azureBlobs.container")]
    [InlineData(Known, "c", "/", "azureBlobs.prefix")]
    public void Azure_blobs_that_cannot_be_are_named(string file, string container, string prefix, string named) =>
        NodeOptionsFile.Check(new NodeOptions { AzureBlobs = new() { ConnectionFile = file, Container = container, Prefix = prefix } }).Refusals
            .Should().ContainSingle().Which.Wanted.Should().StartWith(named);

    [Fact]
    public void Two_object_stores_are_one_too_many() =>
        NodeOptionsFile.Check(new NodeOptions { S3 = new() { Bucket = "b" }, AzureBlobs = new() { ConnectionFile = Known, Container = "c" } }).Refusals
            .Should().ContainSingle().Which.Should().BeEquivalentTo(new { Wanted = "s3 or azureBlobs", Got = "both" });

    [Fact]
    public async Task Files_without_what_they_should_hold_stop_the_start_and_are_not_quoted()
    {
        using var folder = new TemporaryDirectory();
        await File.WriteAllTextAsync(folder.File("none"), "hunter2", TestContext.Current.CancellationToken);
        NodeOptions[] all =
        [
            new() { S3 = new() { Bucket = "b", CredentialsFile = folder.File("none") } },
            new() { AzureBlobs = new() { ConnectionFile = folder.File("none"), Container = "c" } },
        ];

        foreach (var options in all)
        {
            var open = () => NodeStores.OpenObjectsAsync(options, TestContext.Current.CancellationToken);

            (await open.Should().ThrowAsync<StorageException>()).Which.ToString().Should().Contain("; got a ").And.NotContain("hunter2");
        }
    }
}
