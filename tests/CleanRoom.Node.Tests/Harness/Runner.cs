using CleanRoom.Grains.Hosting;
using CleanRoom.Grains.Partitions;
using CleanRoom.Grains.Queries;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Fold;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>An activation of a query on a node: the real run over the real ledger, objects and engine.</summary>
internal sealed class Runner
{
    private readonly NodeProcess _node;

    public Runner(NodeProcess node, string collaboration, RunLimits? limits = null, object? engine = null)
    {
        _node = node;
        Room = new InProcessRoom(node, collaboration);
        var partitions = new Dictionary<int, IPartitionGrain>();
        Run = new QueryRun(Services(node), Room.Grain, PartitionOf, () => 1, Lines);

        // Like grains: each partition has one of its own.
        IPartitionGrain PartitionOf(int partition)
        {
            if (!partitions.TryGetValue(partition, out var grain))
            {
                partitions[partition] = grain = CallForwarder.To<IPartitionGrain>(engine switch
                {
                    null => new InProcessPartition(node, limits ?? new RunLimits { EngineThreads = 1 }),
                    Func<int, object> make => make(partition),
                    _ => engine,
                });
            }

            return grain;
        }
    }

    public InProcessRoom Room { get; }

    /// <summary>Gets what the runs have logged.</summary>
    public WrittenLines<Runner> Lines { get; } = new();

    public QueryRun Run { get; }

    public static RunServices Services(NodeProcess node) =>
        new(node.Machine.Backend, node.Machine.Engine.Analyzer, node.Services.Keyring, node.Machine.Objects, node.Machine.Runs, node.Machine.Time);

    /// <summary>Runs to the end, as the working grain does: again while the machine is at fault.</summary>
    public async Task EndAsync(Digest query, bool mayRunAgain = false)
    {
        while (await Run.RunAsync(query, mayRunAgain, CancellationToken.None) == WorkOutcome.TryAgain)
        {
            mayRunAgain = false;
        }
    }

    /// <summary>Returns the query as the ledger has it now.</summary>
    public async Task<QueryState> QueryAsync(Digest query) => (await Room.RoomAsync()).State.Queries[query];

    /// <summary>Returns what the API would serve: the name and the bytes; null when nothing is.</summary>
    public async Task<(string Name, byte[] Bytes)?> ServedAsync(Digest query) =>
        (await Room.RoomAsync()).ViewOf(query).Value.ResultName is { } name
            ? (name, await _node.Machine.Objects.BytesAsync(ObjectContainer.Results, ObjectName.Parse(name)))
            : null;
}
