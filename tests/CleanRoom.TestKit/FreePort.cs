using System.Net;
using System.Net.Sockets;

namespace CleanRoom.TestKit;

/// <summary>A port of loopback for a program that has to be told one.</summary>
public static class FreePort
{
    /// <summary>Returns a port that was free a moment ago.</summary>
    public static int Find()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
