using System.Net;
using System.Net.Sockets;

namespace CleanRoom.TestKit.Network;

/// <summary>Stands between clients and a server of this machine, as a load balancer does.</summary>
public abstract class TcpRelay : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _ended = new();
    private readonly List<Task> _calls = [];
    private readonly List<TcpClient> _open = [];
    private readonly Task _accepting;
    private IPEndPoint _server;

    /// <summary>Begins to listen.</summary>
    /// <param name="address">Where clients come to; the port is a free one.</param>
    /// <param name="server">The server's address; its port on loopback counts.</param>
    private protected TcpRelay(IPAddress address, Uri server)
    {
        ArgumentNullException.ThrowIfNull(server);
        _server = new IPEndPoint(IPAddress.Loopback, server.Port);
        _listener = new TcpListener(address, 0);
        _listener.Start();
        Address = $"http://{_listener.LocalEndpoint}";
        _accepting = AcceptAsync();
    }

    /// <summary>Gets what clients take for the server's address.</summary>
    public string Address { get; }

    /// <summary>Guards what the calls share.</summary>
    private protected Lock Guard { get; } = new();

    /// <summary>Ends the calls.</summary>
    private protected CancellationToken Ended => _ended.Token;

    /// <summary>From the next connection on, another server answers.</summary>
    public void TurnTo(Uri server)
    {
        ArgumentNullException.ThrowIfNull(server);
        _server = new IPEndPoint(IPAddress.Loopback, server.Port);
    }

    /// <summary>Breaks every connection, so that clients make new ones.</summary>
    public void Break()
    {
        lock (Guard)
        {
            _open.ForEach(client => client.Close());
            _open.Clear();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting;
        Task[] calls;
        lock (Guard)
        {
            calls = [.. _calls];
        }

        await Task.WhenAll(calls);
        _ended.Dispose();
    }

    /// <summary>Serves a client to its end. A client or a server that goes ends it.</summary>
    private protected abstract Task ServeAsync(TcpClient client);

    /// <summary>Sees bytes on their way. A relay that returns false lets the connection break there.</summary>
    private protected virtual bool Pass(TcpClient client, bool isAnswer, ReadOnlySpan<byte> bytes) => true;

    /// <summary>Hands everything on, in both directions.</summary>
    /// <param name="client">The client.</param>
    /// <param name="first">What was read of it already.</param>
    private protected async Task RelayAsync(TcpClient client, ReadOnlyMemory<byte> first)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(_server, Ended);
        await server.GetStream().WriteAsync(first, Ended);
        await Task.WhenAll(CopyAsync(client, client, server, isAnswer: false), CopyAsync(client, server, client, isAnswer: true));
    }

    /// <summary>Answers a client's first request with these bytes, whatever it asks.</summary>
    private protected async Task AnswerAsync(TcpClient client, byte[] answer)
    {
        await client.GetStream().WriteAsync(answer, Ended);

        // The rest is read, so that the end of the connection does not undo the answer.
        client.Client.Shutdown(SocketShutdown.Send);
        var buffer = new byte[BufferBytes];
        while (await client.GetStream().ReadAsync(buffer, Ended) > 0)
        {
        }
    }

    /// <summary>Reads what a client says first; empty when it says nothing.</summary>
    private protected async Task<byte[]> FirstAsync(TcpClient client)
    {
        var buffer = new byte[BufferBytes];
        return buffer[..await client.GetStream().ReadAsync(buffer, Ended)];
    }

    private async Task AcceptAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_ended.Token);
                lock (Guard)
                {
                    _open.Add(client);
                    _calls.Add(GuardedAsync(client));
                }
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task GuardedAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await ServeAsync(client);
            }
            catch (Exception closed) when (closed is OperationCanceledException or IOException or SocketException or InvalidOperationException)
            {
                // One side has gone: so does the other.
            }
        }
    }

    private async Task CopyAsync(TcpClient client, TcpClient from, TcpClient to, bool isAnswer)
    {
        var buffer = new byte[BufferBytes];
        int count;
        while ((count = await from.GetStream().ReadAsync(buffer, Ended)) > 0)
        {
            if (!Pass(client, isAnswer, buffer.AsSpan(0, count)))
            {
                from.Close();
                to.Close();
                return;
            }

            await to.GetStream().WriteAsync(buffer.AsMemory(0, count), Ended);
        }

        // A client that was closed meanwhile has no socket any more.
        to.Client?.Shutdown(SocketShutdown.Send);
    }
}
