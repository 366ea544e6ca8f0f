using CleanRoom.Client.Rooms;
using CleanRoom.Portal.Features.Rooms;
using CleanRoom.Protocol;
using Microsoft.AspNetCore.Components;

namespace CleanRoom.Portal.Shared;

/// <summary>A component that shows the desk's room, and shows it again when it is another.</summary>
public abstract class RoomComponent : PortalComponent
{
    [Inject]
    internal RoomDesk Desk { get; set; } = null!; // Injected before anything is called.

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Desk.Changed += OnDeskChanged;
        await Desk.RestoreAsync(CancellationToken.None);
    }

    /// <summary>Does something in the open room.</summary>
    /// <returns>What came of it; or the refusal that nobody has signed in.</returns>
    internal async Task<ActionOutcome> InRoomAsync<T>(Func<RoomClient, Task<Result<T>>> act, Func<T, string> words)
        where T : notnull
    {
        if (Desk.Room is not { } room)
        {
            return ActionOutcome.Refused([new Refusal(RefusalCode.NotPermitted, "somebody who has signed in to the room", "nobody")]);
        }

        var result = await Desk.AloneAsync(() => act(room));
        await Desk.NotedAsync(CancellationToken.None);
        if (!result.IsAccepted && result.Refusals.Any(Advice.IsAboutWhoAnswers))
        {
            // What the badge says was true before this: it is asked again, while the refusal stands where it is.
            _ = Desk.VerifyAsync(CancellationToken.None);
        }

        return ActionOutcome.Of(result, words);
    }

    /// <summary>Reads anew what is shown.</summary>
    protected virtual Task OnRoomChangedAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Desk.Changed -= OnDeskChanged;
        base.Dispose(disposing);
    }

    private void OnDeskChanged() => _ = InvokeAsync(async () =>
    {
        await OnRoomChangedAsync();
        StateHasChanged();
    });
}
