using System.Globalization;

namespace CleanRoom.Benchmarks.Running;

/// <summary>The processor time of processes. Spec: proc(5), /proc/PID/stat.</summary>
internal static class ProcessorTime
{
    // Behind the name, which ends with the last bracket: the parent is field 4 of the whole, user and system time are 14 and 15, in 1/100 s.
    private const int Parent = 1, User = 11, System = 12;
    private const int TicksPerSecond = 100;

    /// <summary>Returns that of a process and of all that it has started and that still run.</summary>
    public static TimeSpan OfTree(int id)
    {
        var all = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Select(name => (Id: int.Parse(name!, CultureInfo.InvariantCulture), Fields: Fields(name!))).Where(one => one.Fields.Length > System).ToList();
        HashSet<int> tree = [id];
        for (var before = 0; tree.Count > before;)
        {
            before = tree.Count;
            tree.UnionWith(all.Where(one => tree.Contains(Number(one.Fields[Parent]))).Select(one => one.Id).ToList());
        }

        return TimeSpan.FromSeconds(all.Where(one => tree.Contains(one.Id)).Sum(one => Number(one.Fields[User]) + Number(one.Fields[System])) / (double)TicksPerSecond);
    }

    private static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);

    private static string[] Fields(string process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return []; // It has ended.
        }
    }
}
