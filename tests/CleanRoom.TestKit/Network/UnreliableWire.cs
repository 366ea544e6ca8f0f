using System.Net;
using System.Net.Sockets;

namespace CleanRoom.TestKit.Network;

/// <summary>What is wrong with a server of objects, as its clients see it.</summary>
public enum WireFault
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It answers every request with status 503.</summary>
    Busy = 1,

    /// <summary>Each new connection stands still for some seconds.</summary>
    Slow = 2,

    /// <summary>Answers break off in the middle.</summary>
    Cut = 3,

    /// <summary>It knows nothing of what was stored: each GET and HEAD is answered with status 404, as by a replica that is behind.</summary>
    Stale = 4,

    /// <summary>It has no room: each PUT and POST is answered with status 507.</summary>
    Full = 5,
}

/// <summary>A relay before a server of objects that does wrong for a while.</summary>
public sealed class UnreliableWire : TcpRelay
{
    /// <summary>Well within a header's bytes and a small object's.</summary>
    private const int WholeBytes = 700;

    private static readonly TimeSpan _stillness = TimeSpan.FromSeconds(3);

    private readonly Dictionary<TcpClient, int> _answered = [];
    private WireFault _fault;

    private UnreliableWire(IPAddress address, Uri server)
        : base(address, server)
    {
    }

    /// <summary>Begins to stand before a server on this machine.</summary>
    /// <param name="address">Where clients come to.</param>
    /// <param name="server">The server, on loopback.</param>
    public static UnreliableWire Before(IPAddress address, Uri server) => new(address, server);

    /// <summary>Begins a fault, or ends it. Connections that are open break, so that every one from now on has it.</summary>
    public void Turn(WireFault fault)
    {
        _fault = fault;
        Break();
    }

    private protected override async Task ServeAsync(TcpClient client)
    {
        if (_fault == WireFault.Slow)
        {
            using var timer = new PeriodicTimer(_stillness);
            await timer.WaitForNextTickAsync(Ended);
        }

        var first = await FirstAsync(client);
        if (first.Length > 0 && StatusOf(_fault, first) is { } status)
        {
            await AnswerAsync(client, [.. "HTTP/1.1 "u8, .. System.Text.Encoding.ASCII.GetBytes(status), .. "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8]);
            return;
        }

        await RelayAsync(client, first);
    }

    private protected override bool Pass(TcpClient client, bool isAnswer, ReadOnlySpan<byte> bytes)
    {
        if (!isAnswer || _fault != WireFault.Cut)
        {
            return true;
        }

        lock (Guard)
        {
            _answered[client] = _answered.GetValueOrDefault(client) + bytes.Length;
            return _answered[client] <= WholeBytes;
        }
    }

    private static string? StatusOf(WireFault fault, ReadOnlySpan<byte> request) => fault switch
    {
        WireFault.Busy => "503 Slow Down",
        WireFault.Stale when request.StartsWith("GET "u8) || request.StartsWith("HEAD "u8) => "404 Not Found",
        WireFault.Full when request.StartsWith("PUT "u8) || request.StartsWith("POST "u8) => "507 Insufficient Storage",
        _ => null,
    };
}
