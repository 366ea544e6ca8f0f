using System.Collections.Immutable;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Grains.Keys;
using CleanRoom.Grains.Telemetry;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Dsse;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;
using CleanRoom.Storage.Ledger;

namespace CleanRoom.Grains.Ledger;

/// <summary>One collaboration's log: opened and refolded from the store, appended to with an expected sequence.</summary>
/// <remarks>Not safe for concurrent calls: its grain is the one caller. Spec: contracts/spec/0005.</remarks>
public sealed class CollaborationLedger
{
    private readonly string _collaboration;
    private readonly RoomKeys _room;
    private readonly LedgerServices _services;
    private ImmutableList<LedgerRow> _rows = [];
    private ImmutableDictionary<Digest, long> _sequences = ImmutableDictionary<Digest, long>.Empty;

    private CollaborationLedger(string collaboration, RoomKeys room, LedgerServices services) =>
        (_collaboration, _room, _services) = (collaboration, room, services);

    /// <summary>Gets the state after the newest row.</summary>
    public CollaborationState State { get; private set; } = CollaborationState.Empty;

    /// <summary>Gets the rows from row 0.</summary>
    public IReadOnlyList<LedgerRow> Rows => _rows;

    /// <summary>Gets the newest checkpoint as a signed note, without cosignatures.</summary>
    public string Checkpoint { get; private set; } = "none";

    /// <summary>Opens a log and refolds every row.</summary>
    /// <returns>The log, or why the store's bytes are not it: a row that does not open or fold, a checkpoint that does not match,
    /// or a log shorter than this process has seen.</returns>
    public static async Task<Result<CollaborationLedger>> OpenAsync(
        string collaboration, RoomKeys room, LedgerServices services, CancellationToken cancellationToken)
    {
        var ledger = new CollaborationLedger(collaboration, room, services);
        return await ledger.LoadAsync(cancellationToken) is { } refusal ? refusal : ledger;
    }

    /// <summary>Makes the log of a new collaboration, with nothing in it.</summary>
    public static CollaborationLedger New(string collaboration, RoomKeys room, LedgerServices services) => new(collaboration, room, services);

    /// <summary>Returns the time that a row appended now would carry.</summary>
    public Timestamp Now => _services.Clock.Now;

    /// <summary>Returns the row that holds a statement; null when none does.</summary>
    public long? Find(Digest identity) => _sequences.TryGetValue(identity, out var sequence) ? sequence : null;

    /// <summary>Keeps a witness's cosignature beside the log.</summary>
    public Task KeepCosignatureAsync(string witness, string note, CancellationToken cancellationToken) =>
        CheckpointNote.Verify(note, _collaboration, _room.Keys.Checkpoint.PublicKey.Span, _services.Fold.Signatures)
            .TryGet(out var checkpoint, out _)
            ? _services.Store.PutCosignatureAsync(_collaboration, new StoredCosignature(checkpoint.Size, witness, note), cancellationToken)
            : Task.CompletedTask;

    /// <summary>Appends statements as one: all are durable or none. Each is made from the state and the sequence before it.</summary>
    /// <returns>The state after them, or the first refusal. A conflict leaves the log reloaded and refuses with sequence-conflict.</returns>
    public async Task<Result<CollaborationState>> AppendAsync(
        ImmutableArray<Func<CollaborationState, long, ValueTask<Envelope>>> statements, CancellationToken cancellationToken)
    {
        // With a counter, one writer of this process at a time: the mark beside it names one log.
        using var turn = await _room.Counter.TakeTurnAsync(cancellationToken);
        var now = Now;
        if (await WhyClockWrongAsync(now, cancellationToken) is { } wrong)
        {
            return wrong;
        }

        // Another activation was further than this one: a store that goes back to where this one stands would take the row. Nor may what was made
        // from an old state be tried on a newer one: a proof in it may look like a rollback there.
        if (_room.Seen.Size > State.Log.Size)
        {
            return await LoadAsync(cancellationToken) ?? Conflict(State.Log.Size);
        }

        var state = State;
        var rows = new List<LedgerRow>(statements.Length);
        var sealedRows = new List<SealedRow>(statements.Length);
        foreach (var statement in statements)
        {
            var row = new LedgerRow(state.Log.Size, now, await statement(state, state.Log.Size));
            if (!LedgerFold.Apply(state, row, _services.Fold).TryGet(out var next, out var refusals))
            {
                return refusals;
            }

            var position = new RowPosition(_collaboration, row.Sequence, state.Log.Size == 0 ? null : state.Log.LastLeaf);
            var ciphertext = await RowSealing.SealAsync(_services.Backend, _room.Keys.Row, position, RowCodec.Encode(row), cancellationToken);
            rows.Add(row);
            sealedRows.Add(new SealedRow(row.Sequence, ciphertext));
            state = next;
        }

        var isGuarded = CounterGate.IsWanted(State) || CounterGate.IsWanted(state);
        if (isGuarded && Lose(await _room.Counter.HoldAsync(_collaboration, State, _services.Counter, cancellationToken)) is { } notHeld)
        {
            return notHeld;
        }

        var checkpoint = Sign(state);
        var outcome = await _services.Store.AppendAsync(_collaboration, State.Log.Size, sealedRows, checkpoint, cancellationToken);
        if (outcome != AppendOutcome.Appended)
        {
            return await LoadAsync(cancellationToken) ?? Conflict(rows[0].Sequence);
        }

        RoomMetrics.Appended(rows.Count);
        Accept(_rows.AddRange(rows), state, checkpoint);
        if (isGuarded && rows.Exists(row => CountedRows.IsCounted(row.Envelope))
            && Lose(await _room.Counter.RaiseAsync(_collaboration, state, _services.Counter, cancellationToken)) is { } notRaised)
        {
            // The rows are durable: what they name must not be thrown away as if they had been refused.
            return new Refusal(RefusalCode.StorageFailed, notRaised.Wanted, notRaised.Got);
        }

        return state;
    }

    /// <summary>Says why no time of this silo's clock is to be believed now, neither for a row nor for what is removed when its time is over.</summary>
    public Task<Refusal?> WhyClockWrongAsync(Timestamp now, CancellationToken cancellationToken) =>
        _services.Clock.WhyWrongAsync(State.Log.Size == 0 ? null : State.Log.LastTime, now, cancellationToken);

    /// <summary>Where the contract wants a counter: has it stand for this log, or learns that it does not. Then the room is not fresh.</summary>
    public async Task AskCounterAsync(CancellationToken cancellationToken)
    {
        if (!CounterGate.IsWanted(State))
        {
            return;
        }

        using var turn = await _room.Counter.TakeTurnAsync(cancellationToken);
        var refusal = _room.IsFresh
            ? await _room.Counter.SettleAsync(_collaboration, State, _services.Counter, cancellationToken)
            : await _room.Counter.ProveAsync(_collaboration, State, _services.Counter, cancellationToken);
        _room.IsFresh = refusal is null;
    }

    /// <summary>Reads the log again when another activation, here or at a peer, is known to be further, or where nobody would say so.</summary>
    /// <returns>Null, or why the store's bytes are not that log.</returns>
    public async Task<Refusal?> CatchUpAsync(CancellationToken cancellationToken) =>
        _room.Seen.Size > State.Log.Size
        || (_services.HasOtherWriters && await _services.Store.LengthAsync(_collaboration, cancellationToken) > State.Log.Size)
            ? await LoadAsync(cancellationToken)
            : null;

    /// <summary>Returns the newest checkpoint with the cosignatures that the store holds for its size.</summary>
    public async Task<string> CosignedCheckpointAsync(CancellationToken cancellationToken)
    {
        var cosigned = await _services.Store.ListCosignaturesAsync(_collaboration, State.Log.Size, cancellationToken);
        return cosigned.Where(c => c.TreeSize == State.Log.Size)
            .Aggregate(Checkpoint, (note, cosignature) => CheckpointNotes.Merge(note, cosignature.Note));
    }

    /// <summary>A counter that no longer stands for the log takes the room's freshness with it.</summary>
    private Refusal? Lose(Refusal? refusal)
    {
        _room.IsFresh &= refusal is null;
        return refusal;
    }

    private static Refusal Conflict(long sequence)
    {
        RoomMetrics.Conflicted();
        return new(RefusalCode.SequenceConflict, $"row {sequence} to be free", "another writer was first; the log was read again");
    }

    private string Sign(CollaborationState state)
    {
        var checkpoint = new Checkpoint(_collaboration, state.Log.Size, state.Log.Root);
        var key = new NoteVerifierKey(_collaboration, NoteKeyType.Ed25519, _room.Keys.Checkpoint.PublicKey.Span);
        return CheckpointNote.Build(checkpoint, key, text => _room.Keys.Checkpoint.Sign(text));
    }

    private async Task<Refusal?> LoadAsync(CancellationToken cancellationToken)
    {
        // What was seen before the rows are read: what another activation appends meanwhile may be missing in them, and that is no rollback.
        var seen = _room.Seen;
        var state = CollaborationState.Empty;
        var rows = ImmutableList.CreateBuilder<LedgerRow>();
        await foreach (var sealedRow in _services.Store.ReadAsync(_collaboration, 0, long.MaxValue, cancellationToken))
        {
            var position = new RowPosition(_collaboration, sealedRow.Sequence, state.Log.Size == 0 ? null : state.Log.LastLeaf);
            var opened = await RowSealing.OpenAsync(_services.Backend, _room.Keys.Row, position, sealedRow.Ciphertext, cancellationToken);
            var folded = opened
                .Then(bytes => RowCodec.Parse(bytes))
                .Then(row => LedgerFold.Apply(state, row, _services.Fold).Then(next => Result.Accept((Row: row, State: next))));
            if (!folded.TryGet(out var step, out var refusals))
            {
                return new Refusal(RefusalCode.RowInvalid, $"row {sealedRow.Sequence} as it was appended", refusals[0].ToString());
            }

            rows.Add(step.Row);
            state = step.State;
        }

        if (state.Log.Size < seen.Size || (seen.Size > 0 && state.Log.RootAt(seen.Size) != seen.Root))
        {
            return new Refusal(
                RefusalCode.CheckpointInconsistent,
                $"a log that goes on from {seen.Size} rows with root {seen.Root.Abbreviated}",
                $"{state.Log.Size} rows with root {state.Log.Root.Abbreviated}");
        }

        Accept(rows.ToImmutable(), state, state.Log.Size == 0 ? "none" : Sign(state));
        return null;
    }

    private void Accept(ImmutableList<LedgerRow> rows, CollaborationState state, string checkpoint)
    {
        _sequences = _sequences.SetItems(rows.Skip(_rows.Count)
            .Select(row => KeyValuePair.Create(LedgerFold.StatementIdentity(row.Envelope), row.Sequence)));
        _rows = rows;
        State = state;
        Checkpoint = checkpoint;
        _room.See(state.Log.Size, state.Log.Root);
    }
}
