using CleanRoom.Client.Datasets;

namespace CleanRoom.Portal.Features.Uploads;

/// <summary>An upload under way: which step it is at, how far, how fast; and how it is paused and cancelled.</summary>
/// <param name="dataset">The dataset's SQL name.</param>
/// <param name="time">The clock of the page.</param>
public sealed class UploadRun(string dataset, TimeProvider time) : IDisposable
{
    /// <summary>Speed is that of so much time: long enough to be calm, short enough to follow a network.</summary>
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _cancelled = new();
    private readonly Queue<(long At, long Done)> _samples = new();
    private Func<ValueTask<long>>? _under;
    private long _finished;

    /// <summary>Gets the dataset's SQL name.</summary>
    public string Dataset { get; } = dataset;

    /// <summary>Gets what holds it back between two parts.</summary>
    public UploadPause Pause { get; } = new();

    /// <summary>Gets the step: check, read, send, publish or ingest.</summary>
    public string Step { get; private set; } = "check";

    /// <summary>Gets how much is done: bytes; of 100 in the steps without bytes.</summary>
    public long Done { get; private set; }

    /// <summary>Gets how much there is.</summary>
    public long Total { get; private set; }

    /// <summary>Gets a value that says whether the step is measured in bytes. Only such a step can be cancelled: what is signed stays signed.</summary>
    public bool IsBytes => Step is "check" or "read" or "send";

    /// <summary>Gets how far the step is, from 0 to 100.</summary>
    public int Percent => Total == 0 ? 0 : (int)(100 * Math.Min(Done, Total) / Total);

    /// <summary>Gets the bytes of a second; null while that is not known.</summary>
    public long? Speed
    {
        get
        {
            if (!IsBytes || Pause.IsPaused || _samples.Count < 2)
            {
                return null;
            }

            var (at, done) = _samples.Peek();
            var ticks = time.GetElapsedTime(at).Ticks;
            return ticks > 0 && Done > done ? (long)((Int128)(Done - done) * TimeSpan.TicksPerSecond / ticks) : null;
        }
    }

    /// <summary>Gets how long the step still takes at this speed; null while that is not known.</summary>
    public TimeSpan? Left => Speed is > 0 and var speed ? TimeSpan.FromSeconds((Total - Math.Min(Done, Total)) / speed) : null;

    /// <summary>Gets a token that ends with the person's wish to cancel.</summary>
    public CancellationToken Cancelled => _cancelled.Token;

    /// <summary>Begins a step.</summary>
    /// <param name="step">Its name.</param>
    /// <param name="total">Bytes, or 100.</param>
    /// <param name="under">Says how much of what is under way is done besides; null when nothing is.</param>
    public void Begin(string step, long total, Func<ValueTask<long>>? under)
    {
        (Step, Total, Done, _finished, _under) = (step, total, 0, 0, under);
        _samples.Clear();
    }

    /// <summary>Says how much is finished.</summary>
    public void Finish(long done) => _finished = done;

    /// <summary>Looks how far it is. Never less than before within a step.</summary>
    public async Task LookAsync()
    {
        var step = Step;
        var under = _under is null ? 0 : await _under();
        if (step != Step)
        {
            return;
        }

        Done = Math.Max(Done, Math.Min(_finished + under, Total));
        var now = time.GetTimestamp();
        _samples.Enqueue((now, Done));
        while (_samples.Count > 2 && time.GetElapsedTime(_samples.Peek().At, now) > _window)
        {
            _samples.Dequeue();
        }
    }

    /// <summary>Cancels it, as long as nothing is signed.</summary>
    public void Cancel() => _cancelled.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _cancelled.Dispose();
}
