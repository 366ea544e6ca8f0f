using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Engine.Native;
using CleanRoom.Engine.Sandbox.Filter;
using CleanRoom.Engine.Sandbox.Landlock;

namespace CleanRoom.Engine.Sandbox;

/// <summary>Second stage of the child: the limits that a .NET process can only take once it runs, and the report of all layers.</summary>
internal static class Confinement
{
    private const ulong MaxOpenFiles = 2_048;
    private const int LastStandardStream = 2;

    /// <summary>Applies the limits and measures every layer. Call before the first request is read.</summary>
    /// <exception cref="IOException">The kernel refused a limit that every kernel grants.</exception>
    public static ImmutableArray<SandboxLayerState> Enter()
    {
        // The list is first: later calls may open descriptors of their own.
        var inherited = InheritedDescriptors();
        _ = Libc.Check(Libc.ProcessControl(Libc.SetDumpable, 0, 0, 0, 0), "prctl");
        Limit(Libc.LimitCore, 0);
        Limit(Libc.LimitFileSize, 0);
        Limit(Libc.LimitOpenFiles, MaxOpenFiles);

        var foreign = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Count(name => !name.StartsWith("DOTNET_", StringComparison.Ordinal));
        var capabilities = StatusLine("CapEff:");
        _ = Libc.ProcessControl(Libc.GetParentDeathSignal, out var deathSignal, 0, 0, 0);
        return
        [
            State(SandboxLayer.ClearedEnvironment, foreign == 0, $"{foreign} variables that are not the runtime's"),
            State(SandboxLayer.NoInheritedDescriptors, inherited == 0, $"{inherited} inherited descriptors"),
            State(
                SandboxLayer.NoNewPrivileges,
                Libc.ProcessControl(Libc.GetNoNewPrivileges, 0, 0, 0, 0) == 1,
                "no_new_privs"),
            State(SandboxLayer.NoCapabilities, capabilities.Trim('0').Length == 0, $"effective set {capabilities}"),
            State(SandboxLayer.NotDumpable, Libc.ProcessControl(Libc.GetDumpable, 0, 0, 0, 0) == 0, "dumpable flag"),
            State(SandboxLayer.DiesWithNode, deathSignal == Libc.SignalKill, $"parent death signal {deathSignal}"),
            State(SandboxLayer.ResourceLimits, IsLimited(), $"core 0, file size 0, open files {MaxOpenFiles}"),
            State(SandboxLayer.MemoryCeiling, isActive: true, "data segment limit, set with the request"),
        ];
    }

    /// <summary>Takes the rest: the file system, then every call to the kernel that a query does not need. For good, and measured.</summary>
    /// <remarks>Call last, on the thread that serves: Landlock holds it and the threads that it starts, the launcher's domain all of them.</remarks>
    public static ImmutableArray<SandboxLayerState> Close()
    {
        var held = HeldDescriptors();
        var version = LandlockRuleset.Version();
        var wasClosed = held.Length > 0 && IsRootClosed();
        var isEntered = LandlockRuleset.Enter(ReadableFiles.ForRuns(), keep: false);

        // The second domain holds what is needed from here on, of the same objects.
        Array.ForEach(held, descriptor => Libc.Close(descriptor));
        var isFiltered = SystemCallFilter.Install() && ThreadsWithFilter() is var (filtered, all) && filtered == all;
        return
        [
            State(
                SandboxLayer.Landlock,
                wasClosed && isEntered && IsRootClosed(),
                $"version {version}; by the launcher: {wasClosed}; before the first request: {isEntered}"),
            State(SandboxLayer.SystemCallFilter, isFiltered, isFiltered ? "in every thread" : "not in every thread, or not in the kernel"),
            State(SandboxLayer.NoDescendants, isFiltered, isFiltered ? "by the filter" : "no filter"),
        ];
    }

    /// <summary>Points the standard streams to nowhere. Call before the first request is read.</summary>
    public static void DetachStandardStreams()
    {
        // Whatever DuckDB or the runtime prints from here on may hold row values: nobody reads it.
        using var nowhere = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        for (var stream = 0; stream <= LastStandardStream; stream++)
        {
            _ = Libc.Check(Libc.Duplicate((int)nowhere.DangerousGetHandle(), stream), "dup2");
        }
    }

    /// <summary>Returns the name of the network namespace of the whole process.</summary>
    public static string NetworkNamespace() => File.ResolveLinkTarget("/proc/self/ns/net", returnFinalTarget: false)?.Name ?? "unknown";

    /// <summary>Sets the memory that the kernel grants beyond what is in use now.</summary>
    /// <param name="bytes">Anonymous private memory in bytes; DuckDB's buffers, the managed heap and thread stacks all count.</param>
    /// <remarks>
    /// RLIMIT_DATA and not RLIMIT_AS: the runtime reserves tens of gigabytes of address space that it never touches. Since Linux 4.7 the
    /// data limit counts every private writable mapping. An allocation beyond it fails at once, inside DuckDB as a clean error.
    /// </remarks>
    public static void LimitMemory(long bytes)
    {
        var inUseKibibytes = long.Parse(StatusLine("VmData:").Split(' ')[0], CultureInfo.InvariantCulture);
        Limit(Libc.LimitData, (ulong)checked((inUseKibibytes * 1_024) + bytes));
    }

    // A descriptor that came through execve cannot be close-on-exec, and every descriptor that the runtime opens is.
    private static int InheritedDescriptors() => Descriptors()
        .Count(descriptor => Libc.Control(descriptor, Libc.GetDescriptorFlags, 0) == 0 && !IsPathAlone(descriptor));

    // The launcher's, for the rules of the first domain: it leaves no other.
    private static int[] HeldDescriptors() => [.. Descriptors().Where(IsPathAlone)];

    private static IEnumerable<int> Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd")
        .Select(entry => int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture))
        .Where(descriptor => descriptor > LastStandardStream);

    private static bool IsPathAlone(int descriptor) => Libc.Control(descriptor, Libc.GetStatusFlags, 0) is var flags and >= 0 && (flags & Libc.OpenPathOnly) != 0;

    private static bool IsRootClosed()
    {
        var root = Libc.Open("/", Libc.OpenCloseOnExec);
        if (root < 0)
        {
            return System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == Libc.ErrorNoAccess;
        }

        _ = Libc.Close(root);
        return false;
    }

    private static (int Filtered, int All) ThreadsWithFilter()
    {
        var threads = Directory.GetDirectories("/proc/self/task");
        return (threads.Count(HasFilter), threads.Length);
    }

    // A thread that has ended meanwhile has no call left to filter.
    private static bool HasFilter(string thread)
    {
        try
        {
            return File.ReadLines(Path.Combine(thread, "status")).Contains("Seccomp:\t2", StringComparer.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static bool IsLimited() =>
        Libc.GetLimit(Libc.LimitCore, out var core) == 0 && core.Hard == 0
        && Libc.GetLimit(Libc.LimitFileSize, out var size) == 0 && size.Hard == 0
        && Libc.GetLimit(Libc.LimitOpenFiles, out var files) == 0 && files.Hard == MaxOpenFiles;

    private static void Limit(int resource, ulong value) =>
        Libc.Check(Libc.SetLimit(resource, new ResourceLimit { Soft = value, Hard = value }), "setrlimit");

    private static string StatusLine(string name) =>
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();

    private static SandboxLayerState State(SandboxLayer layer, bool isActive, string detail) =>
        new() { Layer = layer, IsActive = isActive, Detail = detail };
}
