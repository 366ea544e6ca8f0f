using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Cryptography.Bcl;
using CleanRoom.Cryptography.Channel;
using CleanRoom.Cryptography.Tests.Support;
using CleanRoom.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace CleanRoom.Cryptography.Tests.Channel;

public sealed class ChannelVectorTests : IDisposable
{
    private readonly JsonNode _vector = Vectors.Own("channel.json");
    private readonly BclAgreementKey _nodeKey;

    public ChannelVectorTests()
    {
        using var scalar = _vector["nodeKeyPrivate"].Secret();
        _nodeKey = new BclAgreementKey(scalar);
    }

    public void Dispose() => _nodeKey.Dispose();

    [Fact]
    public async Task SealAsync_worked_request_is_reproduced()
    {
        using var call = await CallAsync();

        call.SealedRequest.ToArray().Should().Equal(_vector["request"].Hex());
    }

    [Fact]
    public async Task OpenAsync_worked_request_gives_its_parts()
    {
        using var exchange = (await OpenAsync(Server(), _vector["request"].Hex())).Value;

        exchange.BindingDigest.ToString().Should().Be(_vector["bindingDigest"].Text());
        exchange.Request.Method.Should().Be("POST");
        exchange.Request.Path.Should().Be(_vector["path"].Text());
        exchange.Request.Authorization.Should().Be(_vector["authorization"].Text());
        exchange.Request.ContentType.Should().Be(_vector["contentType"].Text());
        exchange.Request.Body.ToArray().Should().Equal(_vector["body"].Hex());
    }

    [Fact]
    public async Task OpenAsync_worked_request_failures_are_refused()
    {
        foreach (var test in _vector["invalidRequests"].Items())
        {
            var time = (test["time"] ?? _vector["timeMilliseconds"]).Long();
            var server = Server(time);
            var request = (test["request"] ?? _vector["request"]).Hex();
            if (test["repeat"] is not null)
            {
                (await OpenAsync(server, request)).Value.Dispose();
            }

            var opened = await server.OpenAsync(
                (test["method"] ?? _vector["method"]).Text(), (test["path"] ?? _vector["path"]).Text(), request, TestKeys.Cancel);

            opened.Refusals.Select(refusal => refusal.Slug).Should().Equal([test["refusal"].Text()], test["name"].Text());
        }
    }

    [Fact]
    public async Task SealResponseAsync_worked_response_is_reproduced_and_opens()
    {
        using var call = await CallAsync();
        using var exchange = (await OpenAsync(Server(), _vector["request"].Hex())).Value;

        var bytes = await exchange.SealResponseAsync(
            _vector["responseNonce"].Hex(),
            new ChannelResponse
            {
                Status = _vector["status"].Int(),
                ContentType = _vector["responseContentType"].Text(),
                Body = _vector["responseBody"].Hex(),
            },
            TestKeys.Cancel);
        var response = (await call.OpenResponseAsync(bytes, TestKeys.Cancel)).Value;

        bytes.Should().Equal(_vector["response"].Hex());
        response.Status.Should().Be(_vector["status"].Int());
        response.ContentType.Should().Be(_vector["responseContentType"].Text());
        response.Body.ToArray().Should().Equal(_vector["responseBody"].Hex());
    }

    [Fact]
    public async Task OpenResponseAsync_worked_failures_are_refused()
    {
        using var call = await CallAsync();
        foreach (var test in _vector["invalidResponses"].Items())
        {
            var opened = await call.OpenResponseAsync(test["response"].Hex(), TestKeys.Cancel);

            opened.Refusals.Select(refusal => refusal.Slug).Should().Equal([test["refusal"].Text()], test["name"].Text());
        }
    }

    [Fact]
    public async Task StartStreamAsync_worked_stream_is_reproduced_and_read()
    {
        using var call = await CallAsync();
        using var exchange = (await OpenAsync(Server(), _vector["request"].Hex())).Value;
        using var output = new MemoryStream();

        using (var writer = await exchange.StartStreamAsync(
            _vector["responseNonce"].Hex(), 200, _vector["streamContentType"].Text(), output, TestKeys.Cancel))
        {
            foreach (var frame in _vector["streamFrames"].Items())
            {
                await writer.WriteAsync(Encoding.UTF8.GetBytes(frame.Text()), TestKeys.Cancel);
            }

            await writer.CompleteAsync(TestKeys.Cancel);
        }

        output.ToArray().Should().Equal(_vector["stream"].Hex());
        var (refusals, frames) = await ReadAsync(call, output.ToArray());
        refusals.Should().BeEmpty();
        frames.Should().Equal([.. _vector["streamFrames"].Items().Select(frame => frame.Text()), ""]);
    }

    [Fact]
    public async Task OpenStreamAsync_worked_failures_are_refused_and_deliver_no_foreign_frame()
    {
        using var call = await CallAsync();
        var genuine = _vector["streamFrames"].Items().Select(frame => frame.Text()).ToArray();
        foreach (var test in _vector["invalidStreams"].Items())
        {
            var (refusals, frames) = await ReadAsync(call, test["stream"].Hex());

            refusals.Select(refusal => refusal.Slug).Should().Equal([test["refusal"].Text()], test["name"].Text());
            frames.Should().Equal(genuine.Take(frames.Count), test["name"].Text());
        }
    }

    private static async Task<(IReadOnlyList<Refusal> Refusals, List<string> Frames)> ReadAsync(ChannelCall call, byte[] stream)
    {
        var frames = new List<string>();
        if (!(await call.OpenStreamAsync(new MemoryStream(stream), TestKeys.Cancel)).TryGet(out var reader, out var refusals))
        {
            return (refusals, frames);
        }

        using (reader)
        {
            while (true)
            {
                if (!(await reader.ReadAsync(TestKeys.Cancel)).TryGet(out var frame, out refusals))
                {
                    return (refusals, frames);
                }

                frames.Add(Encoding.UTF8.GetString(frame.Data.Span));
                if (frame.IsLast)
                {
                    return ([], frames);
                }
            }
        }
    }

    private async Task<ChannelCall> CallAsync()
    {
        using var ephemeral = await TestKeys.AgreementAsync(_vector["ephemeralPrivate"].Hex());
        var client = new ChannelClient(
            TestKeys.Backend, _vector["nodeKeyPublic"].HexBytes(), Digest.Parse(_vector["bindingDigest"].Text()), TimeProvider.System);
        var request = new ChannelRequest
        {
            Method = _vector["method"].Text(),
            Path = _vector["path"].Text(),
            Authorization = _vector["authorization"].Text(),
            ContentType = _vector["contentType"].Text(),
            Body = _vector["body"].Hex(),
        };
        return (await client.SealAsync(ephemeral, _vector["requestId"].Hex(), Time(), request, TestKeys.Cancel)).Value;
    }

    private ChannelServer Server(long? nodeTime = null)
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(nodeTime ?? _vector["timeMilliseconds"].Long()));
        var issued = new[] { _vector["bindingDigest"].Text(), _vector["otherIssuedBindingDigest"].Text() };
        var replay = new ReplayWindow(time, TimeSpan.FromSeconds(_vector["toleranceSeconds"].Int()), capacity: 10);
        return new ChannelServer(TestKeys.Backend, _nodeKey, binding => issued.Contains(binding.ToString()), replay);
    }

    private ValueTask<Result<ChannelExchange>> OpenAsync(ChannelServer server, byte[] request) =>
        server.OpenAsync(_vector["method"].Text(), _vector["path"].Text(), request, TestKeys.Cancel);

    private Timestamp Time() => Timestamp.From(DateTimeOffset.FromUnixTimeMilliseconds(_vector["timeMilliseconds"].Long()));
}
