using CleanRoom.Protocol;

namespace CleanRoom.Engine.Memory;

/// <summary>Leases anonymous memory files up to a total, and keeps returned ones, zeroed, for the next lease of the same length.</summary>
/// <remarks>
/// Reuse saves the page faults of a warm dataset. A file that an engine process has held is reused only when nothing of that process can
/// be left, else another query's bytes would appear in a descriptor that outlived its query. Thread-safe.
/// </remarks>
/// <param name="capacityBytes">The most bytes of all files, leased and kept.</param>
public sealed class AnonymousFilePool(long capacityBytes) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, Stack<AnonymousMapping>> _idle = [];
    private long _usedBytes;
    private bool _isDisposed;

    /// <summary>Gets the bytes of all files, leased and kept.</summary>
    public long UsedBytes
    {
        get
        {
            lock (_lock)
            {
                return _usedBytes;
            }
        }
    }

    /// <summary>Leases a file of zeros.</summary>
    /// <param name="length">Length in bytes, from 1.</param>
    /// <returns>The lease, or <see cref="RefusalCode.TooManyRequests"/> when the total would be passed.</returns>
    public Result<AnonymousFile> Rent(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_idle.TryGetValue(length, out var kept) && kept.TryPop(out var mapping))
            {
                return new AnonymousFile(mapping, GiveBack);
            }

            if (length > capacityBytes - _usedBytes)
            {
                DropIdle();
            }

            if (length > capacityBytes - _usedBytes)
            {
                return new Refusal(
                    RefusalCode.TooManyRequests,
                    $"{length} bytes of anonymous memory",
                    $"{capacityBytes - _usedBytes} of {capacityBytes} bytes free");
            }

            var created = AnonymousMapping.Create(length);
            _usedBytes += length;
            return new AnonymousFile(created, GiveBack);
        }
    }

    /// <summary>Frees the kept files; leased ones are freed when they come back.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            DropIdle();
        }
    }

    private void GiveBack(AnonymousMapping mapping, bool isRetired)
    {
        // Zeroed before the lock is taken: it can be gigabytes.
        mapping.Clear();
        lock (_lock)
        {
            if (isRetired || _isDisposed)
            {
                Drop(mapping);
                return;
            }

            if (!_idle.TryGetValue(mapping.Length, out var kept))
            {
                _idle.Add(mapping.Length, kept = new Stack<AnonymousMapping>());
            }

            kept.Push(mapping);
        }
    }

    private void DropIdle()
    {
        foreach (var mapping in _idle.Values.SelectMany(kept => kept))
        {
            Drop(mapping);
        }

        _idle.Clear();
    }

    private void Drop(AnonymousMapping mapping)
    {
        _usedBytes -= mapping.Length;
        mapping.Dispose();
    }
}
