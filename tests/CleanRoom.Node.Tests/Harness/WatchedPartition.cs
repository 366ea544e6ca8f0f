using CleanRoom.Grains.Messages;
using CleanRoom.Grains.Partitions;

namespace CleanRoom.Node.Tests.Harness;

/// <summary>A partition of a node that remembers what it was told to run.</summary>
internal sealed class WatchedPartition(NodeProcess node)
{
    private readonly InProcessPartition _inner = new(node, new RunLimits { EngineThreads = 1 });

    public List<string> Texts { get; } = [];

    public IReadOnlyCollection<string> Failures => _inner.Failures;

    public Task<GrainReply<PartitionRows>> RunAsync(PartitionAssignment assignment, CancellationToken cancellationToken)
    {
        Texts.Add(assignment.Sql);
        return _inner.RunAsync(assignment, cancellationToken);
    }

    public Task<GrainReply<PartitionRows>> RestAsync(string correlationId, int offset) => _inner.RestAsync(correlationId, offset);
}
