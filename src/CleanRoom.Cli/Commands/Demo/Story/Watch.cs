using System.Collections.Immutable;
using CleanRoom.Client.Rooms;

namespace CleanRoom.Cli.Commands.Demo.Story;

/// <summary>Every steward's own program watches the room beside the story, and answers as a witness when the room has restarted.</summary>
internal sealed class Watch : IAsyncDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _watching;

    /// <summary>Begins to watch.</summary>
    /// <param name="setting">The room's address and services.</param>
    /// <param name="collaboration">The room.</param>
    /// <param name="stewards">Who watches, each by itself.</param>
    public Watch(StorySetting setting, string collaboration, ImmutableArray<Person> stewards) =>
        _watching = Task.WhenAll(stewards.Select(steward => WatchAsync(setting, collaboration, steward, _stopping.Token)));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        _stopping.Dispose();
    }

    private static async Task WatchAsync(StorySetting setting, string collaboration, Person steward, CancellationToken cancellationToken)
    {
        RoomClient? room = null;
        try
        {
            while (true)
            {
                // Its own client: the story uses the steward's other one meanwhile. What they remember of the room is shared.
                room ??= (await RoomClient.OpenAsync(
                    setting.Services, setting.Address, collaboration, steward.Identity, steward.Memory, cancellationToken)).TryGet(out var opened, out _)
                    ? opened
                    : null;
                if (room is not null)
                {
                    // A room that does not answer is asked again; one that lies stops by what the witness shows it.
                    await room.WitnessAsync(cancellationToken);
                }

                await Task.Delay(_interval, setting.Services.Time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The story is over.
        }
    }
}
