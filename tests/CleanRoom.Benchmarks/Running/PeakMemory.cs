using System.Globalization;

namespace CleanRoom.Benchmarks.Running;

/// <summary>The most memory that a process has had at once.</summary>
internal static class PeakMemory
{
    private const long KibiByte = 1024;

    /// <summary>Returns it in bytes.</summary>
    public static long OfProcess(int id)
    {
        var line = File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan()["VmHWM:".Length..^"kB".Length].Trim(), CultureInfo.InvariantCulture) * KibiByte;
    }
}
