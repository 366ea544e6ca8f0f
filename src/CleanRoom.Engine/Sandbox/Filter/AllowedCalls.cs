namespace CleanRoom.Engine.Sandbox.Filter;

/// <summary>All that an engine may ask of the kernel once it stands. Spec: contracts/spec/0012 s.2.2.</summary>
internal static class AllowedCalls
{
    // O_ACCMODE, O_CREAT, O_TRUNC, O_APPEND, and the one bit of O_TMPFILE that is not O_DIRECTORY: none may be set. The same on both machines.
    private const uint WritingFlags = 0x3 | 0x40 | 0x200 | 0x400 | 0x400000;

    // CLONE_VM, CLONE_SIGHAND and CLONE_THREAD must be set: a thread, never a process.
    private const uint ThreadFlags = 0x100 | 0x800 | 0x10000;

    // CLONE_PIDFD, CLONE_PTRACE, CLONE_VFORK, CLONE_NEW*: none may be set.
    private const uint ForbiddenCloneFlags = 0x1000 | 0x2000 | 0x4000 | 0x20000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000;

    private const uint Whole = uint.MaxValue;
    private const uint NameOfThread = 15;
    private const uint NameOfMemory = 0x53564d41;

    // F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_GETLK, F_SETLK, F_SETLKW, F_DUPFD_CLOEXEC, F_GET_SEALS. Not F_SETOWN: it sends signals.
    private static readonly uint[] _descriptorCommands = [0, 1, 2, 3, 4, 5, 6, 7, 1030, 1034];

    /// <summary>Returns the list.</summary>
    /// <param name="processId">The engine's own id: signals go to its own threads alone.</param>
    public static IReadOnlyList<SystemCall> Of(int processId) => [.. Memory, .. Files, .. Threads(processId), .. Waiting, .. Facts];

    private static SystemCall[] Memory =>
    [
        new("brk", 12, 214), new("mmap", 9, 222), new("munmap", 11, 215), new("mprotect", 10, 226), new("mremap", 25, 216),
        new("madvise", 28, 233), new("mlock", 149, 228), new("munlock", 150, 229), new("get_mempolicy", 239, 236),
        new("membarrier", 324, 283),
    ];

    // Open for reading only, and then only what Landlock leaves. No writing but to descriptors that are open: the node's socket and nowhere.
    private static SystemCall[] Files =>
    [
        new("open", 2, null, new ArgumentTest(1, WritingFlags, 0)), new("openat", 257, 56, new ArgumentTest(2, WritingFlags, 0)),
        new("close", 3, 57), new("close_range", 436, 436), new("read", 0, 63), new("readv", 19, 65), new("pread64", 17, 67),
        new("preadv", 295, 69), new("write", 1, 64), new("writev", 20, 66), new("lseek", 8, 62), new("getdents64", 217, 61),
        new("stat", 4, null), new("lstat", 6, null), new("fstat", 5, 80), new("newfstatat", 262, 79), new("statx", 332, 291),
        new("statfs", 137, 43), new("fstatfs", 138, 44), new("access", 21, null), new("faccessat", 269, 48), new("faccessat2", 439, 439),
        new("readlink", 89, null), new("readlinkat", 267, 78), new("getcwd", 79, 17), new("fadvise64", 221, 223), new("flock", 73, 32),
        new("dup", 32, 23), new("dup2", 33, null), new("dup3", 292, 24), new("fcntl", 72, 25, new ArgumentTest(1, Whole, _descriptorCommands)),
        new("recvmsg", 47, 212), new("recvfrom", 45, 207), new("sendto", 44, 206), new("shutdown", 48, 210),
    ];

    // Processors are set for the calling thread alone, as the runtime does in each that it starts; priorities, which would reach other processes
    // of the user, not at all, and the runtime goes on without.
    private static SystemCall[] Threads(int processId) =>
    [
        new("clone", 56, 220, new ArgumentTest(0, ThreadFlags | ForbiddenCloneFlags, ThreadFlags)), new("exit", 60, 93), new("exit_group", 231, 94),
        new("set_robust_list", 273, 99), new("set_tid_address", 218, 96), new("rseq", 334, 293), new("sigaltstack", 131, 132),
        new("rt_sigaction", 13, 134), new("rt_sigprocmask", 14, 135), new("rt_sigreturn", 15, 139),
        new("tgkill", 234, 131, new ArgumentTest(0, Whole, (uint)processId)),
        new("prctl", 157, 167, new ArgumentTest(0, Whole, NameOfThread, NameOfMemory)), new("prlimit64", 302, 261, new ArgumentTest(0, Whole, 0)),
        new("sched_yield", 24, 124), new("sched_getaffinity", 204, 123),
        new("sched_setaffinity", 203, 122, new ArgumentTest(0, Whole, 0)), new("sched_getparam", 143, 121),
        new("sched_getscheduler", 145, 120), new("sched_get_priority_max", 146, 125), new("sched_get_priority_min", 147, 126),
    ];

    private static SystemCall[] Waiting =>
    [
        new("futex", 202, 98), new("restart_syscall", 219, 128), new("nanosleep", 35, 101), new("clock_nanosleep", 230, 115),
        new("poll", 7, null), new("ppoll", 271, 73), new("epoll_wait", 232, null), new("epoll_pwait", 281, 22), new("epoll_ctl", 233, 21),
        new("pipe2", 293, 59),
    ];

    private static SystemCall[] Facts =>
    [
        new("getpid", 39, 172), new("getppid", 110, 173), new("gettid", 186, 178), new("getuid", 102, 174), new("geteuid", 107, 175),
        new("getgid", 104, 176), new("getegid", 108, 177), new("uname", 63, 160), new("sysinfo", 99, 179), new("getrusage", 98, 165),
        new("getrlimit", 97, 163), new("times", 100, 153), new("getcpu", 309, 168), new("time", 201, null), new("gettimeofday", 96, 169),
        new("clock_gettime", 228, 113), new("clock_getres", 229, 114), new("getrandom", 318, 278),
    ];
}
