using System.Globalization;
using CleanRoom.Fuzz.Running;
using CleanRoom.Fuzz.Targets;

// dotnet run --project tests/CleanRoom.Fuzz -- [seconds] [seed] [target]
// Every target gets changed inputs for its share of the seconds. None may throw, hang, or accept what nobody signed; an input that
// makes one do so is kept. The same seed gives each target the same inputs in the same order.
var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 60;
var seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : Environment.TickCount;
var targets = FuzzTargets.All().Where(target => args.Length < 3 || target.Name == args[2]).ToList();
Console.WriteLine($"{targets.Count} targets, {targets.Sum(target => target.Seeds.Length)} seeds, {seconds} s, random seed {seed}");
Console.WriteLine($"{"target",-26}{"seeds",7}{"runs",11}{"parsed",9}{"verified",10}{"slowest",10}  findings");
var folder = Path.Combine(Path.GetTempPath(), $"cleanroom-fuzz-{seed}");
var weights = targets.Sum(target => target.Weight);
var (runs, parsed, findings) = (0L, 0L, 0);
foreach (var target in targets)
{
    var report = TimedRun.Of(target, seed, TimeSpan.FromSeconds((double)seconds * target.Weight / weights));
    Console.WriteLine(
        $"{report.Target,-26}{target.Seeds.Length,7}{report.Runs,11}{Share(report.Parsed, report.Runs),9}{Share(report.Verified, report.Runs),10}{report.Slowest.TotalMilliseconds,8:F0}ms  {(report.Finding is null ? 0 : 1)}");
    (runs, parsed) = (runs + report.Runs, parsed + report.Parsed);
    if (report.Finding is { } finding)
    {
        findings++;
        Console.Error.WriteLine($"{target.Name}, a change of {finding.Seed}, kept in {finding.Keep(folder, target.Name)}: {finding.What}");
    }
}

Console.WriteLine($"{runs} runs, {Share(parsed, runs)} parsed, {findings} findings");
return findings > 0 || runs == 0 ? 1 : 0;

static string Share(long part, long whole) => whole == 0 ? "-" : (100.0 * part / whole).ToString("F1", CultureInfo.InvariantCulture) + "%";
