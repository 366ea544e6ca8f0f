using CleanRoom.Cli.Hosting;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Profiles;

/// <summary>Opens the room that a verb acts in, for the time of the verb.</summary>
internal static class RoomSession
{
    /// <summary>Verifies and opens the room where the profile knows it, or where <c>--url</c> says, and does something in it.</summary>
    public static Task<Result<VerbAnswer>> RunAsync(
        VerbContext context, Func<RoomClient, Task<Result<VerbAnswer>>> act, CancellationToken cancellationToken)
    {
        var memory = new FileRoomMemory(context.Profile);
        return memory.Find(context.Get(CommonOptions.Room))
            .Then(collaboration => AddressOf(context, memory, collaboration))
            .TryGet(out var address, out var refusals)
                ? RunAsync(context, address, act, cancellationToken)
                : Task.FromResult<Result<VerbAnswer>>(refusals);
    }

    /// <summary>Verifies and opens the room at an address, and does something in it.</summary>
    public static async Task<Result<VerbAnswer>> RunAsync(
        VerbContext context, RoomAddress address, Func<RoomClient, Task<Result<VerbAnswer>>> act, CancellationToken cancellationToken)
    {
        var memory = new FileRoomMemory(context.Profile);
        if (!memory.Find(context.Get(CommonOptions.Room)).TryGet(out var collaboration, out var refusals)
            || !(await KeyRing.OpenMemberAsync(context, cancellationToken)).TryGet(out var member, out refusals))
        {
            return refusals;
        }

        using (member.Keys)
        {
            var opened = await RoomClient.OpenAsync(context.Host.Services, address, collaboration, member, memory, cancellationToken);
            if (!opened.TryGet(out var room, out refusals))
            {
                return refusals;
            }

            if ((memory.SaveAddress(collaboration, address) ?? memory.SaveSeen(room.Mirror)) is { } notKept)
            {
                return notKept;
            }

            foreach (var word in room.Node.Result.Words)
            {
                context.Host.Say($"{room.Node.Result.Tee} evidence: {word}");
            }

            if (room.Node.EndorsedInWords is { } endorsed)
            {
                context.Host.Say($"the node runs {endorsed}");
            }

            var rows = room.Mirror.Rows.Count;
            var answer = await act(room);
            return room.Mirror.Rows.Count > rows && memory.SaveSeen(room.Mirror) is { } notSeen ? notSeen : answer;
        }
    }

    /// <summary>Returns where the room answers: as told, or as the profile knows.</summary>
    public static Result<RoomAddress> AddressOf(VerbContext context, FileRoomMemory memory, string collaboration) =>
        context.Get(CommonOptions.Url) is { } url ? RoomAddress.Parse(url) : memory.LoadAddress(collaboration);
}
