using System.Diagnostics.Metrics;
using CleanRoom.Engine.Running;
using CleanRoom.Grains.Hosting;
using CleanRoom.Protocol;

namespace CleanRoom.Grains.Telemetry;

/// <summary>What a node counts for its operator.</summary>
/// <remarks>
/// A tag's value is a word of a closed list: never a name, a digest or a number of a party. Not measured, because it would tell of the data: how long a run
/// takes, how many rows it reads, and how large an answer is.
/// </remarks>
public static class RoomMetrics
{
    /// <summary>The name under which a collector asks for these.</summary>
    public const string MeterName = "CleanRoom.Room";

    /// <summary>The tag that says how something ended.</summary>
    public const string Outcome = "outcome";

    /// <summary>The tag with a refusal's code or a failure's kind.</summary>
    public const string Code = "code";

    private static readonly Meter _meter = new(MeterName);

    private static readonly Counter<long> _rows = _meter.CreateCounter<long>("cleanroom.ledger.rows", "{row}", "Rows appended to ledgers.");
    private static readonly Counter<long> _conflicts = _meter.CreateCounter<long>("cleanroom.ledger.conflicts", "{append}", "Appends that found another writer's row in their place.");
    private static readonly Counter<long> _runs = _meter.CreateCounter<long>("cleanroom.runs", "{run}", "Tries of runs that ended: done, or again.");
    private static readonly UpDownCounter<long> _activeRuns = _meter.CreateUpDownCounter<long>("cleanroom.runs.active", "{run}", "Runs under way.");
    private static readonly Counter<long> _ingests = _meter.CreateCounter<long>("cleanroom.ingests", "{version}", "Tries to take a dataset version in that ended: done, or again.");
    private static readonly Counter<long> _engineFailures = _meter.CreateCounter<long>("cleanroom.engine.failures", "{run}", "Engine processes that failed, by kind.");
    private static readonly Counter<long> _columns = _meter.CreateCounter<long>("cleanroom.columns", "{object}", "Objects whose columns a run read: kept in clear, or decrypted.");
    private static readonly Counter<long> _parts = _meter.CreateCounter<long>("cleanroom.upload.parts", "{part}", "Sealed parts that were stored.");
    private static readonly Counter<long> _bytes = _meter.CreateCounter<long>("cleanroom.upload.bytes", "By", "Bytes of sealed parts that were stored.");
    private static readonly Counter<long> _refusals = _meter.CreateCounter<long>("cleanroom.refusals", "{request}", "Requests that were refused, by code.");

    /// <summary>Counts rows that are durable.</summary>
    internal static void Appended(int rows) => _rows.Add(rows);

    /// <summary>Counts an append that came second.</summary>
    internal static void Conflicted() => _conflicts.Add(1);

    /// <summary>Counts a try of a run, while it is under way and when it ends.</summary>
    internal static async Task<WorkOutcome> CountRunAsync(Func<Task<WorkOutcome>> run)
    {
        _activeRuns.Add(1);
        try
        {
            return await CountAsync(_runs, run);
        }
        finally
        {
            _activeRuns.Add(-1);
        }
    }

    /// <summary>Counts a try to take a dataset version in, when it ends.</summary>
    internal static Task<WorkOutcome> CountIngestAsync(Func<Task<WorkOutcome>> ingest) => CountAsync(_ingests, ingest);

    /// <summary>Counts an engine process that failed.</summary>
    internal static void EngineFailed(EngineFailureKind kind) => _engineFailures.Add(1, new KeyValuePair<string, object?>(Code, kind.ToString()));

    /// <summary>Counts an object whose columns a run reads. It tells the operator nothing that the reads of its object store do not.</summary>
    internal static void ColumnsRead(bool wereKept) => _columns.Add(1, new KeyValuePair<string, object?>(Outcome, wereKept ? "kept" : "decrypted"));

    /// <summary>Counts a sealed part that is durable.</summary>
    public static void PartStored(long bytes)
    {
        _parts.Add(1);
        _bytes.Add(bytes);
    }

    /// <summary>Counts a request that was refused.</summary>
    public static void Refused(Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        _refusals.Add(1, new KeyValuePair<string, object?>(Code, refusal.Slug));
    }

    private static async Task<WorkOutcome> CountAsync(Counter<long> counter, Func<Task<WorkOutcome>> work)
    {
        var outcome = WorkOutcome.TryAgain; // What a failure or a cancellation amounts to.
        try
        {
            return outcome = await work();
        }
        finally
        {
            counter.Add(1, new KeyValuePair<string, object?>(Outcome, outcome == WorkOutcome.TryAgain ? "again" : "done"));
        }
    }
}
