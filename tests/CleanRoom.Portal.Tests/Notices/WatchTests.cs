using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Portal.Tests.Support;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Dsse;
using CleanRoom.TestKit.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CleanRoom.Portal.Tests.Notices;

/// <summary><c>cleanroom watch</c> at a real node, and a receiver on this machine.</summary>
public sealed class WatchTests : IDisposable
{
    private readonly CliPerson _registry = new();
    private readonly CliPerson _hospital = new();
    private readonly TemporaryDirectory _folder = new();

    [Fact]
    public async Task Each_notice_is_posted_once_signed_and_says_nothing_of_the_parties_data()
    {
        await using var node = await BuiltProgram.ServeAsync(_folder.Path);
        var root = await _hospital.DoAsync("keys", "new", "--collaborator", "hospital");
        var ada = await RoomOfTwo.BeginAsync(_registry, node.Address, root["sign"]!.GetValue<string>());
        await _registry.DoAsync("keys", "new", "--collaborator", "registry", "--member", "bob");
        await _registry.DoAsync("member", "delegate", "--collaborator", "registry", "--member", "bob", "--roles", "analyst", "--send");
        await _registry.DoAsync("member", "revoke", "--collaborator", "registry", "--member", "bob", "--reason", "secret reason", "--as", "registry/ada");
        var bodies = new ConcurrentQueue<byte[]>();
        await using var receiver = await ReceiveAsync(bodies);
        var hook = receiver.Urls.Single() + "/hook";

        await _registry.RunAsync(1, "watch", "--once", "--webhook", "http://alerts.example/", "--as", "registry/ada", "--passphrase-file", _registry.PathOf("passphrase"));
        await _registry.RunAsync(6, "watch", "--once", "--all", "--webhook", receiver.Urls.Single() + "/elsewhere", "--as", "registry/ada", "--passphrase-file", _registry.PathOf("passphrase"));
        bodies.Should().BeEmpty("a redirect is not followed");
        var told = await _registry.DoAsync("watch", "--once", "--webhook", hook, "--as", "registry/ada");

        told["notices"]!.AsArray().Select(notice => notice!["kind"]!.GetValue<string>()).Should().Equal("revocation");
        var body = bodies.Should().ContainSingle("what was not taken is told again, and only that").Subject;
        var envelope = EnvelopeCodec.Parse(body).Value;
        var key = new Bytes(Convert.FromBase64String(ada["sign"]!.GetValue<string>()));
        EnvelopeVerifier.Verify(envelope, envelope.Signatures[0], key, new SignatureVerifier()).IsAccepted.Should().BeTrue();
        var payload = JsonNode.Parse(envelope.Payload.Span)!.AsObject();
        payload.Select(member => member.Key).Should().Equal("collaboration", "index", "kind", "time");
        payload["index"]!.GetValue<long>().Should().Be(told["notices"]![0]!["index"]!.GetValue<long>());
        System.Text.Encoding.UTF8.GetString(body).Should().NotContain("bob").And.NotContain("secret reason");

        (await _registry.DoAsync("watch", "--once", "--webhook", hook, "--as", "registry/ada"))["notices"]!.AsArray().Should().BeEmpty("the place is kept");
        bodies.Should().ContainSingle();
    }

    public void Dispose()
    {
        _registry.Dispose();
        _hospital.Dispose();
        _folder.Dispose();
    }

    private static async Task<WebApplication> ReceiveAsync(ConcurrentQueue<byte[]> bodies)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/hook", async (HttpRequest request) =>
        {
            using var memory = new MemoryStream();
            await request.Body.CopyToAsync(memory);
            bodies.Enqueue(memory.ToArray());
            return Results.NoContent();
        });
        app.MapPost("/elsewhere", () => Results.Redirect("/hook", preserveMethod: true));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
