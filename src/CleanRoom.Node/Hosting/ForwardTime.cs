namespace CleanRoom.Node.Hosting;

/// <summary>A clock that never goes back, for what only orders and measures: Orleans, sessions, shares, waits.</summary>
/// <remarks>
/// Orleans places what it will collect by the time of day, and on a machine whose clock was set back it activates no grain until that time has come again.
/// So while the clock stands behind what was said before, the time that passes is added to that. What others read, a row's stamp and the age of
/// a message or of evidence, is taken from the clock itself. Safe for concurrent calls.
/// </remarks>
internal sealed class ForwardTime(TimeProvider clock) : TimeProvider
{
    private readonly Lock _lock = new();
    private DateTimeOffset _said = clock.GetUtcNow();
    private long _at = clock.GetTimestamp();

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            var at = clock.GetTimestamp();
            var now = clock.GetUtcNow();
            _said = now >= _said ? now : _said + clock.GetElapsedTime(_at, at);
            _at = at;
            return _said;
        }
    }

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
}
