using System.Diagnostics;
using CleanRoom.Fuzz.Targets;

namespace CleanRoom.Fuzz.Running;

/// <summary>Runs a target for a time, and ends when one run hangs.</summary>
internal static class TimedRun
{
    /// <summary>How long one run may work: genuine evidence takes milliseconds.</summary>
    public static readonly TimeSpan Allowed = TimeSpan.FromSeconds(5);

    /// <summary>How long one run may last, whether it works or waits.</summary>
    private static readonly TimeSpan s_stands = TimeSpan.FromMinutes(5);

    /// <summary>Runs. A run that hangs is a finding; its thread is left behind.</summary>
    public static FuzzReport Of(FuzzTarget target, int randomSeed, TimeSpan budget)
    {
        var run = new FuzzRun(target, randomSeed);
        var started = Stopwatch.GetTimestamp();
        FuzzReport? report = null;
        var worker = new Thread(() => report = run.Run(_ => Stopwatch.GetElapsedTime(started) < budget)) { IsBackground = true };
        worker.Start();
        while (!worker.Join(TimeSpan.FromMilliseconds(250)))
        {
            if (run.Hanging(Allowed, s_stands) is { } hanging)
            {
                return new FuzzReport(target.Name, 0, 0, 0, Allowed, hanging);
            }
        }

        return report! is { Finding: null } good && good.Slowest > Allowed
            ? good with { Finding = new FuzzFinding("unknown", $"a run that worked for {good.Slowest.TotalSeconds:F0} s", []) }
            : report!;
    }
}
