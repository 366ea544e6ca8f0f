using CleanRoom.Cryptography.Channel;
using CleanRoom.TestKit;

namespace CleanRoom.Node.Tests.Api.Negative;

/// <summary>Every operation with sealed requests that are none: cut, changed, replayed, sealed for another operation or another time. Spec: contracts/spec/0011 s.3, 0013 s.7.</summary>
public sealed class NegativeChannelTests(NegativeScene scene) : IClassFixture<NegativeScene>
{
    // Version, binding, encapsulated key.
    private const int HeaderBytes = 1 + 32 + 65;

    private static ApiOperation[] Inner { get; } = [.. ApiOperation.All.Where(operation => operation.IsInner)];

    [Fact]
    public async Task Sealed_request_that_is_cut_or_changed_is_refused()
    {
        var (book, rows, random) = (new AnswerBook(), await scene.RowsAsync(), new Random(20_261));
        foreach (var operation in Inner)
        {
            var path = scene.PathOf(operation);
            var genuine = await SealAsync(operation, path);
            int[] lengths = [0, 1, 2, 32, 33, 34, HeaderBytes - 1, HeaderBytes, HeaderBytes + 15, HeaderBytes + 16, HeaderBytes + 17, genuine.Length - 1];
            foreach (var length in lengths)
            {
                await SendAsync(operation, $"cut to {length} bytes", path, genuine[..length]);
                await SendAsync(operation, $"{length} zeros", path, new byte[length]);
            }

            int[] places = [0, 1, 16, 32, 33, 34, 65, 97, HeaderBytes, HeaderBytes + 1, genuine.Length / 2, genuine.Length - 17, genuine.Length - 16, genuine.Length - 1];
            foreach (var place in places.Concat(Enumerable.Range(0, Tier.Cases(5, 400)).Select(_ => random.Next(genuine.Length))))
            {
                var changed = (byte[])genuine.Clone();
                changed[place] ^= (byte)(1 << random.Next(8));
                await SendAsync(operation, $"a bit of byte {place} changed", path, changed);
            }

            await SendAsync(operation, "a byte more", path, [.. genuine, 0]);
            await SendAsync(operation, "twice in one", path, [.. genuine, .. genuine]);
            await SendAsync(operation, "no point", path, [.. genuine[..33], .. new byte[65], .. genuine[HeaderBytes..]]);
            await SendAsync(operation, "another point form", path, [.. genuine[..33], 2, .. genuine[34..]]);
            for (var i = 0; i < Tier.Cases(5, 200); i++)
            {
                var noise = new byte[random.Next(1, 4000)];
                random.NextBytes(noise);
                await SendAsync(operation, "noise", path, noise);
                await SendAsync(operation, "noise behind a binding", path, [.. genuine[..33], .. noise]);
                await SendAsync(operation, "noise behind a key", path, [.. genuine[..HeaderBytes], .. noise]);
            }

            // The largest and one beyond; what is far beyond is only announced (NegativeHttpTests).
            await SendAsync(operation, "too long", path, [.. genuine, .. new byte[ChannelFormat.MaxRequestBytes - genuine.Length + 1]]);
        }

        book.Close(Inner.Select(operation => operation.ToString()), atLeast: 60);
        await scene.AssertGoesOnAsync(rows);

        async Task SendAsync(ApiOperation operation, string about, string path, byte[] sealedRequest)
        {
            using var request = scene.Sealed(operation.Method, path, sealedRequest);
            var answer = await scene.SendBareAsync(request);
            book.Note(operation, about, answer.Status, answer.ContentType, answer.Body, isWrong: true);
        }
    }

    [Fact]
    public async Task Sealed_request_in_another_place_is_refused()
    {
        var (book, rows) = (new AnswerBook(), await scene.RowsAsync());
        foreach (var operation in Inner)
        {
            var path = scene.PathOf(operation);
            var genuine = await SealAsync(operation, path);
            foreach (var method in new[] { "GET", "POST", "PUT", "get", "post", string.Empty, "POST, GET", new string('M', 6000) }.Where(method => method != operation.Method))
            {
                await SendAsync(operation, $"as {method}", scene.Sealed(method, path, genuine));
            }

            foreach (var other in Inner.Where(other => scene.PathOf(other) != path))
            {
                await SendAsync(operation, $"at {other}", scene.Sealed(operation.Method, scene.PathOf(other), genuine));
            }

            foreach (var suffix in new[] { "/", "?", "?a=b", "&a=b", "%20", "?from=0&from=1" })
            {
                await SendAsync(operation, $"with {suffix}", scene.Sealed(operation.Method, path + suffix, genuine), isWrong: suffix != "?");
            }

            foreach (var type in new[] { null, "application/json", "application/octet-stream", ChannelFormat.MediaType + "; charset=utf-8", ChannelFormat.MediaType.ToUpperInvariant() })
            {
                var request = scene.Sealed(operation.Method, path, await SealAsync(operation, path));
                request.Content!.Headers.Remove("Content-Type");
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
                await SendAsync(operation, $"of type {type}", request);
            }

            var chunked = scene.Sealed(operation.Method, path, await SealAsync(operation, path));
            chunked.Headers.TransferEncodingChunked = true;
            await SendAsync(operation, "without a length", chunked);

            var taken = await SealAsync(operation, path);
            await SendAsync(operation, "the first time", scene.Sealed(operation.Method, path, taken), isWrong: false);
            await SendAsync(operation, "the second time", scene.Sealed(operation.Method, path, taken));
        }

        book.Close(Inner.Select(operation => operation.ToString()), atLeast: 20);
        await scene.AssertGoesOnAsync(rows);

        async Task SendAsync(ApiOperation operation, string about, HttpRequestMessage request, bool isWrong = true)
        {
            using (request)
            {
                var answer = await scene.SendBareAsync(request);
                book.Note(operation, about, answer.Status, answer.ContentType, answer.Body, isWrong);
            }
        }
    }

    [Theory]
    [InlineData(-6)]
    [InlineData(6)]
    [InlineData(-29_000_000)]
    [InlineData(4_100_000_000)]
    public async Task Sealed_request_of_another_time_is_refused(long minutes)
    {
        var book = new AnswerBook();
        var channel = await scene.Node.ConnectAsync(TimeProvider.System.GetUtcNow().AddMinutes(minutes));
        foreach (var operation in Inner)
        {
            var answer = await scene.SendSealedAsync(operation.Method, scene.PathOf(operation), null, scene.SessionFor(operation), channel: channel);
            book.Note(operation, "of another time", answer.Status, answer.ContentType, answer.Body, isWrong: true);
        }

        book.Close(Inner.Select(operation => operation.ToString()), atLeast: 1);
    }

    private async Task<byte[]> SealAsync(ApiOperation operation, string path)
    {
        // Without a session nothing is left open behind an answer: events of a query would go on.
        var body = scene.BodyOf(operation)?.ToJsonString();
        using var call = await scene.Channel.SealAsync(operation.Method, path, body is null ? null : System.Text.Encoding.UTF8.GetBytes(body));
        return call.SealedRequest.ToArray();
    }
}
