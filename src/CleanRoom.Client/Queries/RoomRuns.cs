using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;

namespace CleanRoom.Client.Queries;

/// <summary>A member watches runs, and starts one more. What is told here is progress; what counts is the ledger.</summary>
public sealed class RoomRuns(RoomClient room)
{
    private const string StatusEvent = "status";

    /// <summary>Says where a query stands.</summary>
    public Task<Result<QueryStatusResponse>> StatusAsync(Digest query, CancellationToken cancellationToken) => room.CallAsync(
        ApiRequest.Get(ApiPaths.OfQuery(ApiRoutes.Query, room.Collaboration, query)), ApiJsonContext.Default.QueryStatusResponse, cancellationToken);

    /// <summary>Starts one more run of a query that may run again.</summary>
    /// <returns>The query's digest, or the refusals.</returns>
    public async Task<Result<Digest>> RunAgainAsync(Digest query, CancellationToken cancellationToken)
    {
        var request = ApiRequest.Post(ApiPaths.OfQuery(ApiRoutes.QueryRuns, room.Collaboration, query)) with { IsRepeatable = false };
        if (!(await room.SendAsync(request, cancellationToken)).TryGet(out var reply, out var refusals))
        {
            return refusals;
        }

        reply.Dispose();
        return query;
    }

    /// <summary>Follows a query until it ends. A refusal is the last item: a broken connection too, after which one may follow again.</summary>
    public async IAsyncEnumerable<Result<QueryStatusResponse>> FollowAsync(
        Digest query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = ApiRequest.Get(ApiPaths.OfQuery(ApiRoutes.QueryEvents, room.Collaboration, query));
        if (!(await room.SendAsync(request, cancellationToken)).TryGet(out var reply, out var refusals))
        {
            yield return refusals;
            yield break;
        }

        using (reply)
        {
            await using var body = reply.OpenStream();
            var events = SseParser.Create(body, (_, data) => data.ToArray()).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (events)
            {
                while (await NextAsync(events, body, cancellationToken) is { } next)
                {
                    yield return next;
                    if (!next.IsAccepted)
                    {
                        yield break;
                    }
                }
            }
        }
    }

    /// <summary>Returns the next event, the refusal of the channel, or null at the end that the node made.</summary>
    private static async Task<Result<QueryStatusResponse>?> NextAsync(
        IAsyncEnumerator<SseItem<byte[]>> events, RoomReplyStream body, CancellationToken cancellationToken)
    {
        try
        {
            while (await events.MoveNextAsync())
            {
                if (events.Current.EventType == StatusEvent)
                {
                    return JsonSerializer.Deserialize(events.Current.Data, ApiJsonContext.Default.QueryStatusResponse) is { } status ? status : Wrong();
                }
            }

            return null;
        }
        catch (JsonException)
        {
            return Wrong();
        }
        catch (Exception broken) when (Network.IsBroken(broken, cancellationToken))
        {
            return body.Refusal ?? new Refusal(RefusalCode.Unavailable, "events to the query's end", "a connection that broke");
        }

        static Refusal Wrong() => new(RefusalCode.JsonInvalid, "an event of this version", "other json");
    }
}
