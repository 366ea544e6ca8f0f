namespace CleanRoom.Attesters.Tpm;

/// <summary>An object that only the TPM that made it can load.</summary>
/// <param name="Private">TPM2B_PRIVATE without its length: encrypted and authenticated by the parent.</param>
/// <param name="Public">TPMT_PUBLIC.</param>
internal sealed record TpmSealedObject(ReadOnlyMemory<byte> Private, ReadOnlyMemory<byte> Public);
