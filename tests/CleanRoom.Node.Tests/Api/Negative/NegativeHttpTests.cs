using System.Net.Sockets;
using System.Text;
using CleanRoom.Cryptography.Channel;
using CleanRoom.Protocol.Api;

namespace CleanRoom.Node.Tests.Api.Negative;

/// <summary>Requests that are hardly HTTP, written to the socket by hand: what the server refuses before the API sees it, it refuses in silence.</summary>
public sealed class NegativeHttpTests(NegativeScene scene) : IClassFixture<NegativeScene>
{
    private const string Channel = ChannelFormat.MediaType;

    [Fact]
    public async Task Request_that_is_hardly_http_is_no_fault_of_the_node()
    {
        var book = new AnswerBook();
        const string get = "GET /v1/attestation HTTP/1.1\r\n";
        const string post = "POST /v1/collaborations HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
        string[] requests =
        [
            "\r\n\r\n", "x\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET /v1/attestation HTTP/1.0\r\n\r\n", "\0\0\0\0",
            "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nConnection: close\r\n\r\n", "GET http://other/v1/attestation HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n",
            "GET v1/attestation HTTP/1.1\r\nHost: a\r\n\r\n", "GET /v1/\u00ff\u00fe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            "GET /v1/attestation?nonce=\u00ff\u00fe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", "G\u00ffT / HTTP/1.1\r\nHost: a\r\n\r\n",
            $"GET /{new string('a', 10_000)} HTTP/1.1\r\nHost: a\r\n\r\n", $"{new string('G', 10_000)} / HTTP/1.1\r\nHost: a\r\n\r\n",
            get + "Host: a\r\nHost: b\r\n\r\n", get + "Host: \u00ff\r\n\r\n", get + "Host: a b\r\n\r\n", get + "Host a\r\n\r\n", get + " Host: a\r\n\r\n",
            get + $"Host: a\r\nX: {new string('x', 40_000)}\r\n\r\n", get + $"Host: a\r\n{string.Concat(Enumerable.Repeat("X: x\r\n", 200))}\r\n",
            get + "Host: a\r\nX: a\0b\r\n\r\n", get + "Host: a\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n", get + "Host: a\r\nExpect: nonsense\r\nConnection: close\r\n\r\n",
            get + "Host: a\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n", get + "Host: a\r\nAccept: \u00ff\r\nAccept-Encoding: *;q=x\r\nConnection: close\r\n\r\n",
            get + "Host: a\r\nOrigin: \u00ff\r\nConnection: close\r\n\r\n", get + "Host: a\r\nRange: bytes=9-1\r\nConnection: close\r\n\r\n",
            "OPTIONS /v1/collaborations HTTP/1.1\r\nHost: a\r\nOrigin: http://[\r\nAccess-Control-Request-Method: POST\r\nConnection: close\r\n\r\n",
            "OPTIONS /v1/collaborations HTTP/1.1\r\nHost: a\r\nOrigin: http://localhost\r\nAccess-Control-Request-Method: \u00ff\r\nConnection: close\r\n\r\n",
            post + "Content-Length: -1\r\n\r\n", post + "Content-Length: x\r\n\r\n", post + "Content-Length: 5, 6\r\n\r\n", post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
            post + "Content-Length: 99999999999999999999\r\n\r\n", post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            post + "Transfer-Encoding: gzip\r\n\r\n", post + "Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n",
            post + "Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nffffffffffffffff\r\n", post + "Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n5\r\n{",
            post + $"Transfer-Encoding: chunked\r\nContent-Type: {Channel}\r\nCleanRoom-Method: POST\r\n\r\nzz\r\n",
        ];
        foreach (var request in requests)
        {
            await SendAsync(book, null, request[..Math.Min(request.Length, 120)], request);
        }

        book.Close([], atLeast: 1);
        await scene.AssertGoesOnAsync(await scene.RowsAsync());
    }

    [Fact]
    public async Task Body_that_is_announced_and_does_not_come_is_no_fault_of_the_node()
    {
        var (book, rows) = (new AnswerBook(), await scene.RowsAsync());
        foreach (var operation in ApiOperation.All)
        {
            foreach (var type in new[] { Channel, "application/json", "application/octet-stream", string.Empty, "\u00ff" })
            {
                var method = type == Channel ? "POST" : operation.Method;
                var head = $"{method} {scene.PathOf(operation)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {scene.UploadToken}\r\n"
                    + $"{ApiRoutes.MethodHeader}: {operation.Method}\r\nContent-Type: {type}\r\n";
                foreach (var length in new long[] { 1, 98, 4096, ChannelFormat.MaxRequestBytes, ChannelFormat.MaxRequestBytes + 1, 17L << 20, (17L << 20) + 1, 1L << 36, long.MaxValue })
                {
                    await SendAsync(book, operation, $"{length} bytes of {type} announced, one sent", $"{head}Content-Length: {length}\r\n\r\n{{");
                }

                await SendAsync(book, operation, $"a cut chunk of {type}", $"{head}Transfer-Encoding: chunked\r\n\r\n8\r\n{{");
                await SendAsync(book, operation, $"a bad chunk of {type}", $"{head}Transfer-Encoding: chunked\r\n\r\nx\r\n{{");
                await SendAsync(book, operation, $"a header twice, {type}", $"{head}{ApiRoutes.MethodHeader}: \u00ff\r\nContent-Length: 1\r\n\r\n{{");
            }
        }

        book.Close(ApiOperation.All.Select(operation => operation.ToString()), atLeast: 50);
        await scene.AssertGoesOnAsync(rows);
    }

    /// <summary>Sends bytes (each character is one), says that no more come, and reads to the end.</summary>
    private async Task SendAsync(AnswerBook book, ApiOperation? operation, string about, string request)
    {
        var stop = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(scene.Node.Node.Address.Host, scene.Node.Node.Address.Port, stop);
        var (stream, answer) = (client.GetStream(), new MemoryStream());
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), stop);
            client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(answer, stop);
        }
        catch (IOException)
        {
            // The server may close before it has read everything; what it said before that counts.
        }
        catch (SocketException)
        {
        }

        var text = Encoding.UTF8.GetString(answer.ToArray());
        if (!text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
        {
            // A connection that is closed without a word, or an answer in frames of HTTP/2, says nothing that could be wrong.
            book.NoteSilence(operation, about, text);
            return;
        }

        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var (head, body) = (text[..end], text[(end + 4)..]);
        var status = int.Parse(head.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
        var type = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Type: ", StringComparison.OrdinalIgnoreCase))?["Content-Type: ".Length..];
        if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
        {
            body = Unchunked(body);
        }

        var isOfServer = type is null && body.Length == 0;
        book.Note(operation, about, status, isOfServer ? AnswerBook.OfHttpItself : type ?? string.Empty, Encoding.UTF8.GetBytes(body), isWrong: false);
    }

    private static string Unchunked(string body)
    {
        var text = new StringBuilder();
        while (body.IndexOf("\r\n", StringComparison.Ordinal) is > 0 and var line
            && int.Parse(body.AsSpan(0, line), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture) is > 0 and var length)
        {
            // Problems are ASCII: their characters are their bytes.
            text.Append(body.AsSpan(line + 2, length));
            body = body[(line + 2 + length + 2)..];
        }

        return text.ToString();
    }
}
