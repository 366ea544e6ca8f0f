namespace CleanRoom.Storage.Ledger;

/// <summary>A witness's cosignature of a checkpoint.</summary>
/// <param name="TreeSize">The number of rows that the checkpoint covers.</param>
/// <param name="Witness">The witness's name, at most 128 printable ASCII characters.</param>
/// <param name="Note">The cosigned note. Trust: host-controlled when read back.</param>
public sealed record StoredCosignature(long TreeSize, string Witness, string Note);
