using System.Globalization;
using System.Runtime.InteropServices;
using CleanRoom.Engine.Hosting;

namespace CleanRoom.Engine.Sandbox.Landlock;

/// <summary>The files that an engine still needs, by measurement: while it starts, and once it stands.</summary>
internal static class ReadableFiles
{
    private const LandlockAccess Folder = LandlockAccess.ReadFile | LandlockAccess.ReadDirectory;
    private const string ControlGroupRoot = "/sys/fs/cgroup";

    // By name and not by folder: whoever starts a node in its own folder may have its data below it.
    private static readonly string[] _programFiles = ["*.dll", "*.so", "*.deps.json", "*.runtimeconfig.json"];

    // What the runtime and DuckDB read to learn how much memory and how many processors there are. DuckDB aborts where it may not look.
    private static readonly string[] _measures =
    [
        "cpu.max", "memory.max", "memory.current", "memory.stat",
        "cpu.cfs_quota_us", "cpu.cfs_period_us", "memory.limit_in_bytes", "memory.usage_in_bytes", "memory.use_hierarchy",
    ];

    /// <summary>Returns what stays open while the program starts: program, runtime, C library, and the engine's own entries of <c>/proc</c>.</summary>
    public static IEnumerable<(string Path, LandlockAccess Access)> ForStart()
    {
        var program = Environment.ProcessPath ?? "/proc/self/exe";
        var root = EngineCommand.DotnetRoot();
        return
        [
            (program, LandlockAccess.ReadFile | LandlockAccess.Execute),
            .. root is null ? [] : new[] { (Path.Combine(root, "host"), Folder), (Path.Combine(root, "shared"), Folder) },
            .. _programFiles.SelectMany(pattern => Directory.EnumerateFiles(AppContext.BaseDirectory, pattern))
                .Select(file => (file, LandlockAccess.ReadFile)),
            (Path.Combine(AppContext.BaseDirectory, "runtimes"), Folder),
            .. Libraries(),
            ("/etc/ld.so.cache", LandlockAccess.ReadFile),
            ("/etc/localtime", LandlockAccess.ReadFile),
            ("/dev/urandom", LandlockAccess.ReadFile),
            ("/dev/null", LandlockAccess.ReadFile | LandlockAccess.WriteFile),
            .. ForRuns(),
        ];
    }

    /// <summary>Returns what stays open for the rest of the life: figures of the machine and the engine's own entries of <c>/proc</c>.</summary>
    public static IEnumerable<(string Path, LandlockAccess Access)> ForRuns() =>
    [
        ($"/proc/{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}", Folder),
        ("/proc/meminfo", LandlockAccess.ReadFile),
        ("/proc/sys/vm/overcommit_memory", LandlockAccess.ReadFile),
        ("/sys/devices/system/cpu", Folder),
        ("/sys/devices/system/node", Folder),
        .. ControlGroupMeasures().Select(file => (file, LandlockAccess.ReadFile)),
    ];

    // The folders of what is mapped now and belongs neither to the program nor to the runtime: the C library's.
    private static IEnumerable<(string Path, LandlockAccess Access)> Libraries()
    {
        var own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var runtime = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
        var mapped = File.ReadLines("/proc/self/maps")
            .Select(line => line.IndexOf('/', StringComparison.Ordinal) is var start and >= 0 ? line[start..] : "")
            .Where(path => Path.GetFileName(path).Contains(".so", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        var folders = mapped.Select(path => Path.GetDirectoryName(path)!)
            .Where(folder => folder is not "/" && folder != own && folder != runtime)
            .Distinct(StringComparer.Ordinal)
            .Select(folder => (folder, LandlockAccess.ReadFile));

        // The kernel opens the loader itself when it starts a program, and as a program.
        return
        [
            .. folders,
            .. mapped.Where(path => Path.GetFileName(path).StartsWith("ld-", StringComparison.Ordinal))
                .Select(path => (path, LandlockAccess.ReadFile | LandlockAccess.Execute)),
        ];
    }

    private static IEnumerable<string> ControlGroupMeasures()
    {
        foreach (var line in File.ReadLines("/proc/self/cgroup"))
        {
            // hierarchy:controllers:/path; no controllers for version 2.
            if (line.Split(':', 3) is not [_, var controllers, ['/', .. var path]])
            {
                continue;
            }

            // Version 1 mounts controllers together, with a link for each.
            string[] mounts = [.. controllers.Split(',').Append(controllers).Select(name => Path.Combine(ControlGroupRoot, name))];
            for (var group = path; ; group = Path.GetDirectoryName(group) ?? "")
            {
                foreach (var mount in mounts.Distinct(StringComparer.Ordinal))
                {
                    foreach (var measure in _measures)
                    {
                        yield return Path.Combine(mount, group, measure);
                    }
                }

                if (group.Length == 0)
                {
                    break;
                }
            }
        }
    }
}
