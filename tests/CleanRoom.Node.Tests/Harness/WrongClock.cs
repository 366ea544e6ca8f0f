namespace CleanRoom.Node.Tests.Harness;

/// <summary>A clock that can be set forward and back, while the time that passes stays as it is.</summary>
internal sealed class WrongClock(TimeProvider right) : TimeProvider
{
    /// <summary>Gets or sets how far it is ahead.</summary>
    public TimeSpan Ahead { get; set; }

    public override long TimestampFrequency => right.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + Ahead;

    public override long GetTimestamp() => right.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => right.CreateTimer(callback, state, dueTime, period);
}
