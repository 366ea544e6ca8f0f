namespace CleanRoom.Grains.Admission;

/// <summary>How many requests of a room's members a whole cluster takes on: for each member and for all together so many in a second, over a longer time.</summary>
/// <remarks>Thousandths of a request, in integers, so that nothing is lost by rounding. Not safe for concurrent calls.</remarks>
/// <param name="time">The clock.</param>
public sealed class RequestShares(TimeProvider time)
{
    private const int BurstFactor = 4;
    private const int Thousand = 1_000;

    /// <summary>Members whose share is whole are forgotten beyond these.</summary>
    private const int MostMembers = 1_000;

    private readonly Dictionary<string, Share> _members = new(StringComparer.Ordinal);
    private Share? _room;

    /// <summary>Takes requests of a member in advance.</summary>
    /// <param name="member">The member's name in the room.</param>
    /// <param name="wanted">How many, from 1.</param>
    /// <param name="limits">How many a second; those of the newest call count.</param>
    /// <returns>How many are granted, up to what is wanted; with none, when it is worth asking again.</returns>
    public ShareGrant Take(string member, int wanted, ShareLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentOutOfRangeException.ThrowIfLessThan(wanted, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.OfMember, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.OfRoom, 1);
        var now = time.GetTimestamp();
        var room = _room = Refilled(_room, limits.OfRoom, now);
        var own = _members[member] = Refilled(_members.GetValueOrDefault(member), limits.OfMember, now);
        var granted = (int)Math.Min(wanted, Math.Min(room.Thousandths, own.Thousandths) / Thousand);
        if (granted == 0)
        {
            return new ShareGrant(0, TimeSpan.FromMilliseconds(Math.Max(Missing(room, limits.OfRoom), Missing(own, limits.OfMember))));
        }

        _room = room with { Thousandths = room.Thousandths - ((long)granted * Thousand) };
        _members[member] = own with { Thousandths = own.Thousandths - ((long)granted * Thousand) };
        Forget(limits.OfMember, now);
        return new ShareGrant(granted, TimeSpan.Zero);
    }

    /// <summary>Milliseconds until there is one request again; a thousandth a millisecond for each request a second.</summary>
    private static long Missing(Share share, int perSecond) => Math.Max(0, (Thousand - share.Thousandths + perSecond - 1) / perSecond);

    private static long Whole(int perSecond) => (long)perSecond * BurstFactor * Thousand;

    private Share Refilled(Share? share, int perSecond, long now)
    {
        if (share is null)
        {
            return new Share(Whole(perSecond), now);
        }

        // Whole milliseconds alone count, and the rest of one stays for the next call.
        var elapsed = (long)time.GetElapsedTime(share.At, now).TotalMilliseconds;
        return elapsed <= 0
            ? share
            : new Share(
                (long)Int128.Min(Whole(perSecond), share.Thousandths + ((Int128)elapsed * perSecond)),
                share.At + (long)((Int128)elapsed * time.TimestampFrequency / Thousand));
    }

    private void Forget(int perSecond, long now)
    {
        if (_members.Count <= MostMembers)
        {
            return;
        }

        foreach (var (member, share) in _members.ToList())
        {
            if (Refilled(share, perSecond, now).Thousandths == Whole(perSecond))
            {
                _members.Remove(member);
            }
        }
    }

    private sealed record Share(long Thousandths, long At);
}

/// <summary>How many requests in a second.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.share-limits")]
public sealed record ShareLimits([property: Id(0)] int OfMember, [property: Id(1)] int OfRoom);

/// <summary>How many requests are granted, and when it is worth asking again for one that is not.</summary>
[GenerateSerializer]
[Immutable]
[Alias("cleanroom.share-grant")]
public sealed record ShareGrant([property: Id(0)] int Granted, [property: Id(1)] TimeSpan RetryAfter);
