using System.Net;
using System.Net.Sockets;

namespace CleanRoom.TestKit.Network;

/// <summary>Stands between clients and a node, as a load balancer does, hands every byte on, and keeps a copy: what anyone on the way sees.</summary>
public sealed class WireTap : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _lock = new();
    private readonly List<MemoryStream> _copies = [];
    private readonly List<Task> _calls = [];
    private readonly List<TcpClient> _open = [];
    private readonly Task _accepting;
    private IPEndPoint _node;
    private byte[]? _instead;

    private WireTap(Uri node)
    {
        _node = new IPEndPoint(IPAddress.Loopback, node.Port);
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = AcceptAsync();
    }

    /// <summary>Gets what clients take for the node's address.</summary>
    public string Address { get; }

    /// <summary>Begins to stand before a node on this machine.</summary>
    public static WireTap Before(Uri node) => new(node);

    /// <summary>From the next connection on, answers every request with these bytes itself; null hands on again.</summary>
    public void Answer(string? httpAnswer) => _instead = httpAnswer is null ? null : System.Text.Encoding.ASCII.GetBytes(httpAnswer);

    /// <summary>From the next connection on, another node answers.</summary>
    public void TurnTo(Uri node) => _node = new IPEndPoint(IPAddress.Loopback, node.Port);

    /// <summary>Breaks every connection, so that clients make new ones.</summary>
    public void Break()
    {
        lock (_lock)
        {
            _open.ForEach(client => client.Close());
            _open.Clear();
        }
    }

    /// <summary>Returns what has gone by so far, for each connection and direction.</summary>
    public IReadOnlyList<byte[]> Copies()
    {
        lock (_lock)
        {
            return [.. _copies.Select(copy => copy.ToArray())];
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting;
        Task[] calls;
        lock (_lock)
        {
            calls = [.. _calls];
        }

        await Task.WhenAll(calls);
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                var browser = await _listener.AcceptTcpClientAsync(_ended.Token);
                lock (_lock)
                {
                    _open.Add(browser);
                    _calls.Add(_instead is { } answer ? InsteadAsync(browser, answer) : RelayAsync(browser));
                }
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task RelayAsync(TcpClient browser)
    {
        using (browser)
        using (var node = new TcpClient())
        {
            try
            {
                await node.ConnectAsync(_node, _ended.Token);
                await Task.WhenAll(CopyAsync(browser, node), CopyAsync(node, browser));
            }
            catch (Exception closed) when (closed is OperationCanceledException or IOException or SocketException or InvalidOperationException)
            {
                // One side has gone: so does the other.
            }
        }
    }

    private async Task InsteadAsync(TcpClient browser, byte[] answer)
    {
        using (browser)
        {
            try
            {
                var buffer = new byte[BufferBytes];
                if (await browser.GetStream().ReadAsync(buffer, _ended.Token) > 0)
                {
                    await browser.GetStream().WriteAsync(answer, _ended.Token);
                }

                // The rest is read, so that the end of the connection does not undo the answer.
                browser.Client.Shutdown(SocketShutdown.Send);
                while (await browser.GetStream().ReadAsync(buffer, _ended.Token) > 0)
                {
                }
            }
            catch (Exception closed) when (closed is OperationCanceledException or IOException or SocketException or InvalidOperationException)
            {
                // The browser has gone.
            }
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        var copy = new MemoryStream();
        lock (_lock)
        {
            _copies.Add(copy);
        }

        var buffer = new byte[BufferBytes];
        int count;
        while ((count = await from.GetStream().ReadAsync(buffer, _ended.Token)) > 0)
        {
            lock (_lock)
            {
                copy.Write(buffer, 0, count);
            }

            await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _ended.Token);
        }

        // A client that was closed meanwhile has no socket any more.
        to.Client?.Shutdown(SocketShutdown.Send);
    }
}
