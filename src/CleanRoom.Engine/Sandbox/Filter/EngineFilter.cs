using System.Runtime.InteropServices;
using CleanRoom.Engine.Native;

namespace CleanRoom.Engine.Sandbox.Filter;

/// <summary>Turns the list of calls into the program that the kernel runs before each. Spec: contracts/spec/0012 s.2.2.</summary>
internal static class EngineFilter
{
    /// <summary>The call is made.</summary>
    public const uint Allow = 0x7fff0000;

    /// <summary>The process is killed.</summary>
    public const uint Kill = 0x80000000;

    /// <summary>The call fails; the lower 16 bits are its error.</summary>
    public const uint Fail = 0x00050000;

    // struct seccomp_data: u32 number, u32 machine, u64 address, six u64 arguments, whose lower halves come first on these machines.
    private const uint NumberOffset = 0;
    private const uint MachineOffset = 4;
    private const uint ArgumentsOffset = 16;
    private const uint ArgumentBytes = 8;

    private const uint MachineX64 = 0xc000003e;
    private const uint MachineArm64 = 0xc00000b7;

    private const uint CloneThree = 435;

    // mseal is the last call of this list's kernel, 6.10; a C library that tries a later one falls back only when told that there is none.
    private const uint FirstUnknown = 463;

    // Numbers of another calling convention of x86-64, with which a filter can be walked around.
    private const uint FirstX32 = 0x40000000;

    /// <summary>Returns the program for this machine; null for a machine without a list.</summary>
    /// <param name="machine">The architecture of this process.</param>
    /// <param name="processId">The engine's own id.</param>
    public static BpfInstruction[]? Assemble(Architecture machine, int processId) => machine switch
    {
        Architecture.X64 => Assemble(MachineX64, AllowedCalls.Of(processId), call => call.X64),
        Architecture.Arm64 => Assemble(MachineArm64, AllowedCalls.Of(processId), call => call.Arm64),
        _ => null,
    };

    private static BpfInstruction[] Assemble(uint machine, IReadOnlyList<SystemCall> calls, Func<SystemCall, int?> number)
    {
        var code = new BpfAssembler();
        var isOurs = new BpfAssembler.Label();
        code.LoadWord(MachineOffset);
        code.IfEqual(machine, isOurs, null);
        code.Return(Kill);
        code.Mark(isOurs);
        code.LoadWord(NumberOffset);
        When(code.IfAtLeast, FirstX32, code, Kill);
        foreach (var call in calls)
        {
            if (number(call) is { } value)
            {
                Add(code, (uint)value, call.Tests);
            }
        }

        // Its flags are in memory, which a filter cannot read. The C library then starts threads by clone.
        When(code.IfEqual, CloneThree, code, Fail | Libc.ErrorNoSystemCall);
        When(code.IfAtLeast, FirstUnknown, code, Fail | Libc.ErrorNoSystemCall);
        code.Return(Fail | Libc.ErrorNotPermitted);
        return code.Assemble();
    }

    private static void When(Action<uint, BpfAssembler.Label?, BpfAssembler.Label?> test, uint value, BpfAssembler code, uint verdict)
    {
        var next = new BpfAssembler.Label();
        test(value, null, next);
        code.Return(verdict);
        code.Mark(next);
    }

    // Each call is a block of its own, so that no jump is long: number, then every argument, then a verdict.
    private static void Add(BpfAssembler code, uint number, ArgumentTest[] tests)
    {
        var next = new BpfAssembler.Label();
        var refused = new BpfAssembler.Label();
        code.IfEqual(number, null, next);
        foreach (var test in tests)
        {
            var holds = new BpfAssembler.Label();
            code.LoadWord(ArgumentsOffset + (ArgumentBytes * (uint)test.Index));
            code.And(test.Mask);
            foreach (var value in test.Values)
            {
                code.IfEqual(value, holds, value == test.Values[^1] ? refused : null);
            }

            code.Mark(holds);
        }

        code.Return(Allow);
        if (tests.Length > 0)
        {
            code.Mark(refused);
            code.Return(Fail | Libc.ErrorNotPermitted);
        }

        code.Mark(next);
    }
}
