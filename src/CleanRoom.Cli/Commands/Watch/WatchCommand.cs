using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Notices;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Commands.Watch;

/// <summary><c>cleanroom watch</c>: tells the member's own systems that something waits. The node is asked for rows, as by every client, and for nothing else.</summary>
internal static class WatchCommand
{
    private const int DefaultSeconds = 60;
    private const int MostSeconds = 86_400;
    private const int LongestPlace = 20;

    private static readonly Option<string?> _webhook = new("--webhook") { Description = "Posts each notice there, signed: https, or http on this machine." };

    private static readonly Option<bool> _once = new("--once") { Description = "Looks once and ends." };

    private static readonly Option<bool> _all = new("--all") { Description = "Begins at row 0. Without it the first look begins at the newest row." };

    private static readonly Option<int> _seconds = StrictOptions.Number("--every", "Seconds between two looks.", DefaultSeconds, least: 1, MostSeconds);

    public static Command Create(CliHost host) => Verb.Create(
        host, "watch", "Says what waits for a member in a room, and posts it to a webhook.",
        [_webhook, _once, _all, _seconds, .. CommonOptions.Acting], WatchAsync);

    private static Task<Result<VerbAnswer>> WatchAsync(VerbContext context, CancellationToken cancellationToken)
    {
        Uri? address = null;
        if (context.Get(_webhook) is { } text)
        {
            if (!Webhook.ParseAddress(text).TryGet(out address, out var refusals))
            {
                return Task.FromResult<Result<VerbAnswer>>(refusals);
            }
        }

        return RoomSession.RunAsync(context, room => WatchAsync(context, room, address, cancellationToken), cancellationToken);
    }

    private static async Task<Result<VerbAnswer>> WatchAsync(VerbContext context, RoomClient room, Uri? address, CancellationToken cancellationToken)
    {
        using var http = context.Host.Webhooks();
        var webhook = address is null ? null : new Webhook(http, address, context.Host.Time);
        if (!Begin(context, room).TryGet(out var place, out var unread))
        {
            return unread;
        }

        var seen = new JsonArray();
        while (true)
        {
            var looked = await room.RefreshAsync(cancellationToken);
            var trouble = looked.IsAccepted ? await TellAsync(context, room, webhook, place, seen, cancellationToken) : looked.Refusals[0];
            if (trouble is { } refusal && (context.Get(_once) || refusal.Code is not (RefusalCode.Unavailable or RefusalCode.TooManyRequests)))
            {
                return refusal;
            }

            if (trouble is not null)
            {
                context.Host.Say(trouble.ToString());
            }

            if (context.Get(_once))
            {
                return VerbAnswer.Of(new JsonObject { ["collaboration"] = room.Collaboration, ["next"] = place.Next, ["notices"] = seen }, $"looked at {room.State.Log.Size} rows");
            }

            seen.Clear();
            await Task.Delay(TimeSpan.FromSeconds(context.Get(_seconds)), context.Host.Time, cancellationToken);
        }
    }

    /// <summary>Posts in row order, and goes on only when a notice was taken: what was not is posted again, so a receiver may get one twice.</summary>
    private static async Task<Refusal?> TellAsync(
        VerbContext context, RoomClient room, Webhook? webhook, Place place, JsonArray seen, CancellationToken cancellationToken)
    {
        foreach (var notice in RoomNotices.Of(room.Mirror, room.Member, place.Next, context.Host.Now))
        {
            context.Host.Say($"row {notice.Index} of {notice.Time}: {NoticeMessage.WordOf(notice.Kind)} {notice.Subject}");
            if (webhook is not null)
            {
                var message = await NoticeMessage.SignAsync(room.Member.Keys.Sign, room.Collaboration, notice, cancellationToken);
                if (await webhook.PostAsync(message, cancellationToken) is { } untaken)
                {
                    return place.Keep(notice.Index) ?? untaken;
                }
            }

            seen.Add(new JsonObject { ["index"] = notice.Index, ["kind"] = NoticeMessage.WordOf(notice.Kind), ["time"] = notice.Time.ToString() });
        }

        return place.Keep(room.State.Log.Size);
    }

    private static Result<Place> Begin(VerbContext context, RoomClient room)
    {
        var path = Path.Combine(context.Profile.RoomFolder(room.Collaboration), $"watched-{room.Member.Collaborator}-{room.Member.Member}");
        if (context.Get(_all))
        {
            return new Place(path, 0);
        }

        if (!Path.Exists(path))
        {
            return new Place(path, room.State.Log.Size);
        }

        return ProfileFiles.Read(path, LongestPlace).Then<Place>(bytes =>
            long.TryParse(Encoding.ASCII.GetString(bytes), NumberStyles.None, CultureInfo.InvariantCulture, out var next)
                ? new Place(path, next)
                : new Refusal(RefusalCode.StorageFailed, "the number of a row", $"another text in {path}"));
    }

    /// <summary>The first row that was not told yet, kept in the profile.</summary>
    private sealed class Place(string path, long next)
    {
        public long Next { get; private set; } = next;

        public Refusal? Keep(long next)
        {
            Next = next;
            return ProfileFiles.Write(path, Encoding.ASCII.GetBytes(next.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
