namespace CleanRoom.Cryptography.Channel;

/// <summary>One frame of a streamed response.</summary>
/// <param name="Data">May be empty. Valid until the next read.</param>
/// <param name="IsLast">Whether the sender ended the stream with it. A stream without such a frame was cut.</param>
public sealed record ChannelFrame(ReadOnlyMemory<byte> Data, bool IsLast);
