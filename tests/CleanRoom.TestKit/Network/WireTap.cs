using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CleanRoom.TestKit.Network;

/// <summary>A relay that keeps a copy of every byte: what anyone on the way sees.</summary>
public sealed class WireTap : TcpRelay
{
    private readonly Dictionary<(TcpClient Client, bool IsAnswer), MemoryStream> _copies = [];
    private byte[]? _instead;

    private WireTap(Uri node)
        : base(IPAddress.Loopback, node)
    {
    }

    /// <summary>Begins to stand before a node on this machine.</summary>
    public static WireTap Before(Uri node) => new(node);

    /// <summary>From the next connection on, answers every request with these bytes itself; null hands on again.</summary>
    public void Answer(string? httpAnswer) => _instead = httpAnswer is null ? null : Encoding.ASCII.GetBytes(httpAnswer);

    /// <summary>Returns what has gone by so far, for each connection and direction.</summary>
    public IReadOnlyList<byte[]> Copies()
    {
        lock (Guard)
        {
            return [.. _copies.Values.Select(copy => copy.ToArray())];
        }
    }

    private protected override async Task ServeAsync(TcpClient client)
    {
        if (_instead is not { } answer)
        {
            await RelayAsync(client, default);
        }
        else if ((await FirstAsync(client)).Length > 0)
        {
            await AnswerAsync(client, answer);
        }
    }

    private protected override bool Pass(TcpClient client, bool isAnswer, ReadOnlySpan<byte> bytes)
    {
        lock (Guard)
        {
            if (!_copies.TryGetValue((client, isAnswer), out var copy))
            {
                _copies[(client, isAnswer)] = copy = new MemoryStream();
            }

            copy.Write(bytes);
            return true;
        }
    }
}
