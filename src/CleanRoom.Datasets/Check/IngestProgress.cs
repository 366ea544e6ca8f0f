namespace CleanRoom.Datasets.Check;

/// <summary>How far a read has come.</summary>
/// <param name="BytesRead">Source bytes so far.</param>
/// <param name="BytesTotal">Source bytes in all; null where the stream does not say.</param>
/// <param name="Rows">Records so far.</param>
public readonly record struct IngestProgress(long BytesRead, long? BytesTotal, long Rows);
