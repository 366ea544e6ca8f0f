using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Client.Ledger;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Budgets;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Client.Budgets;

/// <summary>An owner reads its budget logs and holds the node to what it has shown before, in any collaboration. Spec: contracts/spec/0016 s.6.</summary>
public sealed class RoomBudgets(RoomClient room)
{
    /// <summary>What a memory says of a log that was never seen.</summary>
    public const string Nothing = "none";

    /// <summary>Reads and checks the log of every unit domain in which this member's collaborator has a dataset of the tier dp.</summary>
    /// <returns>The logs, or the first refusal.</returns>
    public async Task<Result<ImmutableArray<OwnerBudgetLog>>> ReadAllAsync(CancellationToken cancellationToken)
    {
        var logs = ImmutableArray.CreateBuilder<OwnerBudgetLog>();
        foreach (var domain in Domains())
        {
            if (!(await ReadAsync(domain, cancellationToken)).TryGet(out var log, out var refusals))
            {
                return refusals;
            }

            logs.Add(log);
        }

        return logs.ToImmutable();
    }

    /// <summary>Reads and checks the log of one unit domain, and remembers how far it went.</summary>
    /// <returns>
    /// The log; or what its fold refuses; or <see cref="RefusalCode.CheckpointInvalid"/>, <see cref="RefusalCode.SignatureInvalid"/> for a
    /// checkpoint that is not the log's; or <see cref="RefusalCode.RowInvalid"/> for rows that it does not cover; or
    /// <see cref="RefusalCode.CheckpointInconsistent"/> for a log that was rolled back or replaced: an owner SHOULD NOT grant a key then.
    /// </returns>
    public async Task<Result<OwnerBudgetLog>> ReadAsync(string domain, CancellationToken cancellationToken)
    {
        if (room.State.ActiveOrFounding?.Find(room.Member.Collaborator)?.RootKey is not { } ownerKey)
        {
            return new Refusal(RefusalCode.NotPermitted, "a collaborator of the contract", room.Member.Collaborator);
        }

        var name = BudgetLogId.NameOf(ownerKey, domain);
        if (!(await RememberedAsync(name, cancellationToken)).TryGet(out var seen, out var refusals)
            || !(await room.CallRowsAsync(Path(domain), cancellationToken)).TryGet(out var read, out refusals)
            || !Fold(read).TryGet(out var state, out refusals))
        {
            return refusals;
        }

        var id = state.Genesis is { } genesis ? BudgetLogId.Of(ownerKey, domain, genesis.CheckpointKey) : null;
        if ((WhyNotOurs(state, id, read.Note, domain) ?? WhyInconsistent(state, id, [.. seen, .. Pinned(name)])) is { } refusal)
        {
            return refusal;
        }

        return state.Genesis is not null && await room.Memory.SaveBudgetLogAsync(name, read.Note, cancellationToken) is { } notKept
            ? notKept
            : OwnerBudgetLog.Of(domain, state);
    }

    /// <summary>Says why this member should not grant the key of a dataset to the node: its budget log is not what it was; null when nothing speaks against it.</summary>
    internal async Task<Refusal?> WhyNotGrantAsync(string dataset, CancellationToken cancellationToken) =>
        room.State.Active?.FindDataset(dataset)?.Policy is { Tier: PolicyTier.Dp, Unit: { } unit }
        && (await ReadAsync(unit.Domain, cancellationToken)) is { IsAccepted: false } refused
            ? refused.Refusals[0]
            : null;

    private IEnumerable<string> Domains() => (room.State.ActiveOrFounding?.Contract.Datasets ?? [])
        .Where(dataset => dataset.Owner == room.Member.Collaborator && dataset.Policy is { Tier: PolicyTier.Dp, Unit: not null })
        .Select(dataset => dataset.Policy.Unit!.Domain)
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal);

    private string Path(string domain) =>
        ApiPaths.Of(ApiRoutes.BudgetLog, room.Collaboration) + string.Create(CultureInfo.InvariantCulture, $"?domain={Uri.EscapeDataString(domain)}&");

    private Result<BudgetLogState> Fold(RowsRead read)
    {
        var state = BudgetLogState.Empty;
        foreach (var bytes in read.Rows)
        {
            if (!RowCodec.Parse(bytes.Span).TryGet(out var row, out var refusals)
                || !BudgetFold.Apply(state, row, room.Services.Fold.Signatures).TryGet(out state!, out refusals))
            {
                return refusals;
            }
        }

        return state;
    }

    private Refusal? WhyNotOurs(BudgetLogState state, string? id, string note, string domain)
    {
        if (state.Genesis is not { } genesis || id is null)
        {
            return null;
        }

        if (genesis.BudgetLog != id)
        {
            return new(RefusalCode.RowInvalid, $"the budget log of {room.Member.Collaborator} for {domain}", $"another, {genesis.BudgetLog}");
        }

        if (!CheckpointNote.Verify(note, id, genesis.CheckpointKey.Span, room.Services.Fold.Signatures).TryGet(out var checkpoint, out var unsigned))
        {
            return unsigned[0];
        }

        return checkpoint.Size == state.Log.Size && checkpoint.Root == state.Log.Root
            ? null
            : new(RefusalCode.RowInvalid, $"the {checkpoint.Size} rows with root {checkpoint.Root} of the signed checkpoint", $"{state.Log.Size} rows with root {state.Log.Root}");
    }

    /// <summary>Compares the log with what this collaboration's ledger holds, and with what this member has seen in any.</summary>
    private static Refusal? WhyInconsistent(BudgetLogState state, string? id, ImmutableArray<Checkpoint> seen)
    {
        var lost = seen.FirstOrDefault(known => known.Origin != id || !state.Log.Holds(known));
        return lost is null
            ? null
            : new(
                RefusalCode.CheckpointInconsistent,
                $"budget log {lost.Origin} that goes on from {lost.Size} rows with root {lost.Root.Abbreviated}, which this client has verified",
                id is null ? "no budget log" : $"budget log {id} with {state.Log.Size} rows");
    }

    private IEnumerable<Checkpoint> Pinned(string name) => room.State.BudgetLogs.TryGetValue(name, out var pinned) ? [pinned] : [];

    private async Task<Result<ImmutableArray<Checkpoint>>> RememberedAsync(string name, CancellationToken cancellationToken) =>
        (await room.Memory.LoadBudgetLogAsync(name, cancellationToken)).Then(note => note == Nothing
            ? Result.Accept(ImmutableArray<Checkpoint>.Empty)
            : SignedNote.Parse(note).Then(signed => Checkpoint.Parse(signed.Text)).Then(checkpoint => Result.Accept<ImmutableArray<Checkpoint>>([checkpoint])));
}
