using System.Collections.Immutable;
using CleanRoom.Grains.Messages;
using CleanRoom.Policy.Caps;
using CleanRoom.Policy.Partitions;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Grains.Queries;

/// <summary>A charged run whose plan is the approved one, ready for its partitions.</summary>
/// <param name="Contract">The contract that the query is under.</param>
/// <param name="Query">The query.</param>
/// <param name="Plan">The plan of the approved verdict.</param>
/// <param name="Partitions">How the rows of several partitions are added up; null for a run over all.</param>
/// <param name="Assignments">What each partition runs; one for a run over all.</param>
/// <param name="ByRows">What is tried before, in the hope that it decides without counting people; null where it cannot.</param>
internal sealed record PreparedRun(
    Contract Contract,
    Query Query,
    QueryPlan Plan,
    PlanPartitions? Partitions,
    ImmutableArray<PartitionAssignment> Assignments,
    RunByRows? ByRows);

/// <summary>A run that counts rows of people.</summary>
/// <param name="Caps">Decides by the rows.</param>
/// <param name="Assignments">What each partition runs.</param>
internal sealed record RunByRows(RowCaps Caps, ImmutableArray<PartitionAssignment> Assignments);
