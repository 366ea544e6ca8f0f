namespace CleanRoom.Attestation.AmdSevSnp;

/// <summary>One security version of the firmware: where it stands in TCB_VERSION and which extension of the key's certificate repeats it.</summary>
/// <param name="Name">The name in claims: <c>bootloader</c>, <c>tee</c>, <c>snp</c>, <c>microcode</c>, and <c>fmc</c> on Turin.</param>
/// <param name="Index">The byte of the 8-byte TCB_VERSION. Spec: AMD 56860 s.2.2.</param>
/// <param name="Oid">The extension. Spec: AMD 57230 s.3.1.</param>
internal sealed record SnpTcbComponent(string Name, int Index, string Oid);
