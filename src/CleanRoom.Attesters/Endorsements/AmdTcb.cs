namespace CleanRoom.Attesters.Endorsements;

/// <summary>The security versions that a VCEK is derived from. Spec: AMD 57230, VCEK request.</summary>
/// <param name="BootLoader">Of the boot loader.</param>
/// <param name="Tee">Of the security processor's operating system.</param>
/// <param name="Snp">Of the SNP firmware.</param>
/// <param name="Microcode">Of the microcode.</param>
/// <param name="Fmc">Of the firmware of the first mutable code; Turin has one, Milan and Genoa have none.</param>
public sealed record AmdTcb(byte BootLoader, byte Tee, byte Snp, byte Microcode, byte? Fmc = null);
