using System.Runtime.InteropServices;

namespace CleanRoom.Engine.Sandbox.Filter;

/// <summary><c>struct sock_filter</c>: one instruction of the classic packet filter that the kernel runs over a system call.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct BpfInstruction(ushort Code, byte WhenTrue, byte WhenFalse, uint Operand);
