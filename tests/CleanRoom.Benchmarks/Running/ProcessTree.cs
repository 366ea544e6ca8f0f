using System.Globalization;
using System.Runtime.InteropServices;

namespace CleanRoom.Benchmarks.Running;

/// <summary>Processes with all that they have started, as the kernel tells of them.</summary>
internal static partial class ProcessTree
{
    private const string AnonymousFile = "/memfd:cleanroom";
    private const double TicksPerSecond = 100;
    private const int KibiByte = 1024;
    private const int BlockBytes = 512;
    private const int QuietLooks = 3;

    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _quiet = TimeSpan.FromMilliseconds(20);

    // What stands behind the name in /proc/PID/stat, counted from 0. Source: proc(5).
    private const int ParentField = 1;
    private const int FirstTimeField = 11;
    private const int TimeFields = 4;

    /// <summary>Returns the ids of processes and of all that descend from them.</summary>
    public static IReadOnlyList<int> Of(IEnumerable<int> roots)
    {
        var children = All().Select(id => (Id: id, Fields: Stat(id))).Where(one => one.Fields.Length > 0)
            .ToLookup(one => int.Parse(one.Fields[ParentField], CultureInfo.InvariantCulture), one => one.Id);
        var found = roots.ToList();
        for (var i = 0; i < found.Count; i++)
        {
            found.AddRange(children[found[i]]);
        }

        return found;
    }

    /// <summary>Returns the processor time that they have taken, with that of descendants that have ended.</summary>
    public static TimeSpan Processor(IEnumerable<int> roots) => TimeSpan.FromSeconds(
        Of(roots).Select(Stat).Where(fields => fields.Length > 0)
            .Sum(fields => fields.AsSpan(FirstTimeField, TimeFields).ToArray().Sum(field => double.Parse(field, CultureInfo.InvariantCulture))) / TicksPerSecond);

    /// <summary>Waits until they have had next to nothing to do for a while.</summary>
    public static async Task RestAsync(IReadOnlyList<int> roots)
    {
        using var timer = new PeriodicTimer(_look);
        for (var (quiet, before) = (0, Processor(roots)); quiet < QuietLooks && await timer.WaitForNextTickAsync();)
        {
            var now = Processor(roots);
            quiet = now - before <= _quiet ? quiet + 1 : 0;
            before = now;
        }
    }

    /// <summary>Returns the processes that hold columns in clear: engines with a query, and the nodes themselves.</summary>
    public static IReadOnlyList<int> HoldingColumns(IEnumerable<int> roots) => [.. Of(roots).Where(id => Files(id).Count > 0)];

    /// <summary>Returns the bytes of memory that all of them have: what is theirs alone, and each file of columns in clear once.</summary>
    public static long ResidentBytes(IEnumerable<int> roots)
    {
        var all = Of(roots);
        var columns = all.SelectMany(Files).Select(Blocks).Where(file => file.Inode != 0).DistinctBy(file => file.Inode).Sum(file => file.Bytes);
        return columns + all.Sum(AnonymousBytes);
    }

    private static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id != 0);

    private static string[] Stat(int id)
    {
        var text = Read($"/proc/{id}/stat");
        return text.Length == 0 ? [] : text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static long AnonymousBytes(int id) => Read($"/proc/{id}/status").Split('\n')
        .Where(line => line.StartsWith("RssAnon:", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.AsSpan()["RssAnon:".Length..^"kB".Length].Trim(), CultureInfo.InvariantCulture) * KibiByte);

    /// <summary>A process that ends meanwhile has nothing.</summary>
    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }

    private static List<string> Files(int id)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries($"/proc/{id}/fd").Where(path => File.ResolveLinkTarget(path, returnFinalTarget: false)
                is { FullName: var target } && target.Contains(AnonymousFile, StringComparison.Ordinal))];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static (ulong Inode, long Bytes) Blocks(string path)
    {
        const int AtWorkingDirectory = -100;
        const uint InodeAndBlocks = 0x100 | 0x400;
        return ReadStatus(AtWorkingDirectory, path, 0, InodeAndBlocks, out var status) == 0 ? (status.Inode, (long)status.Blocks * BlockBytes) : default;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ReadStatus(int directory, string path, int flags, uint mask, out FileStatus status);

    /// <summary>What is needed of <c>struct statx</c>, the same on every processor. Source: statx(2).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(48)]
        public ulong Blocks;
    }
}
