using CleanRoom.Benchmarks.Cancelling;
using CleanRoom.Benchmarks.Cohort;
using CleanRoom.Benchmarks.Databases;
using CleanRoom.Benchmarks.Explain;
using CleanRoom.Benchmarks.Fixed;
using CleanRoom.Benchmarks.Ingest;
using CleanRoom.Benchmarks.Intersection;
using CleanRoom.Benchmarks.Load;
using CleanRoom.Benchmarks.Measures;
using CleanRoom.Benchmarks.Ratios;
using CleanRoom.Benchmarks.Rooms;
using CleanRoom.Benchmarks.Running;
using CleanRoom.Benchmarks.Scale;
using CleanRoom.Benchmarks.Star;

// dotnet run -c Release --project tests/CleanRoom.Benchmarks -- VERB [--tier quick|full] [--only NAME]
// Something of ours in turns with what somebody would use instead. The full tier writes the figures that are committed; the quick one shows that they can be taken.
RatioSuite[] suites =
[
    RoomMeasures.Rooms, RoomMeasures.Counted, RoomMeasures.Tokens, RoomMeasures.Encrypted, RoomMeasures.Scan, StarMeasures.Suite, IngestMeasures.Suite, IntersectionMeasures.Suite, PgcryptoMeasures.Suite,
    FixedMeasures.Suite, ExplainRatios.Suite, CancelMeasures.Suite, CohortMeasures.Suite, ScaleMeasures.Suite,
];
var verbs = suites.Select(suite => suite.Verb);
if (args is [var verb, .. var rest] && suites.SingleOrDefault(suite => suite.Verb == verb) is { } chosen)
{
    return await chosen.RunAsync(rest);
}

switch (args)
{
    // Opens a node to many members at once.
    case ["load", .. var of]:
        return await LoadRun.RunAsync(Choice.TryParse(of, out var size) ? size.IsFull ? LoadSize.Full : LoadSize.Quick : null);

    // Of the verb ingest, in a process of its own.
    case ["ingest-once", var who, var warmUp, var directory]:
        return await IngestOnce.RunAsync(who, warmUp, directory);

    // Every verb, one after the other, and the picture.
    case ["all", .. var of] when Choice.TryParse(of, out var everything):
        var code = await AllVerbs.RunAsync(everything, [.. verbs.Select(name => (string[])[name]), ["load"], []]);
        _ = everything.IsFull ? RatioPlot.Write(verbs) : null;
        return code;

    // Figures of the working tree beside those of a commit. Exit code 1 when one is worse.
    case ["compare"]:
        return RatioComparison.Run("HEAD", verbs);
    case ["compare", "--with", var commit]:
        return RatioComparison.Run(commit, verbs);

    // The committed figures as a picture.
    case ["plot"]:
        Console.WriteLine(RatioPlot.Write(verbs) is { } path ? $"written to {path}" : "no committed figure has a goal");
        return 0;
}

// Without a verb: the median time of what has no alternative to be compared with, each beside one verification of a signature.
return MeasureRun.Run(args, verbs);
