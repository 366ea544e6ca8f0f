using System.Collections.Immutable;
using CleanRoom.Grains.Messages;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Privacy.History;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Json;
using HistoryRule = CleanRoom.Privacy.History.HistoryRule;

namespace CleanRoom.Grains.Histories;

/// <summary>Lets rows through the gate of a plan whose owners want earlier answers remembered. Spec: contracts/spec/0015 s.8.</summary>
/// <param name="plan">The plan.</param>
/// <param name="assignments">What the ledger says of each history.</param>
/// <param name="states">Where they are kept.</param>
internal sealed class AuditedGate(QueryPlan plan, ImmutableArray<HistoryAssignment> assignments, HistoryStates states)
{
    private const string SnapshotLabel = "cleanroom/v1/history-snapshot";

    /// <summary>Everybody but the owner is one group: collaborators may pass answers on, and an amendment that names another must not begin a state anew.</summary>
    private const string Everybody = "*";

    private readonly Dictionary<string, HistoryAssignment> _assignments = assignments.ToDictionary(history => history.Dataset, StringComparer.Ordinal);

    /// <summary>Reads the histories that the plan is offered to, in the order of its datasets.</summary>
    /// <param name="collaboration">The collaboration's id.</param>
    /// <param name="rows">The rows of the engine, which say how many units there are.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ArgumentException">The rows are not the plan's.</exception>
    public async Task<Result<ImmutableArray<HistoryRule>>> OpenAsync(
        string collaboration, ImmutableArray<ImmutableArray<CellValue>> rows, CancellationToken cancellationToken)
    {
        var datasets = plan.History!.Datasets;
        if (!_assignments.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(datasets.Select(dataset => dataset.Name)))
        {
            return new Refusal(RefusalCode.QueryFailed, "a history for each dataset whose owner wants one", $"{_assignments.Count} of {datasets.Length}");
        }

        var rules = ImmutableArray.CreateBuilder<HistoryRule>(datasets.Length);
        foreach (var (dataset, units) in datasets.Zip(HistoryGate.Units(plan, rows)))
        {
            var history = _assignments[dataset.Name];
            var read = await states.ReadAsync(history, Scope(collaboration, history), units, cancellationToken);
            if (!read.TryGet(out var audit, out var refusals))
            {
                return refusals;
            }

            rules.Add(new HistoryRule(audit, dataset.MinUnits, dataset.MaxCells, history.Counted));
        }

        return rules.MoveToImmutable();
    }

    /// <summary>Stores what the histories remember after the gate.</summary>
    public async Task<ImmutableArray<HistoryRecord>> SaveAsync(ImmutableArray<HistoryRule> histories, CancellationToken cancellationToken)
    {
        var records = ImmutableArray.CreateBuilder<HistoryRecord>(histories.Length);
        foreach (var (dataset, rule) in plan.History!.Datasets.Zip(histories))
        {
            records.Add(await states.WriteAsync(_assignments[dataset.Name], rule.Audit, cancellationToken));
        }

        return records.MoveToImmutable();
    }

    /// <summary>One state for each dataset version and unit column: the numbering is made of both.</summary>
    private HistoryScope Scope(string collaboration, HistoryAssignment history)
    {
        var unit = plan.Tables.First(table => table.Dataset == history.Dataset).Unit!;
        var snapshot = Digest.Labelled(SnapshotLabel, Jcs.Write(new JsonObject(
            new JsonMember("dataset", history.Dataset),
            new JsonMember("manifestDigest", history.ManifestDigest),
            new JsonMember("unitColumn", unit.Column))));
        return new HistoryScope(collaboration, unit.Domain, snapshot, [Everybody]);
    }
}
