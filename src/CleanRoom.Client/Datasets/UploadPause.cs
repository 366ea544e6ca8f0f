namespace CleanRoom.Client.Datasets;

/// <summary>Holds an upload back between two parts. Parts under way are finished.</summary>
public sealed class UploadPause
{
    private TaskCompletionSource? _going;

    /// <summary>Gets a value that says whether it is paused.</summary>
    public bool IsPaused => _going is not null;

    /// <summary>Lets no further part begin.</summary>
    public void Pause() => _going ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets parts begin again.</summary>
    public void Resume() => Interlocked.Exchange(ref _going, null)?.SetResult();

    /// <summary>Waits while it is paused.</summary>
    /// <exception cref="OperationCanceledException">The waiting was stopped.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (_going is { } going)
        {
            await going.Task.WaitAsync(cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }
}
