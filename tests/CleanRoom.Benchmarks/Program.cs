using CleanRoom.Benchmarks.Ingest;
using CleanRoom.Benchmarks.Load;
using CleanRoom.Benchmarks.Measures;
using CleanRoom.Benchmarks.Rooms;
using CleanRoom.Benchmarks.Running;

// dotnet run -c Release --project tests/CleanRoom.Benchmarks -- load [--tier quick|full]
// Opens a node to many members at once: LoadRun.
if (args is ["load", .. var of])
{
    return await LoadRun.RunAsync(of is ["--tier", "full"] ? LoadSize.Full : of is [] or ["--tier", "quick"] ? LoadSize.Quick : null);
}

// dotnet run -c Release --project tests/CleanRoom.Benchmarks -- rooms [--tier quick|full] [--only NAME]
// Whole answers of a room beside plain DuckDB: RoomMeasures.
if (args is ["rooms", .. var rest])
{
    return await RoomRun.RunAsync(rest);
}

// dotnet run -c Release --project tests/CleanRoom.Benchmarks -- ingest [--tier quick|full] [--megabytes N] [--rounds N]
// Takes in a sealed CSV file, in turns with a baseline: IngestRun.
if (args is ["ingest", .. var size])
{
    return await IngestRun.RunAsync(IngestSize.Parse(size));
}

// Of the verb before, in a process of its own.
if (args is ["ingest-once", var who, var warmUp, var directory])
{
    return await IngestOnce.RunAsync(who, warmUp, directory);
}

// dotnet run -c Release --project tests/CleanRoom.Benchmarks -- [--tier quick|full] [--only NAME]
// Prints the median time of every measure beside that of a baseline, and writes both to results/benchmarks.json. A goal that is missed is
// said and is no failure: what a machine is busy with is not the program's fault. Exit codes: 0 measured, 1 usage or nothing to measure.
if (!Choice.TryParse(args, out var choice))
{
    Console.Error.WriteLine("usage: [--tier quick|full] [--only NAME]");
    return 1;
}

var (tier, only) = choice;
var rounds = tier == "full" ? 51 : 5;
var baseline = Baseline.P384();
baseline.Run();
List<Measured> taken = [];
Console.WriteLine(ResultFile.Machine);
Console.WriteLine($"{"measure",-52}{"first ms",10}{"median ms",11}{"cpu ms",10}{"baseline",10}{"times",8}  goal");
foreach (var measure in AllMeasures.Of().Where(measure => measure.Name.StartsWith(only, StringComparison.Ordinal)))
{
    var one = Stopwatches.Take(measure, baseline, rounds);
    taken.Add(one);
    Console.WriteLine(
        $"{one.Name,-52}{one.First.TotalMilliseconds,10:F1}{one.Median.TotalMilliseconds,11:F2}{one.CpuMedian.TotalMilliseconds,10:F2}{one.BaselineMedian.TotalMilliseconds,10:F2}{one.Baselines,8:F1}  {(one.Goal is { } goal ? $"{goal.TotalMilliseconds:F0} ms{(one.IsPerCore ? " of a core" : string.Empty)} {one.Verdict}" : string.Empty)}{(one.Note is { } note ? $"  {note}" : string.Empty)}");
}

if (taken.Count == 0)
{
    Console.Error.WriteLine($"no measure begins with {only}");
    return 1;
}

Console.WriteLine($"written to {ResultFile.Write(tier, rounds, taken)}");
return 0;
