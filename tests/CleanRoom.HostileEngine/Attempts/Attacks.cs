using System.Runtime.InteropServices;

namespace CleanRoom.HostileEngine.Attempts;

/// <summary>The calls of the C library that only an attacker needs.</summary>
internal static partial class Attacks
{
    private const string Name = "libc";

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    public static partial nint Call(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport(Name, EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport(Name, EntryPoint = "waitpid", SetLastError = true)]
    public static partial int Wait(int process, out int status, int options);

    [LibraryImport(Name, EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(nint address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport(Name, EntryPoint = "shmget", SetLastError = true)]
    public static partial int SharedMemory(int key, nuint size, int flags);

    [LibraryImport(Name, EntryPoint = "shmat", SetLastError = true)]
    public static partial nint AttachShared(int id, nint address, int flags);

    [LibraryImport(Name, EntryPoint = "shmctl", SetLastError = true)]
    public static partial int ControlShared(int id, int command, nint buffer);
}
