namespace CleanRoom.Engine.Sandbox.Filter;

/// <summary>A system call that an engine may make, by its numbers.</summary>
/// <param name="Name">As in the manual.</param>
/// <param name="X64">Number on x86-64; null where there is none.</param>
/// <param name="Arm64">Number on arm64; null where there is none.</param>
/// <param name="Tests">All must hold of its arguments; none for a call that is let through whatever they are.</param>
internal sealed record SystemCall(string Name, int? X64, int? Arm64, params ArgumentTest[] Tests);

/// <summary>What must hold of an argument's lower 32 bits, which is all that the kernel reads of these.</summary>
/// <param name="Index">Which argument, from 0.</param>
/// <param name="Mask">The bits that are looked at.</param>
/// <param name="Values">What they may be.</param>
internal sealed record ArgumentTest(int Index, uint Mask, params uint[] Values);
