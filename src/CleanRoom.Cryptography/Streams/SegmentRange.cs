namespace CleanRoom.Cryptography.Streams;

/// <summary>Segments in a row.</summary>
/// <param name="First">The first segment's number, from 0.</param>
/// <param name="Count">How many; 0 for none.</param>
public readonly record struct SegmentRange(long First, long Count);
