using CleanRoom.Protocol;

namespace CleanRoom.Grains.Keys;

/// <summary>The longest of a log that this process has seen, so that a store that goes back is noticed within a start. Safe for concurrent calls.</summary>
internal sealed class SeenLog
{
    private readonly Lock _seeing = new();
    private LogMark _newest;

    /// <summary>Gets where it stands.</summary>
    public LogMark Newest
    {
        get
        {
            lock (_seeing)
            {
                return _newest;
            }
        }
    }

    /// <summary>Remembers a log, unless a longer one was seen: a shorter one is another activation's older view.</summary>
    public void See(long size, Digest root)
    {
        lock (_seeing)
        {
            _newest = size > _newest.Size ? new(size, root) : _newest;
        }
    }
}
