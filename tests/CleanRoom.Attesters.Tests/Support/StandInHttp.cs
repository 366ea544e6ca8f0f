using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CleanRoom.Attesters.Tests.Support;

/// <summary>A service on a socket that answers each request with what the test says. One request a connection.</summary>
internal sealed class StandInHttp : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly Func<string, byte[], (int Status, byte[] Body)> _answer;
    private readonly Task _serving;

    private StandInHttp(Socket listener, EndPoint endPoint, Func<string, byte[], (int Status, byte[] Body)> answer)
    {
        (_listener, _answer) = (listener, answer);
        listener.Bind(endPoint);
        listener.Listen();
        _serving = ServeAsync();
    }

    /// <summary>Gets the heads and bodies that came.</summary>
    public List<(string Head, string Body)> Requests { get; } = [];

    public Uri Address => new($"http://{_listener.LocalEndPoint}/");

    public static StandInHttp OnSocket(string path, Func<string, byte[], (int Status, byte[] Body)> answer) =>
        new(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixDomainSocketEndPoint(path), answer);

    public static StandInHttp OnLoopback(Func<string, byte[], (int Status, byte[] Body)> answer) =>
        new(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), new IPEndPoint(IPAddress.Loopback, 0), answer);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await _listener.AcceptAsync();
                await using var stream = new NetworkStream(connection);
                await AnswerAsync(stream);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one);
            head.Append((char)one[0]);
        }

        var length = head.ToString().Split("\r\n").Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            .Select(line => int.Parse(line.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)).SingleOrDefault();
        var body = new byte[length];
        await stream.ReadExactlyAsync(body);
        Requests.Add((head.ToString(), Encoding.UTF8.GetString(body)));
        var (status, answer) = _answer(head.ToString().Split(' ')[1], body);
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nContent-Length: {answer.Length}\r\nConnection: close\r\n\r\n"));
            await stream.WriteAsync(answer);
        }
        catch (IOException)
        {
            // The client has read enough.
        }
    }
}
