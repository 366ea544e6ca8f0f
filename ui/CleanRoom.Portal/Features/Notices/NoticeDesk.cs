using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Client.Notices;
using CleanRoom.Portal.Browser;
using CleanRoom.Portal.Features.Rooms;
using CleanRoom.Protocol;

namespace CleanRoom.Portal.Features.Notices;

/// <summary>What came since the acting key last looked. The place is kept in this browser alone, for each room and key; the node is asked nothing.</summary>
internal sealed class NoticeDesk(RoomDesk desk, BrowserStore store)
{
    private (string Room, Digest Key, int Rows, long Seen)? _reckoned;
    private (string Room, Digest Key, long Seen)? _place;

    /// <summary>Gets the notices that are new; empty while nobody has signed in.</summary>
    public ImmutableArray<Notice> New { get; private set; } = [];

    /// <summary>Reckons anew when rows came, or when another key acts.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        if (desk.Room is not { } room)
        {
            (New, _reckoned, _place) = ([], null, null);
            return;
        }

        var key = Digest.Of(room.Member.Keys.Sign.PublicKey.Span);
        if (_place is not { } place || place.Room != room.Collaboration || place.Key != key)
        {
            var kept = await store.ReadAsync(Setting(room.Collaboration, key), cancellationToken);
            place = (room.Collaboration, key, long.TryParse(kept, NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen : 0);
            _place = place;
        }

        // Reading rows costs a page more than anything else here: once for each state of the ledger.
        var now = (place.Room, key, room.Mirror.Rows.Count, place.Seen);
        if (_reckoned != now)
        {
            New = RoomNotices.Of(room.Mirror, room.Member, place.Seen, desk.Now);
            _reckoned = now;
        }
    }

    /// <summary>Remembers that everything up to the newest row was looked at.</summary>
    public async Task MarkAsync(CancellationToken cancellationToken)
    {
        if (desk.Room is not { } room)
        {
            return;
        }

        var key = Digest.Of(room.Member.Keys.Sign.PublicKey.Span);
        var rows = room.Mirror.Rows.Count;
        await store.WriteAsync(Setting(room.Collaboration, key), rows.ToString(CultureInfo.InvariantCulture), cancellationToken);
        _place = (room.Collaboration, key, rows);
        await desk.NotedAsync(cancellationToken);
    }

    private static string Setting(string room, Digest key) => $"seen/{room}/{key}";
}
