using System.Collections.Immutable;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Cryptography.Signatures;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Ledger;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Budgets;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Storage.Ledger;

namespace CleanRoom.Grains.Budgets;

/// <summary>One owner's budget log for one unit domain, over the store. Spec: contracts/spec/0016.</summary>
/// <remarks>Not safe for concurrent calls. Two of them over one log are harmless: one loses on the expected sequence and reads again.</remarks>
/// <param name="ownerKey">The owner's root key.</param>
/// <param name="domain">The unit domain.</param>
/// <param name="services">Store, clock, cryptography and fold.</param>
/// <param name="keyring">The logs' secrets.</param>
/// <param name="node">Signs the rows.</param>
public sealed class BudgetLedger(Bytes ownerKey, string domain, LedgerServices services, BudgetKeyring keyring, NodeIdentity node)
{
    private const int Tries = 3;

    private readonly string _name = BudgetStore.KeyOf(BudgetLogId.NameOf(ownerKey, domain));
    private ImmutableList<LedgerRow> _rows = [];
    private BudgetKeys? _keys;

    /// <summary>Gets the state after the newest row that was read.</summary>
    public BudgetLogState State { get; private set; } = BudgetLogState.Empty;

    /// <summary>Gets the rows from row 0.</summary>
    public IReadOnlyList<LedgerRow> Rows => _rows;

    /// <summary>Gets the newest checkpoint as a signed note; <c>none</c> before row 0.</summary>
    public string Checkpoint { get; private set; } = "none";

    /// <summary>Opens a log whose keys are in memory, when owner and domain are not known: row 0 says them.</summary>
    /// <returns>The log, read as <see cref="LoadAsync"/> does; or why the store's bytes are not it.</returns>
    public static async Task<Result<BudgetLedger>> OpenAsync(
        string id, string storeKey, BudgetKeys keys, LedgerServices services, BudgetKeyring keyring, NodeIdentity node, CancellationToken cancellationToken)
    {
        await foreach (var first in services.Store.ReadAsync(storeKey, 0, 1, cancellationToken))
        {
            var plain = await RowSealing.OpenAsync(services.Backend, keys.Row, new RowPosition(id, 0, null), first.Ciphertext, cancellationToken);
            if (!plain.Then(bytes => RowCodec.Parse(bytes)).Then(row => DocumentCodec.Parse<BudgetGenesis>(row.Envelope.Payload.Span)).TryGet(out var genesis, out var refusals))
            {
                return refusals;
            }

            var ledger = new BudgetLedger(genesis.OwnerKey, genesis.Domain, services, keyring, node);
            return await ledger.LoadAsync(cancellationToken) is { } damaged ? damaged : ledger;
        }

        return new Refusal(RefusalCode.RowInvalid, $"row 0 of budget log {id}", "none");
    }

    /// <inheritdoc cref="IOwnerBudgets.BookAsync"/>
    public async Task<Result<BudgetProof>> BookAsync(BookedRun run, OwnerCost cost, Checkpoint? pinned, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await LoadAsync(cancellationToken) is { } damaged)
            {
                return damaged;
            }

            if (WhyNotFollowing(pinned) is { } rolledBack)
            {
                return rolledBack;
            }

            if (State.Find(run.Collaboration, run.QueryDigest, run.Run) is { } booked)
            {
                return BudgetProofs.Show(cost, State, _rows[(int)booked], pinned?.Size ?? 0, Checkpoint);
            }

            if (WhyOverCap(run, cost) is { } over)
            {
                return over;
            }

            var refusal = State.Genesis is null ? await BeginAsync(cancellationToken) : await AppendAsync(ChargeOf(run, cost), cancellationToken);
            if (refusal is not null && (refusal.Code != RefusalCode.SequenceConflict || attempt == Tries))
            {
                return refusal;
            }
        }
    }

    /// <summary>Reads the log as the store has it now.</summary>
    /// <returns>Null, or why its bytes are not it: a row that does not open or fold, or a log shorter than this process has seen.</returns>
    public async Task<Refusal?> LoadAsync(CancellationToken cancellationToken)
    {
        if (await services.Store.LatestCheckpointAsync(_name, cancellationToken) is not { } stored)
        {
            return keyring.KnownId(_name) is { } gone ? new(RefusalCode.CheckpointInconsistent, $"budget log {gone}", "none") : null;
        }

        // The note tells which keys open the rows. It is the host's word, and checked by opening them.
        if (!SignedNote.Parse(stored.Note).Then(note => Protocol.Ledger.Checkpoint.Parse(note.Text)).TryGet(out var claimed, out var unreadable))
        {
            return unreadable[0];
        }

        if (keyring.KnownId(_name) is { } known && known != claimed.Origin)
        {
            return new(RefusalCode.CheckpointInconsistent, $"budget log {known}", $"budget log {claimed.Origin}");
        }

        if (!(await keyring.OpenAsync(claimed.Origin, cancellationToken)).TryGet(out var keys, out var locked))
        {
            return locked[0];
        }

        var seen = keys.Seen;
        var state = BudgetLogState.Empty;
        var rows = ImmutableList.CreateBuilder<LedgerRow>();
        var id = BudgetLogId.Of(ownerKey, domain, keys.Checkpoint.PublicKey);
        await foreach (var sealedRow in services.Store.ReadAsync(_name, 0, long.MaxValue, cancellationToken))
        {
            var position = new RowPosition(id, sealedRow.Sequence, state.Log.Size == 0 ? null : state.Log.LastLeaf);
            var plain = await RowSealing.OpenAsync(services.Backend, keys.Row, position, sealedRow.Ciphertext, cancellationToken);
            var folded = plain.Then(bytes => RowCodec.Parse(bytes)).Then(row =>
                BudgetFold.Apply(state, row, services.Fold.Signatures).Then(next => Result.Accept((Row: row, State: next))));
            if (!folded.TryGet(out var step, out var refusals))
            {
                return new(RefusalCode.RowInvalid, $"row {sealedRow.Sequence} of budget log {id} as it was appended", refusals[0].ToString());
            }

            rows.Add(step.Row);
            state = step.State;
        }

        if (state.Genesis is null)
        {
            return new(RefusalCode.RowInvalid, $"the rows of budget log {id}", "none");
        }

        if (state.Log.Size < seen.Size || (seen.Size > 0 && state.Log.RootAt(seen.Size) != seen.Root))
        {
            return new(
                RefusalCode.CheckpointInconsistent,
                $"a budget log that goes on from {seen.Size} rows with root {seen.Root.Abbreviated}",
                $"{state.Log.Size} rows with root {state.Log.Root.Abbreviated}");
        }

        Accept(keys, rows.ToImmutable(), state);
        return null;
    }

    private Refusal? WhyNotFollowing(Checkpoint? pinned)
    {
        if (pinned is null || (State.Genesis?.BudgetLog == pinned.Origin && State.Log.Holds(pinned)))
        {
            return null;
        }

        return new(
            RefusalCode.CheckpointInconsistent,
            $"budget log {pinned.Origin} that goes on from {pinned.Size} rows with root {pinned.Root.Abbreviated}",
            State.Genesis is { } genesis ? $"budget log {genesis.BudgetLog} with {State.Log.Size} rows" : "no budget log");
    }

    private Refusal? WhyOverCap(BookedRun run, OwnerCost cost)
    {
        foreach (var cap in cost.Caps)
        {
            var spent = State.Spent(run.Collaboration, cap.Version);
            var (nanoRho, attoDelta) = ((Int128)spent.NanoRho + cost.NanoRho, (Int128)spent.AttoDelta + cost.AttoDelta);
            if (nanoRho > cap.NanoRho || attoDelta > cap.AttoDelta)
            {
                return new(
                    RefusalCode.BudgetExhausted,
                    $"at most {cap.NanoRho} billionths of rho and {cap.AttoDelta} of delta x 10^18 on {cap.Dataset}, in all collaborations of {cost.Owner} together",
                    "more"); // How much the owner's other collaborations have spent is no business of this one's members.
            }
        }

        return null;
    }

    private OwnerCharge ChargeOf(BookedRun run, OwnerCost cost) => new()
    {
        BudgetLog = State.Genesis!.BudgetLog,
        Collaboration = run.Collaboration,
        QueryDigest = run.QueryDigest,
        Run = run.Run,
        Versions = cost.Versions,
        NanoRho = cost.NanoRho,
        AttoDelta = cost.AttoDelta,
        SigningKey = node.Keys.Sign.PublicKey,
    };

    /// <summary>Begins the log. Of several at once, the one whose row 0 is stored first has made it.</summary>
    private async Task<Refusal?> BeginAsync(CancellationToken cancellationToken)
    {
        var keys = BudgetKeyring.Generate();
        var checkpointKey = keys.Checkpoint.PublicKey;
        var id = BudgetLogId.Of(ownerKey, domain, checkpointKey);
        await keyring.AdoptAsync(id, keys, cancellationToken);
        _keys = keys;
        var refusal = await AppendAsync(
            new BudgetGenesis
            {
                BudgetLog = id, OwnerKey = ownerKey, Domain = domain, CheckpointKey = checkpointKey, SigningKey = node.Keys.Sign.PublicKey,
            },
            cancellationToken);
        if (refusal is not null)
        {
            await keyring.DiscardAsync(id, cancellationToken);
        }

        return refusal;
    }

    private async Task<Refusal?> AppendAsync(Document statement, CancellationToken cancellationToken)
    {
        var now = services.Clock.Now;
        if (await services.Clock.WhyWrongAsync(State.Log.Size == 0 ? null : State.Log.LastTime, now, cancellationToken) is { } wrong)
        {
            return wrong;
        }

        var keys = _keys!; // Loaded or made before anything is appended.
        var row = new LedgerRow(State.Log.Size, now, await EnvelopeSigner.SignAsync(node.Keys.Sign, statement, cancellationToken));
        if (!BudgetFold.Apply(State, row, services.Fold.Signatures).TryGet(out var next, out var refusals))
        {
            return refusals[0];
        }

        var id = next.Genesis!.BudgetLog;
        var position = new RowPosition(id, row.Sequence, State.Log.Size == 0 ? null : State.Log.LastLeaf);
        var ciphertext = await RowSealing.SealAsync(services.Backend, keys.Row, position, RowCodec.Encode(row), cancellationToken);
        var outcome = await services.Store.AppendAsync(_name, State.Log.Size, [new SealedRow(row.Sequence, ciphertext)], Sign(keys, next), cancellationToken);
        if (outcome != AppendOutcome.Appended)
        {
            return new(RefusalCode.SequenceConflict, $"row {row.Sequence} of the budget log to be free", "another writer was first");
        }

        Accept(keys, _rows.Add(row), next);
        return null;
    }

    private void Accept(BudgetKeys keys, ImmutableList<LedgerRow> rows, BudgetLogState state)
    {
        (_keys, _rows, State) = (keys, rows, state);
        Checkpoint = Sign(keys, state);
        keys.See(state.Log.Size, state.Log.Root);
        keyring.Know(_name, state.Genesis!.BudgetLog);
    }

    private static string Sign(BudgetKeys keys, BudgetLogState state)
    {
        var id = state.Genesis!.BudgetLog;
        var key = new NoteVerifierKey(id, NoteKeyType.Ed25519, keys.Checkpoint.PublicKey.Span);
        return CheckpointNote.Build(new Checkpoint(id, state.Log.Size, state.Log.Root), key, text => keys.Checkpoint.Sign(text));
    }
}
