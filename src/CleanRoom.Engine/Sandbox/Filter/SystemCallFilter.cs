using System.Runtime.InteropServices;
using CleanRoom.Engine.Native;

namespace CleanRoom.Engine.Sandbox.Filter;

/// <summary>Installs the filter in the kernel (seccomp(2)).</summary>
internal static unsafe class SystemCallFilter
{
    private const int NumberX64 = 317;
    private const int NumberArm64 = 277;
    private const int SetFilter = 1;
    private const int AskAction = 2;
    private const int AllThreads = 1;

    /// <summary>Says whether the kernel can filter, and whether there is a list for this machine.</summary>
    public static bool IsAvailable()
    {
        var action = EngineFilter.Kill;
        return Number is { } number && Libc.SystemCall(number, AskAction, 0, &action, 0) == 0;
    }

    /// <summary>Installs it in every thread of this process, for good.</summary>
    /// <returns>Whether it holds. It needs no privilege, only that no new privileges can be gained.</returns>
    public static bool Install()
    {
        if (Number is not { } number || EngineFilter.Assemble(RuntimeInformation.ProcessArchitecture, Environment.ProcessId) is not { } program)
        {
            return false;
        }

        fixed (BpfInstruction* start = program)
        {
            var described = new FilterProgram { Length = (ushort)program.Length, Start = start };
            return Libc.SystemCall(number, SetFilter, AllThreads, &described, 0) == 0;
        }
    }

    private static int? Number => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => NumberX64,
        Architecture.Arm64 => NumberArm64,
        _ => null,
    };

    /// <summary><c>struct sock_fprog</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Length;
        public BpfInstruction* Start;
    }
}
