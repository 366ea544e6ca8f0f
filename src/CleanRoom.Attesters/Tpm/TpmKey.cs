namespace CleanRoom.Attesters.Tpm;

/// <summary>A key inside a TPM.</summary>
/// <param name="Handle">Where it is.</param>
/// <param name="Public">TPMT_PUBLIC.</param>
internal sealed record TpmKey(uint Handle, ReadOnlyMemory<byte> Public);
