using CleanRoom.Protocol;

namespace CleanRoom.Grains.Partitions;

/// <summary>Lets so many engines run at once as the limits say; others wait, and the rooms take turns: one that asks for much does not keep the others waiting.</summary>
/// <remarks>Safe for concurrent calls. Within a room who came first is first.</remarks>
public sealed class RunTurns(RunLimits limits)
{
    private readonly Lock _turning = new();
    private readonly Dictionary<string, LinkedList<TaskCompletionSource>> _waiting = new(StringComparer.Ordinal);
    private readonly Queue<string> _rooms = new(); // Those that wait, the next one first.
    private int _free = limits.ConcurrentRuns;

    /// <summary>Waits for a turn and takes it.</summary>
    /// <returns>Null with the turn, which is given back by <see cref="Give"/>; or <see cref="RefusalCode.TooManyRequests"/> at once, when as many of this
    /// room wait already as may.</returns>
    public async Task<Refusal?> TakeAsync(string collaboration, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource> turn;
        lock (_turning)
        {
            if (_free > 0)
            {
                _free--;
                return null;
            }

            if (!_waiting.TryGetValue(collaboration, out var line))
            {
                _waiting[collaboration] = line = [];
                _rooms.Enqueue(collaboration);
            }

            if (line.Count >= limits.WaitingRuns)
            {
                return new Refusal(RefusalCode.TooManyRequests, $"at most {limits.WaitingRuns} runs of a room that wait", "one more");
            }

            turn = line.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        try
        {
            await turn.Value.Task.WaitAsync(cancellationToken);
            return null;
        }
        catch (OperationCanceledException)
        {
            Leave(turn);
            throw;
        }
    }

    /// <summary>Gives a turn back: to the next room that waits, or to whoever comes.</summary>
    public void Give()
    {
        lock (_turning)
        {
            while (_rooms.TryDequeue(out var room))
            {
                var line = _waiting[room];
                if (line.First is not { } first)
                {
                    _waiting.Remove(room);
                    continue;
                }

                line.RemoveFirst();
                if (line.Count > 0)
                {
                    _rooms.Enqueue(room);
                }
                else
                {
                    _waiting.Remove(room);
                }

                first.Value.SetResult();
                return;
            }

            _free++;
        }
    }

    /// <summary>Whoever does not wait any more leaves the line; a turn that came in the same moment goes to the next.</summary>
    private void Leave(LinkedListNode<TaskCompletionSource> turn)
    {
        lock (_turning)
        {
            if (turn.List is { } line)
            {
                line.Remove(turn);
                return;
            }
        }

        Give();
    }
}
