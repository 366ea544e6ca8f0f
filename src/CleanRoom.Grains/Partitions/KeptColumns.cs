using CleanRoom.Engine.Memory;

namespace CleanRoom.Grains.Partitions;

/// <summary>Decrypted columns that runs of a collaboration have used, kept for its next ones: up to a total, and for a time after their last use.</summary>
/// <remarks>
/// An entry is what one query's engine may see of one object, so that another query finds no byte of a column that it does not read. What is let go
/// is zeroed; what runs still read, when the last of them ends. Safe for concurrent calls.
/// </remarks>
public sealed class KeptColumns : IDisposable
{
    private static readonly TimeSpan _sweepPeriod = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<ColumnKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = []; // The one that was used longest ago first.
    private readonly RunLimits _limits;
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;
    private long _bytes;
    private long _forgotten;

    /// <summary>Begins with nothing.</summary>
    public KeptColumns(RunLimits limits, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_limits, _time) = (limits, time);
        _sweep = time.CreateTimer(_ => Sweep(), null, _sweepPeriod, _sweepPeriod);
    }

    /// <summary>Gets the decrypted bytes that are kept.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Takes columns that are kept, for a run.</summary>
    /// <param name="key">What is wanted.</param>
    /// <param name="moment">For <see cref="Keep"/>: what was let go until now.</param>
    /// <returns>Null when they are not.</returns>
    internal ColumnLease? Take(ColumnKey key, out long moment)
    {
        lock (_lock)
        {
            moment = _forgotten;
            if (!_entries.TryGetValue(key, out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddLast(node);
            node.Value.Uses++;
            return Lease(node.Value);
        }
    }

    /// <summary>Hands decrypted columns to a run, and keeps them as far as there is room.</summary>
    /// <param name="key">What they are.</param>
    /// <param name="file">Taken over.</param>
    /// <param name="moment">Of <see cref="Take"/>: what was decrypted before something was let go is not kept.</param>
    internal ColumnLease Keep(ColumnKey key, AnonymousFile file, long moment)
    {
        var entry = new Entry(key, file, file.WrittenBytes);
        List<Entry> gone = [];
        lock (_lock)
        {
            // Two runs at once decrypt the same columns: the second one's are its own.
            if (moment == _forgotten && entry.Bytes <= _limits.KeptBytes && !_entries.ContainsKey(key))
            {
                _entries.Add(key, _byUse.AddLast(entry));
                _bytes += entry.Bytes;
                entry.IsKept = true;
                while (_bytes > _limits.KeptBytes && _byUse.First is { } oldest)
                {
                    gone.AddRange(Drop(oldest.Value));
                }
            }

            entry.Leases++;
        }

        Zero(gone);
        return new ColumnLease(file, () => Return(entry));
    }

    /// <summary>Says whether kept columns were used again and are still as they were decrypted: true once for each of them.</summary>
    internal bool ShouldArrange(ColumnKey key, AnonymousFile file)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var node) || node.Value.File != file || node.Value.Uses == 0 || node.Value.IsArranged)
            {
                return false;
            }

            return node.Value.IsArranged = true;
        }
    }

    /// <summary>Returns what is cancelled when columns are let go.</summary>
    internal CancellationToken Wanted(ColumnKey key, AnonymousFile file)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(key, out var node) && node.Value.File == file ? node.Value.Wanted.Token : new CancellationToken(canceled: true);
        }
    }

    /// <summary>Keeps another arrangement of columns in their place. The one before is zeroed when the last run that reads it ends.</summary>
    /// <param name="key">What they are.</param>
    /// <param name="before">The arrangement before; if it was let go, the other one is not kept either.</param>
    /// <param name="file">The other one. Taken over.</param>
    internal void Replace(ColumnKey key, AnonymousFile before, AnonymousFile file)
    {
        List<Entry> gone = [];
        lock (_lock)
        {
            var entry = new Entry(key, file, file.WrittenBytes) { IsArranged = true };
            if (!_entries.TryGetValue(key, out var node) || node.Value.File != before || _bytes - node.Value.Bytes + entry.Bytes > _limits.KeptBytes)
            {
                gone.Add(entry);
            }
            else
            {
                gone.AddRange(Drop(node.Value));
                _entries.Add(key, _byUse.AddLast(entry));
                _bytes += entry.Bytes;
                entry.IsKept = true;
                entry.LastUse = _time.GetTimestamp();
            }
        }

        Zero(gone);
    }

    /// <summary>Lets the columns go that no run reads and that were used longest ago.</summary>
    /// <returns>False when there are none.</returns>
    internal bool MakeRoom()
    {
        List<Entry> gone;
        lock (_lock)
        {
            var idle = _byUse.FirstOrDefault(entry => entry.Leases == 0);
            if (idle is null)
            {
                return false;
            }

            gone = [.. Drop(idle)];
        }

        Zero(gone);
        return true;
    }

    /// <summary>Lets all columns of a collaboration go.</summary>
    internal void Forget(string collaboration) => Forget(entry => entry.Key.Collaboration == collaboration);

    /// <summary>Lets the columns of all collaborations go: what of them was taken back since cannot be known here.</summary>
    public void ForgetAll() => Forget(_ => true);

    /// <inheritdoc/>
    public void Dispose()
    {
        _sweep.Dispose();
        LetGo(_ => true);
    }

    private void Forget(Func<Entry, bool> which)
    {
        lock (_lock)
        {
            _forgotten++;
        }

        LetGo(which);
    }

    private void Sweep() => LetGo(entry => entry.Leases == 0 && _time.GetElapsedTime(entry.LastUse) >= _limits.KeptFor);

    private void LetGo(Func<Entry, bool> which)
    {
        List<Entry> gone;
        lock (_lock)
        {
            gone = [.. _byUse.Where(which).ToList().SelectMany(Drop)];
        }

        Zero(gone);
    }

    private ColumnLease Lease(Entry entry)
    {
        entry.Leases++;
        entry.LastUse = _time.GetTimestamp();
        return new ColumnLease(entry.File, () => Return(entry));
    }

    private void Return(Entry entry)
    {
        bool isGone;
        lock (_lock)
        {
            entry.Leases--;
            entry.LastUse = _time.GetTimestamp();
            isGone = !entry.IsKept && entry.Leases == 0;
        }

        if (isGone)
        {
            entry.File.Dispose();
        }
    }

    /// <summary>Takes an entry out; returns it when nobody reads it, to be zeroed outside the lock.</summary>
    private IEnumerable<Entry> Drop(Entry entry)
    {
        _entries.Remove(entry.Key, out var node);
        _byUse.Remove(node!);
        _bytes -= entry.Bytes;
        entry.IsKept = false;
        _ = entry.Wanted.CancelAsync();
        return entry.Leases == 0 ? [entry] : [];
    }

    private static void Zero(List<Entry> gone) => gone.ForEach(entry => entry.File.Dispose());

    private sealed class Entry(ColumnKey key, AnonymousFile file, long bytes)
    {
        public ColumnKey Key => key;

        public AnonymousFile File => file;

        public long Bytes => bytes;

        public int Leases { get; set; }

        public int Uses { get; set; }

        public bool IsArranged { get; set; }

        // Without a timer it holds nothing that would have to be disposed of.
        public CancellationTokenSource Wanted { get; } = new();

        public long LastUse { get; set; }

        public bool IsKept { get; set; }
    }
}

/// <summary>Decrypted columns that a run reads. Once it is disposed of they must not be used.</summary>
internal sealed class ColumnLease(AnonymousFile file, Action giveBack) : IDisposable
{
    private Action? _giveBack = giveBack;

    /// <summary>Gets the columns.</summary>
    public AnonymousFile File => file;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _giveBack, null)?.Invoke();
}
