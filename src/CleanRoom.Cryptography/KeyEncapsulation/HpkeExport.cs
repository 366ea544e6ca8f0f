namespace CleanRoom.Cryptography.KeyEncapsulation;

/// <summary>The export of either end of an HPKE context.</summary>
internal delegate SecretBytes HpkeExport(ReadOnlySpan<byte> context, int length);
