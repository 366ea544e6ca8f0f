namespace CleanRoom.Cryptography.Channel;

/// <summary>A request as it is inside the channel.</summary>
public sealed class ChannelRequest
{
    /// <summary>Gets the HTTP method in upper case. Visible outside, but bound.</summary>
    public required string Method { get; init; }

    /// <summary>Gets the path with its query, exactly as in the request line. Visible outside, but bound.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the token that the node issued at sign-in.</summary>
    /// <value>UTF-8, at most 4,096 bytes. Empty before sign-in.</value>
    public string Authorization { get; init; } = "";

    /// <summary>Gets the media type of the body.</summary>
    /// <value>UTF-8, at most 255 bytes. Empty when there is no body.</value>
    public string ContentType { get; init; } = "";

    /// <summary>Gets the body; may be empty.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}
