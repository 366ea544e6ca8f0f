using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Dsse;

namespace CleanRoom.Client.Rooms;

/// <summary>A request as it goes into the channel.</summary>
/// <param name="Method">In upper case.</param>
/// <param name="Path">With its query.</param>
/// <param name="Body">JSON, or empty.</param>
internal sealed record ApiRequest(string Method, string Path, ReadOnlyMemory<byte> Body)
{
    /// <summary>Gets a value that says whether the room must know who asks.</summary>
    public bool NeedsSession { get; init; } = true;

    /// <summary>Gets a value that says whether the same request again changes nothing more: whoever does not know whether it arrived may repeat it.</summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>Gets the largest answer that is read, in bytes.</summary>
    public int MaxReplyBytes { get; init; } = 16 * 1024 * 1024;

    public static ApiRequest Get(string path) => new("GET", path, ReadOnlyMemory<byte>.Empty);

    public static ApiRequest Post(string path) => new("POST", path, ReadOnlyMemory<byte>.Empty);

    public static ApiRequest Post<T>(string path, T body, JsonTypeInfo<T> type) => new("POST", path, JsonSerializer.SerializeToUtf8Bytes(body, type));

    /// <summary>Asks what a room may do; nobody has to say who asks.</summary>
    public static ApiRequest Status(string collaboration) => Get(ApiPaths.Of(ApiRoutes.Status, collaboration)) with { NeedsSession = false };

    /// <summary>Brings a signed statement.</summary>
    public static ApiRequest Statement(string route, string collaboration, Envelope statement) => Post(
        ApiPaths.Of(route, collaboration), new StatementRequest(new Bytes(EnvelopeCodec.Encode(statement))), ApiJsonContext.Default.StatementRequest);
}
