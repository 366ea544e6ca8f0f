namespace CleanRoom.Portal.Features.Queries;

/// <summary>Asks about a text that is being written: one question at a time, always about the newest text, and no clock.</summary>
/// <typeparam name="T">The answer.</typeparam>
/// <param name="ask">Asks. Its token is cancelled when a newer text has come: a question that has not left yet need not leave then.</param>
/// <param name="answered">Told the answer, with the text that it is about, unless there is a newer text by then.</param>
internal sealed class LatestQuestion<T>(Func<string, CancellationToken, Task<T>> ask, Action<string, T> answered) : IDisposable
{
    private CancellationTokenSource? _asking;
    private string? _next;
    private bool _isDisposed;

    /// <summary>Takes a text. While a question is under way it waits, and only the newest one that waits is asked.</summary>
    /// <returns>Ends when nothing is left to ask, or at once while another call asks.</returns>
    public async Task AskAsync(string text)
    {
        _next = text;
        if (_asking is { } before)
        {
            await before.CancelAsync();
            return;
        }

        while (_next is { } next && !_isDisposed)
        {
            _next = null;
            using var asking = new CancellationTokenSource();
            _asking = asking;
            try
            {
                var answer = await ask(next, asking.Token);
                if (_next is null && !_isDisposed && !asking.IsCancellationRequested)
                {
                    answered(next, answer);
                }
            }
            catch (OperationCanceledException) when (asking.IsCancellationRequested)
            {
                // A newer text is there, or nobody is interested any more.
            }
            finally
            {
                _asking = null;
            }
        }
    }

    /// <summary>Takes back what was asked: its answer is about nothing any more.</summary>
    public void Forget()
    {
        _next = null;
        _asking?.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        Forget();
    }
}
