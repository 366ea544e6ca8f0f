using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CleanRoom.Cryptography.Channel;
using CleanRoom.Protocol;

namespace CleanRoom.Client.Rooms;

/// <summary>An answer that came through the channel, to be read once and disposed.</summary>
internal sealed class RoomReply(HttpResponseMessage outer, ChannelCall call, ChannelStreamReader frames) : IDisposable
{
    /// <summary>Gets the authenticated status.</summary>
    public int Status => frames.Status;

    /// <summary>Gets the authenticated media type.</summary>
    public string ContentType => frames.ContentType;

    public bool IsSuccess => Status is >= 200 and <= 299;

    /// <summary>Returns the body as a stream that ends only where the node ended it.</summary>
    public RoomReplyStream OpenStream() => new(frames);

    /// <summary>Reads the whole body.</summary>
    /// <returns>The bytes, or <see cref="RefusalCode.ChannelInvalid"/>, <see cref="RefusalCode.DocumentTooLarge"/>, <see cref="RefusalCode.Unavailable"/>.</returns>
    public async Task<Result<byte[]>> ReadAsync(long maxBytes, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        while (true)
        {
            var read = await ReadFrameAsync(frames, cancellationToken);
            if (!read.TryGet(out var frame, out var refusals))
            {
                return refusals;
            }

            if (body.Length + frame.Data.Length > maxBytes)
            {
                return new Refusal(RefusalCode.DocumentTooLarge, $"an answer of at most {maxBytes} bytes", "more");
            }

            body.Write(frame.Data.Span);
            if (frame.IsLast)
            {
                return body.ToArray();
            }
        }
    }

    /// <summary>Reads the body as JSON.</summary>
    public async Task<Result<T>> ReadAsync<T>(JsonTypeInfo<T> type, int maxBytes, CancellationToken cancellationToken)
        where T : class
    {
        if (!(await ReadAsync(maxBytes, cancellationToken)).TryGet(out var body, out var refusals))
        {
            return refusals;
        }

        try
        {
            return JsonSerializer.Deserialize(body, type) is { } value ? value : Wrong();
        }
        catch (JsonException)
        {
            return Wrong();
        }

        static Refusal Wrong() => new(RefusalCode.JsonInvalid, $"a message {typeof(T).Name} of this version", "other json");
    }

    public void Dispose()
    {
        frames.Dispose();
        call.Dispose();
        outer.Dispose();
    }

    /// <summary>Reads a frame; a connection that breaks is a refusal too.</summary>
    internal static async ValueTask<Result<ChannelFrame>> ReadFrameAsync(ChannelStreamReader frames, CancellationToken cancellationToken)
    {
        try
        {
            return await frames.ReadAsync(cancellationToken);
        }
        catch (Exception broken) when (Network.IsBroken(broken, cancellationToken))
        {
            return new Refusal(RefusalCode.Unavailable, "an answer to its end", "a connection that broke");
        }
    }
}
