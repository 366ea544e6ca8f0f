using System.Diagnostics.CodeAnalysis;
using CleanRoom.Attestation.Guest;
using CleanRoom.Cryptography.Sealing;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Grains.Keys;

/// <summary>Holds one collaboration's log to the counter of this machine, where its contract says <c>rollback: counter</c>.</summary>
/// <remarks>
/// One for all who append to the log in this process. Order of a row that counts: the row is durable, then the mark names it under the next value, then
/// the counter is raised to that value, then the row is acknowledged. At each point a crash leaves exactly one log that goes on. A counter alone could
/// not: of two rows that were both stored under the next value, either would fit. Spec: contracts/spec/0022.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing to free while nobody asks for its handle, and a room that has ended is still asked.")]
public sealed class CounterGate(CollaborationKeys keys)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private CounterMark? _last;

    /// <summary>Gets a value that says whether this process has made, found or written the counter.</summary>
    public bool IsHeld => _last is not null;

    /// <summary>Gets why the counter does not stand for the log; null while it does or was not asked.</summary>
    public Refusal? Why { get; private set; }

    /// <summary>Says whether the contract in force, or the founding one before, wants a counter.</summary>
    public static bool IsWanted(CollaborationState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.ActiveOrFounding?.Contract.Rollback == RollbackDefence.Counter;
    }

    /// <summary>Waits until nobody else in this process appends. Dispose the turn.</summary>
    public async Task<IDisposable> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return new Turn(_turn);
    }

    /// <summary>After a start: says whether the counter stands for this log, and makes up for what a crash left undone.</summary>
    /// <returns>Null, or a refusal that names what was wanted and what was got.</returns>
    public async Task<Refusal?> ProveAsync(
        string collaboration, CollaborationState state, IMachineCounter counter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(counter);
        if (await ReadAsync(collaboration, state, counter, cancellationToken) is var (mark, refusal) && refusal is not null)
        {
            return Refuse(refusal);
        }

        if (mark is null)
        {
            return Refuse(new(RefusalCode.ReadOnly, $"the counter of this room in {counter.Kind}", "none: it was never made here, or was deleted"));
        }

        // Where another machine has the secret too, it may have gone on where this one's counter was not raised.
        if (state.Nodes.Values.Where(node => node.Attestation.Binding.Purpose == BindingPurpose.Handover).MinBy(node => node.Sequence) is { } other)
        {
            return Refuse(new(
                RefusalCode.ReadOnly, "a live peer that vouches for the log, since another machine has the secret too", $"none, and a handover at row {other.Sequence}"));
        }

        _last = mark;
        return await CatchUpAsync(collaboration, state, counter, cancellationToken);
    }

    /// <summary>When a log is opened again within a start: the counter is where this process left it, and stands for every row.</summary>
    public async Task<Refusal?> SettleAsync(
        string collaboration, CollaborationState state, IMachineCounter counter, CancellationToken cancellationToken) =>
        await HoldAsync(collaboration, state, counter, cancellationToken)
        ?? await CatchUpAsync(collaboration, state, counter, cancellationToken);

    /// <summary>Before a row is stored: the counter is where this process left it, or is made now that this room wants one for the first time.</summary>
    /// <returns>Null, or a refusal; nothing may be appended then.</returns>
    public async Task<Refusal?> HoldAsync(
        string collaboration, CollaborationState state, IMachineCounter counter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(counter);
        var (mark, refusal) = await ReadAsync(collaboration, state, counter, cancellationToken);
        if (refusal is not null)
        {
            return Refuse(refusal);
        }

        if (_last is { } last)
        {
            return mark == last
                ? Accept()
                : Refuse(new(RefusalCode.ReadOnly, $"the counter where this node left it, at {last.Count} for {last.Size} rows", mark is { } other
                    ? $"{other.Count} for {other.Size} rows: another program raised it"
                    : "none: it was deleted"));
        }

        _last = mark;
        return mark is null ? await MakeAsync(collaboration, state, counter, cancellationToken) : Accept();
    }

    /// <summary>After a row was stored: names the log beside the counter and raises it. The row may be acknowledged when this returns null.</summary>
    public async Task<Refusal?> RaiseAsync(
        string collaboration, CollaborationState state, IMachineCounter counter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(counter);
        var next = new CounterMark(_last!.Value.Count + 1, state.Log.Size, state.Log.Root); // Held before.
        var bytes = next.Write(keys.CounterMark, collaboration);
        if ((await counter.WriteAsync(collaboration, keys.Counter, bytes, cancellationToken)
            ?? await counter.RaiseAsync(collaboration, keys.Counter, cancellationToken)) is { } failed)
        {
            return Refuse(AsReadOnly(failed));
        }

        // Read back: two programs that both raised have both read a value that is not theirs, or a mark that is not.
        var read = await counter.ReadAsync(collaboration, keys.Counter, cancellationToken);
        if (!read.TryGet(out var reading, out var refusals))
        {
            return Refuse(AsReadOnly(refusals[0]));
        }

        if (reading.Count != next.Count || reading.Mark != bytes)
        {
            return Refuse(new(RefusalCode.ReadOnly, $"the counter at {next.Count} with this node's mark", $"{reading.Count}: another program raised it"));
        }

        _last = next;
        return Accept();
    }

    private static Refusal AsReadOnly(Refusal refusal) => new(RefusalCode.ReadOnly, refusal.Wanted, refusal.Got);

    /// <summary>Reads the counter, finishes a raise that a crash cut off, and compares with the log.</summary>
    /// <returns>The mark that stands; nothing where there is no counter; or why it does not fit this log.</returns>
    private async Task<(CounterMark? Mark, Refusal? Refusal)> ReadAsync(
        string collaboration, CollaborationState state, IMachineCounter counter, CancellationToken cancellationToken)
    {
        if (!(await counter.ReadAsync(collaboration, keys.Counter, cancellationToken)).TryGet(out var reading, out var refusals))
        {
            return (null, AsReadOnly(refusals[0]));
        }

        if (!reading.IsMade || reading.Mark.Length == 0)
        {
            return (null, null);
        }

        if (!CounterMark.Open(keys.CounterMark, collaboration, reading.Mark.Span).TryGet(out var mark, out refusals))
        {
            return (null, AsReadOnly(refusals[0]));
        }

        if (mark.Count != reading.Count && mark.Count != reading.Count + 1)
        {
            return (null, new(RefusalCode.ReadOnly, $"the counter at {mark.Count}, as the mark beside it says", $"{reading.Count}"));
        }

        if (mark.Size > state.Log.Size || state.Log.RootAt(mark.Size) != mark.Root)
        {
            var got = mark.Size > state.Log.Size ? state.Log.Root : state.Log.RootAt(mark.Size);
            return (null, new(
                RefusalCode.ReadOnly,
                $"a log that goes on from {mark.Size} rows with root {mark.Root}, which the counter at {mark.Count} stands for",
                $"{Math.Min(mark.Size, state.Log.Size)} rows with root {got}"));
        }

        return mark.Count == reading.Count
            ? (mark, null)
            : (mark, await counter.RaiseAsync(collaboration, keys.Counter, cancellationToken) is { } failed ? AsReadOnly(failed) : null);
    }

    private async Task<Refusal?> CatchUpAsync(
        string collaboration, CollaborationState state, IMachineCounter counter, CancellationToken cancellationToken) =>
        _last!.Value.Size < state.Log.Size ? await RaiseAsync(collaboration, state, counter, cancellationToken) : Accept();

    private async Task<Refusal?> MakeAsync(
        string collaboration, CollaborationState state, IMachineCounter counter, CancellationToken cancellationToken)
    {
        if (!(await counter.MakeAsync(collaboration, keys.Counter, cancellationToken)).TryGet(out var made, out var refusals))
        {
            return Refuse(AsReadOnly(refusals[0]));
        }

        var first = new CounterMark(made.Count, state.Log.Size, state.Log.Root);
        if (await counter.WriteAsync(collaboration, keys.Counter, first.Write(keys.CounterMark, collaboration), cancellationToken) is { } failed)
        {
            return Refuse(AsReadOnly(failed));
        }

        _last = first;
        return Accept();
    }

    private Refusal? Accept()
    {
        Why = null;
        return null;
    }

    private Refusal Refuse(Refusal refusal)
    {
        Why = refusal;
        return refusal;
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
