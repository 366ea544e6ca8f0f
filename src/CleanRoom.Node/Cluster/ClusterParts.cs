using CleanRoom.Grains.Keys;
using CleanRoom.Node.Configuration;
using CleanRoom.Node.Hosting;
using CleanRoom.Node.Peers;
using CleanRoom.Node.Rolls;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage;
using Npgsql;

namespace CleanRoom.Node.Cluster;

/// <summary>What a member of a cluster has besides: the tables in which members find each other, and the transport by which they let each other in.</summary>
/// <remarks>Made before the host, which connects with them while it starts; disposed after it, since it says goodbye with them.</remarks>
internal sealed class ClusterParts : IAsyncDisposable
{
    private ClusterParts(NpgsqlDataSource members, PeerTransport transport, RollTransport? roll) => (Members, Transport, Roll) = (members, transport, roll);

    /// <summary>Gets connections to the tables.</summary>
    public NpgsqlDataSource Members { get; }

    /// <summary>Gets the transport of every connection between members.</summary>
    public PeerTransport Transport { get; }

    /// <summary>Gets the transport to nodes of another build; null while no room moves.</summary>
    public RollTransport? Roll { get; }

    /// <summary>Opens the tables and makes this node's certificate.</summary>
    /// <param name="options">Has a cluster and a database.</param>
    /// <param name="identity">The keys of this process.</param>
    /// <param name="trust">Judges other members.</param>
    /// <param name="log">Takes the lines of the transport, which outlives the host's own log.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StorageException">The tables cannot be opened.</exception>
    /// <exception cref="PeerEvidenceException">The node's own evidence cannot be verified here.</exception>
    /// <exception cref="RollException">The other build of a roll cannot be let in.</exception>
    public static async Task<ClusterParts> OpenAsync(NodeOptions options, NodeIdentity identity, NodeTrust trust, ILogger log, CancellationToken cancellationToken)
    {
        var members = await NodeStores.OpenClusterAsync(options.Postgres!, cancellationToken); // Options with a cluster and no database were refused.
        try
        {
            var transport = await PeerTransport.CreateAsync(identity, trust.Verifiers, TimeProvider.System, log, cancellationToken);
            try
            {
                return new ClusterParts(members, transport, await RollOfAsync(options.Cluster?.Roll, transport, cancellationToken));
            }
            catch
            {
                await transport.DisposeAsync();
                throw;
            }
        }
        catch
        {
            await members.DisposeAsync();
            throw;
        }
    }

    private static async Task<RollTransport?> RollOfAsync(RollOptions? roll, PeerTransport transport, CancellationToken cancellationToken)
    {
        if (roll is null)
        {
            return null;
        }

        var policy = DocumentCodec.PolicyFromPerson(await File.ReadAllBytesAsync(roll.PolicyFile, cancellationToken));
        return !policy.TryGet(out var named, out var refusals)
            ? throw new RollException(refusals)
            : named.Accepted is [var tuple]
                ? transport.ToOtherBuild(tuple, Timestamp.From(roll.Until))
                : throw new RollException([new(RefusalCode.DocumentInvalid, $"one tuple in {Path.GetFileName(roll.PolicyFile)}", $"{named.Accepted.Length}")]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Transport.DisposeAsync();
        await Members.DisposeAsync();
    }
}
