using CleanRoom.Client.Rooms;
using CleanRoom.Datasets;
using CleanRoom.Datasets.Check;
using CleanRoom.Portal.Browser;
using CleanRoom.Protocol;

namespace CleanRoom.Portal.Features.Uploads;

/// <summary>The upload of this page, one at a time; it goes on while other pages are looked at.</summary>
internal sealed class UploadDesk(BrowserUploadStore store, TimeProvider time)
{
    /// <summary>What is checked before anything is sealed, in bytes. The guest checks all.</summary>
    private const long CheckedBytes = 64L << 20;

    /// <summary>How many different values a first look counts: a page has little memory.</summary>
    private const int CountedValues = 1 << 18;

    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(250);

    private static readonly CheckOptions _options = new() { Bytes = CheckedBytes, DistinctEntries = Math.Min(CountedValues, DatasetLimits.DistinctEntries) };

    /// <summary>Happens when the upload is further, or another.</summary>
    public event Action? Changed;

    /// <summary>Gets the upload under way; null when there is none.</summary>
    public UploadRun? Run { get; private set; }

    /// <summary>Gets the dataset of the last report; empty before there is one.</summary>
    public string ReportOf { get; private set; } = string.Empty;

    /// <summary>Gets the guest's last report; null before there is one.</summary>
    public IngestReport? Report { get; private set; }

    /// <summary>Uploads a file, from its check to the guest's report.</summary>
    /// <returns>The guest's report, accepted or not; or why it did not come so far.</returns>
    /// <exception cref="OperationCanceledException">The person cancelled it. Nothing was signed, and what was kept of it is forgotten.</exception>
    public async Task<Result<IngestReport>> UploadAsync(RoomClient room, string dataset, BrowserFile file)
    {
        if (Run is { } other)
        {
            return new Refusal(RefusalCode.NotPermitted, "one upload at a time", $"{other.Dataset}, which is under way");
        }

        using var run = new UploadRun(dataset, time);
        using var ended = new CancellationTokenSource();
        (Run, Report, ReportOf) = (run, null, string.Empty);
        var looking = LookAsync(run, ended.Token);
        try
        {
            var done = await new Upload(room, store, _options).RunAsync(file, run);
            (Report, ReportOf) = done.IsAccepted ? (done.Value, dataset) : (null, string.Empty);
            return done;
        }
        finally
        {
            await ended.CancelAsync();
            await looking;
            await file.StopAsync();
            Run = null;
            Changed?.Invoke();
        }
    }

    /// <summary>Tells that a person paused, resumed or forgot something.</summary>
    public void Tell() => Changed?.Invoke();

    private async Task LookAsync(UploadRun run, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(_look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                await run.LookAsync();
                Changed?.Invoke();
            }
        }
        catch (OperationCanceledException)
        {
            // The upload has ended.
        }
    }
}
