namespace CleanRoom.Node.Configuration;

/// <summary>The cluster of another build, while rooms move from one to the other. Both clusters have this section; it ends by itself.</summary>
/// <remarks>
/// It lets nodes of that build ask for secrets, and gives them none: a room hands its secret to code that its contract accepts (contracts/spec/0020 s.6,
/// 0021 s.8).
/// </remarks>
public sealed class RollOptions
{
    /// <summary>The longest time that a roll may be open for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private const char PortSeparator = ':';

    /// <summary>Gets the file that names the other build: an attestation policy of one tuple, as <c>attest policy new</c> writes it.</summary>
    /// <value>A path. No default.</value>
    public string PolicyFile { get; init; } = string.Empty;

    /// <summary>Gets the moment at which nodes of the other build are spoken with no more.</summary>
    /// <value>At most 30 days after the node's start. No default.</value>
    public DateTimeOffset Until { get; init; }

    /// <summary>Gets the port at which nodes of the other build ask this one, on <see cref="NodeClusterOptions.Address"/>.</summary>
    /// <value>0 to 65535; 0 takes a free one. Default 11112.</value>
    public int Port { get; init; } = 11112;

    /// <summary>Gets the nodes of the other build that this one asks.</summary>
    /// <value><c>HOST:PORT</c> each. Default none: this node gives and asks nobody.</value>
    public IReadOnlyList<string> Peers { get; init; } = [];

    /// <summary>Reads HOST:PORT.</summary>
    /// <returns>The address at which that node is asked; null for another text.</returns>
    internal static Uri? ParsePeer(string peer) =>
        peer is not null && peer.LastIndexOf(PortSeparator) is > 0 and var at && ushort.TryParse(peer.AsSpan(at + 1), out var port) && port > 0
            && Uri.TryCreate($"https://{peer}/", UriKind.Absolute, out var address) && address.Port == port && address.PathAndQuery == "/" && address.UserInfo.Length == 0
            ? address
            : null;
}
