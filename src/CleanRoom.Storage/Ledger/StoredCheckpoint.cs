namespace CleanRoom.Storage.Ledger;

/// <summary>The newest checkpoint of a log.</summary>
/// <param name="TreeSize">The number of rows it covers: the log's length.</param>
/// <param name="Note">The signed note. Trust: host-controlled when read back.</param>
public sealed record StoredCheckpoint(long TreeSize, string Note);
