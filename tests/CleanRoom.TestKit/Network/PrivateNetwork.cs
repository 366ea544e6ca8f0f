using System.Globalization;
using System.Net;
using System.Security.Cryptography;

namespace CleanRoom.TestKit.Network;

/// <summary>
/// A network of this machine's own, with a machine for each name: a network namespace on one bridge. Cables can be pulled. The programs share the machine's
/// files, so that sockets in folders, such as a database's, are reached whatever is pulled.
/// </summary>
public sealed class PrivateNetwork : IDisposable
{
    private const string Tool = "ip";
    private const string Traffic = "tc";
    private const string Probe = "probe";
    private const int MostNames = 200;

    private readonly string _id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3));
    private readonly string _subnet;
    private readonly List<string> _names = [];

    private PrivateNetwork()
    {
        // 198.18.0.0/15 is for tests of networks (RFC 2544): no machine has it.
        _subnet = string.Create(CultureInfo.InvariantCulture, $"198.18.{RandomNumberGenerator.GetInt32(1, 255)}");
    }

    /// <summary>Gets why none can be made here, found by making one; null when one can.</summary>
    public static string? Missing { get; } = Try(network => network.Join(Probe), "no networks can be made here (root, iproute2 and network namespaces are needed)");

    /// <summary>Gets why its cables cannot be made slow here; null when they can.</summary>
    public static string? SlownessMissing { get; } = Try(
        network =>
        {
            network.Join(Probe);
            network.Slow(Probe);
            network.Hurry(Probe);
        },
        "no network can be made slow here (a token bucket of the kernel's is needed)");

    /// <summary>Gets the address of this machine itself on the network.</summary>
    public IPAddress Own => IPAddress.Parse(_subnet + ".1");

    /// <summary>Makes a network with nobody on it but this machine.</summary>
    public static PrivateNetwork Make()
    {
        var network = new PrivateNetwork();
        network.Require("link", "add", network.Bridge, "type", "bridge");
        network.Require("addr", "add", $"{network.Own}/24", "dev", network.Bridge);
        network.Require("link", "set", network.Bridge, "up");
        return network;
    }

    /// <summary>Puts a machine on the network.</summary>
    /// <returns>Its address.</returns>
    public IPAddress Join(string name)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_names.Count, MostNames);
        _names.Add(name);
        var address = string.Create(CultureInfo.InvariantCulture, $"{_subnet}.{_names.Count + 1}");
        Require("netns", "add", Space(name));
        Require("link", "add", Cable(name), "type", "veth", "peer", "name", "eth0", "netns", Space(name));
        Require("link", "set", Cable(name), "master", Bridge, "up");
        Require("-n", Space(name), "addr", "add", address + "/24", "dev", "eth0");
        Require("-n", Space(name), "link", "set", "eth0", "up");
        Require("-n", Space(name), "link", "set", "lo", "up");
        return IPAddress.Parse(address);
    }

    /// <summary>Returns what a program's command line begins with, to run on a machine of the network.</summary>
    public string[] On(string name) => [Tool, "netns", "exec", Space(name)];

    /// <summary>Pulls a machine's cable.</summary>
    public void Cut(string name) => Require("link", "set", Cable(name), "down");

    /// <summary>Plugs it in again.</summary>
    public void Mend(string name) => Require("link", "set", Cable(name), "up");

    /// <summary>Makes a machine's cable slow, in both directions: 32 kB a second, and up to two seconds of it wait.</summary>
    public void Slow(string name)
    {
        foreach (var end in Ends(name))
        {
            Require(Traffic, [.. end, "qdisc", "add", .. Device(name, end), "root", "tbf", "rate", "256kbit", "burst", "16kb", "latency", "2s"]);
        }
    }

    /// <summary>Makes it as fast as it was.</summary>
    public void Hurry(string name)
    {
        foreach (var end in Ends(name))
        {
            Require(Traffic, [.. end, "qdisc", "del", .. Device(name, end), "root"]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var name in _names)
        {
            _ = SystemTool.Run(Tool, "netns", "del", Space(name));
        }

        _ = SystemTool.Run(Tool, "link", "del", Bridge);
    }

    private static string? Try(Action<PrivateNetwork> what, string otherwise)
    {
        try
        {
            using var network = Make();
            what(network);
            return null;
        }
        catch (InvalidOperationException exception)
        {
            return $"{otherwise}: {exception.Message}";
        }
    }

    // The machine's own end, and the bridge's.
    private string[][] Ends(string name) => [["-n", Space(name)], []];

    private string[] Device(string name, string[] end) => ["dev", end.Length > 0 ? "eth0" : Cable(name)];

    private string Bridge => "crb" + _id;

    private string Cable(string name) => $"cr{_names.IndexOf(name)}{_id}";

    private string Space(string name) => $"cleanroom-{_id}-{name}";

    private void Require(params string[] arguments) => Require(Tool, arguments);

    private void Require(string tool, string[] arguments)
    {
        if (SystemTool.Run(tool, arguments) is { } trouble)
        {
            Dispose();
            throw new InvalidOperationException($"{tool} {string.Join(' ', arguments)}: {trouble}");
        }
    }
}
