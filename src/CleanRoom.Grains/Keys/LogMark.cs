using CleanRoom.Protocol;

namespace CleanRoom.Grains.Keys;

/// <summary>Where a log stood.</summary>
/// <param name="Size">Its rows; 0 when nothing is known of it.</param>
/// <param name="Root">The root over them (RFC 6962 section 2.1); meaningless for size 0.</param>
public readonly record struct LogMark(long Size, Digest Root);
