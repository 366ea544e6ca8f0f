using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Commands.Demo.Story;

/// <summary>Calls of a script: a refusal ends the script, a room that does not answer is waited for.</summary>
internal static class Calls
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);

    /// <summary>For how long a room is waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Returns the value, or ends the story.</summary>
    /// <exception cref="StoryRefused">It was refused.</exception>
    public static T OrEnd<T>(this Result<T> result)
        where T : notnull => result.TryGet(out var value, out var refusals) ? value : throw new StoryRefused(refusals);

    /// <summary>Calls, and calls again while the room does not answer or waits for other witnesses, as long as the services are patient.</summary>
    /// <exception cref="StoryRefused">It was refused, or the patience is at its end.</exception>
    public static async Task<T> PatientlyAsync<T>(ClientServices services, Func<Task<Result<T>>> call, CancellationToken cancellationToken)
        where T : notnull
    {
        var began = services.Time.GetTimestamp();
        while (true)
        {
            var result = await call();
            var mayPass = result is { IsAccepted: false, Refusals: [{ Code: RefusalCode.Unavailable or RefusalCode.ReadOnly or RefusalCode.StorageFailed or RefusalCode.ClockWrong }, ..] };
            if (!mayPass || services.Time.GetElapsedTime(began) > services.Patience)
            {
                return result.OrEnd();
            }

            await Task.Delay(_pause, services.Time, cancellationToken);
        }
    }
}
