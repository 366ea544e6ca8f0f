using CleanRoom.Grains.Messages;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Grains.Queries;

/// <summary>A charged run whose plan is the approved one, ready for its partition.</summary>
/// <param name="Contract">The contract that the query is under.</param>
/// <param name="Query">The query.</param>
/// <param name="Plan">The plan of the approved verdict.</param>
/// <param name="Partition">What the partition runs.</param>
internal sealed record PreparedRun(Contract Contract, Query Query, QueryPlan Plan, PartitionAssignment Partition);
