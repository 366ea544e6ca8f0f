using CleanRoom.Protocol;
using CleanRoom.Protocol.Fold;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Client.Ledger;

/// <summary>A member's own copy of a ledger: every row checked and folded here, under a checkpoint that the collaboration's key signed.</summary>
/// <remarks>No network and no clock. Not safe for concurrent calls. Spec: contracts/spec/0005.</remarks>
public sealed class LedgerMirror
{
    private readonly FoldServices _services;
    private readonly List<LedgerRow> _rows = [];

    /// <summary>Makes an empty copy.</summary>
    /// <param name="collaboration">The id that row 0 must lead to.</param>
    /// <param name="services">Signature verification and node appraisal.</param>
    public LedgerMirror(string collaboration, FoldServices services)
    {
        ArgumentException.ThrowIfNullOrEmpty(collaboration);
        ArgumentNullException.ThrowIfNull(services);
        (Collaboration, _services) = (collaboration, services);
    }

    /// <summary>Gets the collaboration's id.</summary>
    public string Collaboration { get; }

    /// <summary>Gets what follows from the rows.</summary>
    public CollaborationState State { get; private set; } = CollaborationState.Empty;

    /// <summary>Gets the rows from row 0.</summary>
    public IReadOnlyList<LedgerRow> Rows => _rows;

    /// <summary>Gets the signed note over all rows, with the cosignatures that came with it; empty before the first rows.</summary>
    public string Note { get; private set; } = string.Empty;

    /// <summary>Gets the contract in force, or the first proposal while none is; null before the first rows.</summary>
    public ContractState? Contract => State.ActiveOrFounding;

    /// <summary>Takes further rows, all or nothing.</summary>
    /// <param name="rows">Encoded rows that follow the ones here. Trust: host-controlled.</param>
    /// <param name="note">The signed note over all of them. Trust: host-controlled.</param>
    /// <param name="seen">Notes of this collaboration that were seen elsewhere: before, or in a node's binding.</param>
    /// <returns>
    /// The checkpoint; or what the fold refuses; or <see cref="RefusalCode.CheckpointInvalid"/>, <see cref="RefusalCode.SignatureMissing"/>,
    /// <see cref="RefusalCode.SignatureInvalid"/> for a note that is not the collaboration's; or <see cref="RefusalCode.RowInvalid"/> for rows
    /// that the note does not cover; or <see cref="RefusalCode.CheckpointInconsistent"/>, naming both, for a rollback or a fork.
    /// </returns>
    public Result<Checkpoint> Extend(IReadOnlyList<Bytes> rows, string note, IReadOnlyList<string> seen)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(note);
        ArgumentNullException.ThrowIfNull(seen);
        if (!Fold(rows).TryGet(out var folded, out var refusals))
        {
            return refusals;
        }

        if (!VerifyNote(folded.State, Collaboration, note, _services).TryGet(out var checkpoint, out refusals))
        {
            return refusals;
        }

        if ((WhyNotCovered(folded.State, checkpoint) ?? WhyInconsistent(folded.State, seen)) is { } refusal)
        {
            return refusal;
        }

        State = folded.State;
        Note = note;
        _rows.AddRange(folded.Rows);
        return checkpoint;
    }

    /// <summary>Verifies a note by the key that folded rows name for it.</summary>
    /// <returns>The checkpoint, which may be of other rows; or the refusals of a note that is not the collaboration's, or of rows that are another's.</returns>
    internal static Result<Checkpoint> VerifyNote(CollaborationState folded, string collaboration, string note, FoldServices services) =>
        folded.Genesis is { } genesis && genesis.Collaboration == collaboration
            ? CheckpointNote.Verify(note, collaboration, genesis.CheckpointKey.Span, services.Signatures)
            : new Refusal(RefusalCode.RowInvalid, $"row 0 of collaboration {collaboration}", folded.Genesis?.Collaboration ?? "no row");

    /// <summary>Says why a checkpoint is not that of folded rows; null when it is.</summary>
    internal static Refusal? WhyOther(CollaborationState folded, Checkpoint checkpoint) =>
        checkpoint.Size == folded.Log.Size && checkpoint.Root == folded.Log.Root
            ? null
            : new Refusal(
                RefusalCode.RowInvalid,
                $"the {checkpoint.Size} rows with root {checkpoint.Root} of the signed checkpoint",
                $"{folded.Log.Size} rows with root {folded.Log.Root}");

    private Result<Folded> Fold(IReadOnlyList<Bytes> rows)
    {
        var state = State;
        var taken = new List<LedgerRow>(rows.Count);
        foreach (var bytes in rows)
        {
            if (!RowCodec.Parse(bytes.Span).TryGet(out var row, out var refusals)
                || !LedgerFold.Apply(state, row, _services).TryGet(out state!, out refusals))
            {
                return refusals;
            }

            taken.Add(row);
        }

        return new Folded(state, taken);
    }

    // With rows that a signed note covered before, another note of the same key is proof against the node; without, only the rows are wrong.
    private Refusal? WhyNotCovered(CollaborationState state, Checkpoint checkpoint) => WhyOther(state, checkpoint) is not { } other
        ? null
        : State.Log.Size > 0 ? Inconsistent(State.Log.Size, State.Log.Root, checkpoint) : other;

    private Refusal? WhyInconsistent(CollaborationState state, IReadOnlyList<string> seen)
    {
        foreach (var note in seen)
        {
            if (!VerifyNote(state, Collaboration, note, _services).TryGet(out var known, out var refusals))
            {
                return refusals[0];
            }

            if (!state.Log.Holds(known))
            {
                return Inconsistent(known.Size, known.Root, new Checkpoint(Collaboration, state.Log.Size, state.Log.Root));
            }
        }

        return null;
    }

    private static Refusal Inconsistent(long size, Digest root, Checkpoint got) => new(
        RefusalCode.CheckpointInconsistent,
        $"a log that goes on from the checkpoint of {size} rows with root {root}, which this client has verified",
        $"a checkpoint of {got.Size} rows with root {got.Root}");

    private sealed record Folded(CollaborationState State, List<LedgerRow> Rows);
}
