namespace CleanRoom.Cryptography.Channel;

/// <summary>A whole response as it is inside the channel.</summary>
public sealed class ChannelResponse
{
    /// <summary>Gets the HTTP status. The one outside is not authenticated and means nothing.</summary>
    /// <value>100 to 599.</value>
    public required int Status { get; init; }

    /// <summary>Gets the media type of the body.</summary>
    /// <value>UTF-8, at most 255 bytes. Empty when there is no body.</value>
    public string ContentType { get; init; } = "";

    /// <summary>Gets the body; may be empty.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}
