using System.Runtime.InteropServices;
using CleanRoom.Engine.Sandbox.Filter;

namespace CleanRoom.Engine.Tests.Sandbox;

/// <summary>Runs the filter's program on made calls, by a machine of its own that knows the five instructions.</summary>
public class EngineFilterTests
{
    private const int Own = 4_711;
    private const uint X64 = 0xc000003e;
    private const uint Arm64 = 0xc00000b7;
    private const uint NotPermitted = EngineFilter.Fail | 1;
    private const uint NoSuchCall = EngineFilter.Fail | 38;

    [Fact]
    public void Program_otherMachine_isKilled()
    {
        Run(Architecture.X64, Arm64, 0).Should().Be(EngineFilter.Kill);
        Run(Architecture.Arm64, X64, 63).Should().Be(EngineFilter.Kill);
        Run(Architecture.X64, 0x40000003, 3).Should().Be(EngineFilter.Kill, "the 32-bit numbers mean other calls");
        EngineFilter.Assemble(Architecture.Wasm, Own).Should().BeNull();
    }

    [Theory]
    [InlineData(0x40000000)]
    [InlineData(0x40000208)]
    [InlineData(0xffffffff)]
    public void Program_otherConvention_isKilled(uint number) => Run(Architecture.X64, X64, number).Should().Be(EngineFilter.Kill);

    [Theory]
    [InlineData("socket", 41, 198)]
    [InlineData("connect", 42, 203)]
    [InlineData("accept", 43, 202)]
    [InlineData("sendmsg", 46, 211)]
    [InlineData("bind", 49, 200)]
    [InlineData("listen", 50, 201)]
    [InlineData("socketpair", 53, 199)]
    [InlineData("setsockopt", 54, 208)]
    [InlineData("execve", 59, 221)]
    [InlineData("kill", 62, 129)]
    [InlineData("ioctl", 16, 29)]
    [InlineData("ptrace", 101, 117)]
    [InlineData("tkill", 200, 130)]
    [InlineData("rt_sigqueueinfo", 129, 138)]
    [InlineData("mount", 165, 40)]
    [InlineData("init_module", 175, 105)]
    [InlineData("keyctl", 250, 219)]
    [InlineData("unshare", 272, 97)]
    [InlineData("accept4", 288, 242)]
    [InlineData("perf_event_open", 298, 241)]
    [InlineData("name_to_handle_at", 303, 264)]
    [InlineData("open_by_handle_at", 304, 265)]
    [InlineData("setns", 308, 268)]
    [InlineData("process_vm_readv", 310, 270)]
    [InlineData("process_vm_writev", 311, 271)]
    [InlineData("memfd_create", 319, 279)]
    [InlineData("kexec_file_load", 320, 294)]
    [InlineData("bpf", 321, 280)]
    [InlineData("execveat", 322, 281)]
    [InlineData("userfaultfd", 323, 282)]
    [InlineData("pidfd_send_signal", 424, 424)]
    [InlineData("io_uring_setup", 425, 425)]
    [InlineData("pidfd_open", 434, 434)]
    [InlineData("openat2", 437, 437)]
    [InlineData("pidfd_getfd", 438, 438)]
    public void Program_callThatNoQueryMakes_fails(string name, int x64, int arm64)
    {
        Run(Architecture.X64, X64, (uint)x64).Should().Be(NotPermitted, name);
        Run(Architecture.Arm64, Arm64, (uint)arm64).Should().Be(NotPermitted, name);
    }

    [Theory]
    [InlineData("fork", 57)]
    [InlineData("vfork", 58)]
    [InlineData("creat", 85)]
    public void Program_callOfOneMachine_fails(string name, int x64) => Run(Architecture.X64, X64, (uint)x64).Should().Be(NotPermitted, name);

    [Theory]
    [InlineData(435)]
    [InlineData(463)]
    [InlineData(9_999)]
    public void Program_callThatALibraryFallsBackFrom_isSaidToBeMissing(uint number)
    {
        Run(Architecture.X64, X64, number).Should().Be(NoSuchCall);
        Run(Architecture.Arm64, Arm64, number).Should().Be(NoSuchCall);
    }

    [Fact]
    public void Program_everyCallOfTheList_isMadeWithItsFirstValues()
    {
        foreach (var call in AllowedCalls.Of(Own))
        {
            var arguments = new ulong[6];
            foreach (var test in call.Tests)
            {
                // Bits outside of the mask, and the upper half, are nobody's concern.
                arguments[test.Index] = test.Values[0] | ~test.Mask | 0xabcd_0000_0000_0000;
            }

            if (call.X64 is { } x64)
            {
                Run(Architecture.X64, X64, (uint)x64, arguments).Should().Be(EngineFilter.Allow, call.Name);
            }

            if (call.Arm64 is { } arm64)
            {
                Run(Architecture.Arm64, Arm64, (uint)arm64, arguments).Should().Be(EngineFilter.Allow, call.Name);
            }
        }
    }

    [Theory]
    [InlineData("openat, to write", 257, 2, 0x1, false)]
    [InlineData("openat, to read and write", 257, 2, 0x2, false)]
    [InlineData("openat, to create", 257, 2, 0x40, false)]
    [InlineData("openat, to truncate", 257, 2, 0x200, false)]
    [InlineData("openat, a temporary file", 257, 2, 0x410000, false)]
    [InlineData("openat, to read", 257, 2, 0x80000, true)]
    [InlineData("openat, a directory", 257, 2, 0x10000, true)]
    [InlineData("open, to write", 2, 1, 0x1, false)]
    [InlineData("clone, a thread", 56, 0, 0x3d0f00, true)]
    [InlineData("clone, a process", 56, 0, 0x11, false)]
    [InlineData("clone, a process with this memory", 56, 0, 0x100 | 0x4000 | 0x11, false)]
    [InlineData("clone, a thread with a user namespace", 56, 0, 0x3d0f00 | 0x10000000, false)]
    [InlineData("tgkill, its own thread", 234, 0, Own, true)]
    [InlineData("tgkill, the node", 234, 0, Own - 1, false)]
    [InlineData("fcntl, a flag", 72, 1, 2, true)]
    [InlineData("fcntl, whom to signal", 72, 1, 8, false)]
    [InlineData("fcntl, a lease", 72, 1, 1024, false)]
    [InlineData("prctl, a name", 157, 0, 15, true)]
    [InlineData("prctl, dumpable", 157, 0, 4, false)]
    [InlineData("prctl, who may trace", 157, 0, 0x59616d61, false)]
    [InlineData("prlimit64, its own", 302, 0, 0, true)]
    [InlineData("prlimit64, the node's", 302, 0, Own - 1, false)]
    [InlineData("sched_setaffinity, its own", 203, 0, 0, true)]
    [InlineData("sched_setaffinity, the node's", 203, 0, Own - 1, false)]
    public void Program_callWithAnArgument_isJudgedByIt(string what, uint number, int index, int value, bool isMade)
    {
        var arguments = new ulong[6];
        arguments[index] = (uint)value;
        Run(Architecture.X64, X64, number, arguments).Should().Be(isMade ? EngineFilter.Allow : NotPermitted, what);
    }

    [Fact]
    public void List_numbers_areNamedOnce()
    {
        var calls = AllowedCalls.Of(Own);
        calls.Where(call => call.X64 is not null).Select(call => call.X64).Should().OnlyHaveUniqueItems();
        calls.Where(call => call.Arm64 is not null).Select(call => call.Arm64).Should().OnlyHaveUniqueItems();
        calls.Select(call => call.Name).Should().OnlyHaveUniqueItems();
    }

    private static uint Run(Architecture architecture, uint machine, uint number, params ulong[] arguments)
    {
        var data = new byte[64];
        BitConverter.TryWriteBytes(data.AsSpan(0), number).Should().BeTrue();
        BitConverter.TryWriteBytes(data.AsSpan(4), machine).Should().BeTrue();
        for (var index = 0; index < arguments.Length; index++)
        {
            BitConverter.TryWriteBytes(data.AsSpan(16 + (8 * index)), arguments[index]).Should().BeTrue();
        }

        var program = EngineFilter.Assemble(architecture, Own)!;
        uint loaded = 0;
        for (var at = 0; ; at++)
        {
            var (code, whenTrue, whenFalse, operand) = program[at];
            switch (code)
            {
                case 0x20:
                    loaded = BitConverter.ToUInt32(data, (int)operand);
                    break;
                case 0x54:
                    loaded &= operand;
                    break;
                case 0x15:
                    at += loaded == operand ? whenTrue : whenFalse;
                    break;
                case 0x35:
                    at += loaded >= operand ? whenTrue : whenFalse;
                    break;
                case 0x06:
                    return operand;
                default:
                    throw new InvalidOperationException($"wanted one of the five instructions; got {code}");
            }
        }
    }
}
