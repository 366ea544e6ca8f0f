using System.Runtime.InteropServices;

namespace CleanRoom.Engine.Native;

/// <summary>The calls of the C library that .NET does not offer. Numbers are those of Linux on x86-64 and arm64, which agree here.</summary>
internal static partial class Libc
{
    public const int ProtReadWrite = 0x1 | 0x2;
    public const int MapShared = 0x1;
    public const int AdviseDontDump = 16;

    public const uint MemfdCloseOnExec = 0x1;
    public const uint MemfdAllowSealing = 0x2;
    public const uint MemfdNoExecuteSeal = 0x8;

    public const int GetDescriptorFlags = 1;
    public const int SetDescriptorFlags = 2;
    public const int GetStatusFlags = 3;
    public const int CloseOnExec = 1;
    public const int AddSeals = 1033;
    public const int GetSeals = 1034;
    public const int SealSeal = 0x1;
    public const int SealShrink = 0x2;
    public const int SealGrow = 0x4;
    public const int SealFutureWrite = 0x10;
    public const int SealExecute = 0x20;

    public const int LimitFileSize = 1;
    public const int LimitData = 2;
    public const int LimitCore = 4;
    public const int LimitOpenFiles = 7;

    public const int SetParentDeathSignal = 1;
    public const int GetParentDeathSignal = 2;
    public const int GetDumpable = 3;
    public const int SetDumpable = 4;
    public const int DropBoundingCapability = 24;
    public const int SetNoNewPrivileges = 38;
    public const int GetNoNewPrivileges = 39;

    public const int NewIpcNamespace = 0x08000000;
    public const int NewNetworkNamespace = 0x40000000;

    public const int OpenPathOnly = 0x200000;
    public const int OpenCloseOnExec = 0x80000;

    public const int CallLandlockCreateRuleset = 444;
    public const int CallLandlockAddRule = 445;
    public const int CallLandlockRestrictSelf = 446;

    public const int SignalKill = 9;
    public const int UnixSockets = 1;
    public const int StreamSocket = 1;
    public const int SocketCloseOnExec = 0x80000;
    public const int ErrorNotPermitted = 1;
    public const int ErrorNoAccess = 13;
    public const int ErrorInvalid = 22;
    public const int ErrorNoSystemCall = 38;

    private const string Name = "libc";

    [LibraryImport(Name, EntryPoint = "socketpair", SetLastError = true)]
    public static partial int SocketPair(int domain, int type, int protocol, [Out] int[] ends);

    [LibraryImport(Name, EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MemfdCreate(string name, uint flags);

    [LibraryImport(Name, EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Truncate(SafeHandle file, long length);

    [LibraryImport(Name, EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(nint address, nuint length, int protection, int flags, SafeHandle file, long offset);

    [LibraryImport(Name, EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(nint address, nuint length);

    [LibraryImport(Name, EntryPoint = "madvise", SetLastError = true)]
    public static partial int Advise(nint address, nuint length, int advice);

    [LibraryImport(Name, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(SafeHandle file, int command, nint argument);

    [LibraryImport(Name, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(int descriptor, int command, nint argument);

    [LibraryImport(Name, EntryPoint = "dup", SetLastError = true)]
    public static partial int Duplicate(int descriptor);

    [LibraryImport(Name, EntryPoint = "dup2", SetLastError = true)]
    public static partial int Duplicate(int descriptor, int onto);

    [LibraryImport(Name, EntryPoint = "prctl", SetLastError = true)]
    public static partial int ProcessControl(int option, nint argument2, nint argument3, nint argument4, nint argument5);

    [LibraryImport(Name, EntryPoint = "prctl", SetLastError = true)]
    public static partial int ProcessControl(int option, out int value, nint argument3, nint argument4, nint argument5);

    [LibraryImport(Name, EntryPoint = "setrlimit", SetLastError = true)]
    public static partial int SetLimit(int resource, in ResourceLimit limit);

    [LibraryImport(Name, EntryPoint = "getrlimit", SetLastError = true)]
    public static partial int GetLimit(int resource, out ResourceLimit limit);

    [LibraryImport(Name, EntryPoint = "setsid", SetLastError = true)]
    public static partial int NewSession();

    [LibraryImport(Name, EntryPoint = "unshare", SetLastError = true)]
    public static partial int Unshare(int namespaces);

    [LibraryImport(Name, EntryPoint = "capget", SetLastError = true)]
    public static unsafe partial int GetCapabilities(CapabilityHeader* header, CapabilityData* data);

    [LibraryImport(Name, EntryPoint = "capset", SetLastError = true)]
    public static unsafe partial int SetCapabilities(CapabilityHeader* header, CapabilityData* data);

    /// <summary>Replaces the program of this process; both lists end with null. Returns only on failure.</summary>
    [LibraryImport(Name, EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Execute(string path, string?[] arguments, string?[] environment);

    [LibraryImport(Name, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport(Name, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    /// <summary>A system call that the C library has no name for. Numbers that two architectures do not share come from the caller.</summary>
    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    public static unsafe partial nint SystemCall(nint number, nint argument1, nint argument2, void* argument3, nint argument4);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    public static unsafe partial nint SystemCall(nint number, void* argument1, nint argument2, nint argument3);

    [LibraryImport(Name, EntryPoint = "sendmsg", SetLastError = true)]
    public static unsafe partial nint SendMessage(SafeHandle socket, MessageHeader* message, int flags);

    [LibraryImport(Name, EntryPoint = "recvmsg", SetLastError = true)]
    public static unsafe partial nint ReceiveMessage(SafeHandle socket, MessageHeader* message, int flags);

    /// <summary>Returns the value, or throws what the C library said.</summary>
    public static int Check(int value, string call) =>
        value >= 0 ? value : throw new IOException($"{call}: {Marshal.GetLastPInvokeErrorMessage()}");
}
