using CleanRoom.Cryptography.Channel;
using CleanRoom.Cryptography.Tests.Support;
using CleanRoom.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace CleanRoom.Cryptography.Tests.Channel;

public sealed class ChannelTests
{
    private static readonly Digest s_binding = Digest.Of("binding"u8);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));

    [Fact]
    public async Task Request_and_response_pass_and_nothing_shows_in_the_bytes()
    {
        using var nodeKey = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var call = await CallAsync(nodeKey, "SELECT secret FROM registry.people"u8.ToArray());
        using var exchange = (await Server(nodeKey).OpenAsync("POST", "/v1/q", call.SealedRequest, TestKeys.Cancel)).Value;
        var bytes = await exchange.SealResponseAsync(
            new ChannelResponse { Status = 403, ContentType = "application/problem+json", Body = "registry.people"u8.ToArray() },
            TestKeys.Cancel);

        var response = (await call.OpenResponseAsync(bytes, TestKeys.Cancel)).Value;

        response.Status.Should().Be(403);
        response.Body.ToArray().Should().Equal("registry.people"u8.ToArray());
        call.SealedRequest.Span.IndexOf("registry"u8).Should().Be(-1);
        call.SealedRequest.Span.IndexOf("token"u8).Should().Be(-1);
        bytes.AsSpan().IndexOf("registry"u8).Should().Be(-1);
        $"{call} {exchange}".Should().Be("[redacted] [redacted]");
    }

    [Fact]
    public async Task OpenAsync_request_for_another_node_is_refused()
    {
        using var nodeKey = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var otherKey = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var call = await CallAsync(nodeKey, []);

        var opened = await Server(otherKey).OpenAsync("POST", "/v1/q", call.SealedRequest, TestKeys.Cancel);

        opened.IsAccepted.Should().BeFalse();
    }

    [Fact]
    public async Task OpenResponseAsync_answer_to_another_request_is_refused()
    {
        using var nodeKey = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var first = await CallAsync(nodeKey, []);
        using var second = await CallAsync(nodeKey, []);
        using var exchange = (await Server(nodeKey).OpenAsync("POST", "/v1/q", first.SealedRequest, TestKeys.Cancel)).Value;
        var bytes = await exchange.SealResponseAsync(new ChannelResponse { Status = 200, Body = default }, TestKeys.Cancel);

        (await second.OpenResponseAsync(bytes, TestKeys.Cancel)).IsAccepted.Should().BeFalse();
        (await first.OpenResponseAsync(bytes, TestKeys.Cancel)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public async Task OpenStreamAsync_whole_response_is_read_as_one_frame()
    {
        using var nodeKey = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var call = await CallAsync(nodeKey, []);
        using var exchange = (await Server(nodeKey).OpenAsync("POST", "/v1/q", call.SealedRequest, TestKeys.Cancel)).Value;
        var bytes = await exchange.SealResponseAsync(new ChannelResponse { Status = 404, Body = new byte[] { 1, 2 } }, TestKeys.Cancel);

        using var reader = (await call.OpenStreamAsync(new TrickleStream(bytes), TestKeys.Cancel)).Value;
        var frame = (await reader.ReadAsync(TestKeys.Cancel)).Value;

        reader.Status.Should().Be(404);
        frame.Data.ToArray().Should().Equal(1, 2);
        frame.IsLast.Should().BeTrue();
        var again = async () => await reader.ReadAsync(TestKeys.Cancel);
        await again.Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task WriteAsync_more_than_a_frame_arrives_whole()
    {
        using var nodeKey = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        using var call = await CallAsync(nodeKey, []);
        using var exchange = (await Server(nodeKey).OpenAsync("POST", "/v1/q", call.SealedRequest, TestKeys.Cancel)).Value;
        using var output = new MemoryStream();
        var data = new byte[(2 * ChannelFormat.MaxFramePlaintextBytes) + 1];
        data[^1] = 9;
        using (var writer = await exchange.StartStreamAsync(200, "", output, TestKeys.Cancel))
        {
            await writer.WriteAsync(data, TestKeys.Cancel);
            await writer.CompleteAsync(TestKeys.Cancel);
            var after = async () => await writer.WriteAsync(data, TestKeys.Cancel);
            await after.Should().ThrowAsync<InvalidOperationException>();
        }

        using var reader = (await call.OpenStreamAsync(new TrickleStream(output.ToArray()), TestKeys.Cancel)).Value;
        using var received = new MemoryStream();
        ChannelFrame frame;
        do
        {
            frame = (await reader.ReadAsync(TestKeys.Cancel)).Value;
            received.Write(frame.Data.Span);
        }
        while (!frame.IsLast);

        received.ToArray().Should().Equal(data);
    }

    [Fact]
    public async Task OpenAsync_junk_does_not_fill_the_replay_window()
    {
        using var nodeKey = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);
        var server = Server(nodeKey, capacity: 1);
        using var call = await CallAsync(nodeKey, []);
        var junk = call.SealedRequest.ToArray();
        junk[^1] ^= 1;

        await server.OpenAsync("POST", "/v1/q", junk, TestKeys.Cancel);
        var opened = await server.OpenAsync("POST", "/v1/q", call.SealedRequest, TestKeys.Cancel);

        opened.IsAccepted.Should().BeTrue();
        opened.Value.Dispose();
    }

    [Fact]
    public async Task SealAsync_request_over_the_limit_throws()
    {
        using var nodeKey = await TestKeys.Backend.GenerateAgreementKeyAsync(TestKeys.Cancel);

        var seal = async () => await CallAsync(nodeKey, new byte[ChannelFormat.MaxRequestBytes]);

        await seal.Should().ThrowAsync<ArgumentException>();
    }

    private async Task<ChannelCall> CallAsync(IAgreementKey nodeKey, byte[] body)
    {
        var client = new ChannelClient(TestKeys.Backend, nodeKey.PublicKey, s_binding, _time);
        var request = new ChannelRequest { Method = "POST", Path = "/v1/q", Authorization = "token", Body = body };
        return (await client.SealAsync(request, TestKeys.Cancel)).Value;
    }

    private ChannelServer Server(IAgreementKey nodeKey, int capacity = 10) => new(
        TestKeys.Backend,
        nodeKey,
        binding => binding == s_binding,
        new ReplayWindow(_time, TimeSpan.FromMinutes(5), capacity));
}
