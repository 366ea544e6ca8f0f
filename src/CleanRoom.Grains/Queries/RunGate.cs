using System.Collections.Immutable;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Grains.Histories;
using CleanRoom.Grains.Messages;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Privacy.Noise;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Storage;
using HistoryRule = CleanRoom.Privacy.History.HistoryRule;

namespace CleanRoom.Grains.Queries;

/// <summary>Decides what may leave of one run, by the gate of its tier, and keeps what the audit of earlier answers has to remember of it.</summary>
internal sealed class RunGate : IDisposable
{
    private readonly PreparedRun _prepared;
    private readonly SecretBytes _seed;
    private readonly AuditedGate _audited;
    private readonly SecretBytes _releaseSalt;
    private ImmutableArray<HistoryRule> _histories = [];
    private ImmutableArray<ReleasedUnits> _units = [];

    /// <summary>Prepares the gate.</summary>
    /// <param name="services">Where histories are kept.</param>
    /// <param name="prepared">The run.</param>
    /// <param name="assignment">What the ledger says of it.</param>
    /// <param name="guestOnlyKey">Of the collaboration.</param>
    public RunGate(RunServices services, PreparedRun prepared, RunAssignment assignment, SecretBytes guestOnlyKey)
    {
        _prepared = prepared;
        _seed = RunSeeds.Noise(guestOnlyKey, Digest.Parse(assignment.ChargeLeaf));
        _releaseSalt = RunSeeds.ReleaseSalt(guestOnlyKey, Digest.Parse(assignment.ChargeLeaf));
        var states = new HistoryStates(services.Backend, services.Objects, prepared.Query.Collaboration, guestOnlyKey);
        _audited = new AuditedGate(prepared.Plan, assignment.Histories, states);
    }

    private QueryPlan Plan => _prepared.Plan;

    /// <summary>Applies the gate.</summary>
    /// <param name="rows">What the engine gave.</param>
    /// <param name="cancellationToken">Stops reading histories.</param>
    /// <returns>What may leave; or <see cref="RefusalCode.QueryFailed"/> for rows that are not the plan's, and what a history refuses.</returns>
    /// <exception cref="StorageException">The store does not work at present.</exception>
    public async Task<Result<ReleasedTable>> ApplyAsync(ImmutableArray<ImmutableArray<CellValue>> rows, CancellationToken cancellationToken)
    {
        try
        {
            if (Plan.History is not null)
            {
                var opened = await _audited.OpenAsync(_prepared.Query.Collaboration, rows, cancellationToken);
                return opened.Then(histories => HistoryGate.Apply(Plan, rows, _histories = histories));
            }

            if (Plan.Tier == PolicyTier.List)
            {
                var list = ListGate.Apply(Plan, rows);
                _units = list.Units;
                return list.Table;
            }

            if (Plan.Noise is null)
            {
                return ThresholdGate.Apply(Plan, rows);
            }

            using var noise = new NoiseSeed(_seed.Span);
            return NoiseGate.Apply(Plan, rows, noise);
        }
        catch (ArgumentException)
        {
            // The engine's rows are not what the plan asked for: its fault, and the run's end.
            return EngineCells.Refused;
        }
    }

    /// <summary>Stores what the histories remember from now on; none where there is no audit.</summary>
    /// <exception cref="StorageException">The store did not take it.</exception>
    public async Task<ImmutableArray<HistoryRecord>> SaveAsync(CancellationToken cancellationToken) =>
        Plan.History is null ? [] : await _audited.SaveAsync(_histories, cancellationToken);

    /// <summary>Says whose rows leave; null in the other tiers.</summary>
    /// <param name="answer">The sealed answer. Its salt opens what it says itself; who is behind other rows stays in the guest.</param>
    public ImmutableArray<ReleaseRecord>? Releases(SealedResult answer) => Plan.Tier != PolicyTier.List ? null :
    [
        .. _units.Select(units =>
        {
            var manifest = _prepared.Query.Inputs.Single(input => input.Dataset == units.Dataset).ManifestDigest;
            return new ReleaseRecord
            {
                ManifestDigest = manifest,
                Units = units.Ids.Count,
                Commitment = ReleaseCommitments.Commit(units.Columns.IsEmpty ? _releaseSalt.Span : answer.Salt.Span, manifest, units.Ids),
                Columns = units.Columns,
            };
        }),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        _seed.Dispose();
        _releaseSalt.Dispose();
    }
}
