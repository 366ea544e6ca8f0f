using System.Net;
using System.Net.Sockets;

namespace CleanRoom.Node.Cluster;

/// <summary>Ports for a silo, which has to be told its own before it opens them.</summary>
internal static class FreePorts
{
    /// <summary>Returns the ports that were asked for; a free one, different from the others, where 0 was.</summary>
    public static int[] Find(IPAddress address, params ReadOnlySpan<int> wanted)
    {
        var probes = new List<TcpListener>();
        var found = new int[wanted.Length];
        try
        {
            for (var at = 0; at < wanted.Length; at++)
            {
                if ((found[at] = wanted[at]) == 0)
                {
                    var probe = new TcpListener(address, 0);
                    probes.Add(probe);
                    probe.Start();
                    found[at] = ((IPEndPoint)probe.LocalEndpoint).Port;
                }
            }

            return found;
        }
        finally
        {
            probes.ForEach(probe => probe.Dispose());
        }
    }
}
