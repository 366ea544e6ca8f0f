using System.Net;
using System.Net.Sockets;

namespace CleanRoom.Node.Configuration;

/// <summary>The cluster of a node. Its members find each other in the database of <see cref="PostgresOptions"/>, and let in whom evidence lets in.</summary>
/// <remarks>There is no option about transport: it is always attested (contracts/spec/0020).</remarks>
public sealed class NodeClusterOptions
{
    private const string Auto = "auto";

    /// <summary>Gets the name by which members know that they belong together.</summary>
    /// <value>1 to 64 ASCII letters, digits, <c>-</c>, <c>_</c> and <c>.</c>. Default <c>cleanroom</c>.</value>
    public string Id { get; init; } = "cleanroom";

    /// <summary>Gets this machine's name among the members, the same after a restart: under it lie its sealed copies of secrets (contracts/spec/0021 s.6).</summary>
    /// <value>1 to 63 ASCII letters, digits, <c>-</c>, <c>_</c> and <c>.</c>. Default: the host's name.</value>
    public string Name { get; init; } = Environment.MachineName;

    /// <summary>Gets the address at which other members reach this one, and at which it listens. A gateway has no use for it.</summary>
    /// <value>An IP address of this machine, or <c>auto</c> for the one that its own name has, as in a pod. Default <c>127.0.0.1</c>.</value>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>Gets the port for other silos.</summary>
    /// <value>0 to 65535; 0 takes a free one. Default 11111.</value>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Gets the port for gateways.</summary>
    /// <value>0 to 65535; 0 takes a free one. Default 30000.</value>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>Gets the cluster of another build, while rooms move to it or from it; a gateway has no use for it.</summary>
    /// <value>Default null.</value>
    public RollOptions? Roll { get; init; }

    /// <summary>Returns the address; null when there is none that other machines could reach.</summary>
    internal IPAddress? FindAddress() => Address == Auto
        ? Array.Find(Addresses(), address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))
        : IPAddress.TryParse(Address, out var given) && !given.Equals(IPAddress.Any) && !given.Equals(IPAddress.IPv6Any) ? given : null;

    private static IPAddress[] Addresses()
    {
        try
        {
            return Dns.GetHostAddresses(Dns.GetHostName());
        }
        catch (SocketException)
        {
            return []; // A machine without an entry for its own name.
        }
    }
}
