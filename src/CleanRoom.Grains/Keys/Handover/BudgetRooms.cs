using System.Collections.Immutable;
using CleanRoom.Grains.Budgets;
using CleanRoom.Grains.Ledger;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Endorsements;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Grains.Keys.Handover;

/// <summary>Says whether other code may have the secret of an owner's budget log: every room that the log counts for has to accept it.</summary>
/// <remarks>
/// A budget log has no contract. Whoever has its secret reads what its owner spent in all rooms, and can show two rooms two histories of it: one room's word
/// is not enough for the others. A room that is not open here may be one that the host hides, and counts as one that does not accept.
/// Spec: contracts/spec/0021 s.8.
/// </remarks>
public sealed class BudgetRooms(LedgerServices services, CollaborationKeyring keyring, BudgetKeyring budgets, NodeIdentity node)
{
    /// <summary>Judges a node.</summary>
    /// <param name="log">The log's id. Its secret is in this silo's memory.</param>
    /// <param name="shown">Evidence that answers an open offer. Trust: attacker-controlled.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Empty when it may have the secret; or the first room that does not accept it, with every reason, or that cannot be asked here.</returns>
    public async Task<ImmutableArray<Refusal>> WhyNotAsync(string log, NodeAttestation shown, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(shown);
        if (budgets.FindStoreKey(log) is not { } storeKey || budgets.FindHeld(log) is not { } keys)
        {
            return [new(RefusalCode.Unavailable, $"a silo that has read budget log {log}", "one that has not yet")];
        }

        var opened = await BudgetLedger.OpenAsync(log, storeKey, keys, services, budgets, node, cancellationToken);
        if (!opened.TryGet(out var ledger, out var unreadable))
        {
            return unreadable;
        }

        var charged = ledger.State.Charges.Select(charge => charge.Collaboration).ToHashSet(StringComparer.Ordinal);
        var accepting = 0;
        foreach (var collaboration in charged.Union(keyring.Held).Order(StringComparer.Ordinal))
        {
            if (!(await StateAsync(collaboration, cancellationToken)).TryGet(out var state, out var refusals))
            {
                return refusals;
            }

            if (state.IsTerminated || !(charged.Contains(collaboration) || Shares(state, ledger.State.Genesis!)))
            {
                continue;
            }

            if (WhyNotNewest(collaboration) is { } stale)
            {
                return [stale];
            }

            if (WhyNotAccepted(state, shown) is { IsEmpty: false } reasons)
            {
                return [new(RefusalCode.EvidenceNotAccepted, $"code that room {collaboration} accepts, for which budget log {log} counts", "other code"), .. reasons];
            }

            accepting++;
        }

        return accepting > 0 ? [] : [new(RefusalCode.EvidenceNotAccepted, $"a room that accepts this code and for which budget log {log} counts", "none")];
    }

    /// <summary>Says whether a room's contract has a dataset whose charges the log counts.</summary>
    private static bool Shares(CollaborationState state, BudgetGenesis log) => state.ActiveOrFounding is { } contract && contract.Contract.Datasets.Any(dataset =>
        dataset.Policy.Unit?.Domain == log.Domain && contract.Find(dataset.Owner)?.RootKey == log.OwnerKey);

    private ImmutableArray<Refusal> WhyNotAccepted(CollaborationState state, NodeAttestation shown)
    {
        if (state.ActiveOrFounding is not { } contract)
        {
            return [new(RefusalCode.ContractNotActive, "a contract to appraise the node against", "none")];
        }

        var now = Timestamp.From(services.Time.GetUtcNow());
        var appraised = CodeAppraisal.Appraise(
            contract.Contract, state.EndorsementsOf(contract.Digest), now, code => services.Fold.Nodes.Appraise(shown, code, now));
        return appraised switch
        {
            { IsAccepted: false } => appraised.Refusals,
            { Value.Node: var measurement } when state.RevokedMeasurements.Contains(measurement) =>
                [new(RefusalCode.Revoked, "a measurement that no owner has revoked", measurement)],
            _ => [],
        };
    }

    /// <summary>Of a log that was cut, the measurement that asks may have been revoked since.</summary>
    private Refusal? WhyNotNewest(string collaboration) => keyring.FindHeld(collaboration) is { IsFresh: true, Halted: null }
        ? null
        : new(RefusalCode.ReadOnly, $"room {collaboration} with a log that is known to be the newest", "one that waits for witnesses, or was stopped");

    private async Task<Result<CollaborationState>> StateAsync(string collaboration, CancellationToken cancellationToken) =>
        keyring.FindHeld(collaboration) is { } room
            ? (await CollaborationLedger.OpenAsync(collaboration, room, services, cancellationToken)).Then(ledger => Result.Accept(ledger.State))
            : new Refusal(RefusalCode.Unavailable, $"room {collaboration}, which the log names, to be open here", "one that is not");
}
