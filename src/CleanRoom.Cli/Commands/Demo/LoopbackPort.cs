using System.Net;
using System.Net.Sockets;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Commands.Demo;

/// <summary>Looks at a port before a room is built for it: a host that cannot listen tells so in stack traces.</summary>
internal static class LoopbackPort
{
    /// <summary>Says why nothing can listen at a port of this machine; null when it can. Port 0 is always free.</summary>
    /// <returns>Null, or <see cref="RefusalCode.Unavailable"/> with the port.</returns>
    public static Refusal? WhyNotFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return null;
        }
        catch (SocketException taken)
        {
            return new Refusal(
                RefusalCode.Unavailable,
                "a --port where a room can listen, or 0 for a free one",
                taken.SocketErrorCode == SocketError.AddressAlreadyInUse ? $"port {port}, which is in use" : $"port {port}: {taken.SocketErrorCode}");
        }
    }
}
