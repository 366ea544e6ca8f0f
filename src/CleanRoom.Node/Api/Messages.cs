using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;

namespace CleanRoom.Node.Api;

/// <summary>Grain messages as API messages.</summary>
internal static class Messages
{
    public static StatusResponse Of(RoomStatus status) => new()
    {
        Mode = status.Mode,
        Reason = status.Reason,
        BootNonce = new Bytes(status.BootNonce),
        MissingWitnesses = status.MissingWitnesses,
        Checkpoint = status.Checkpoint,
    };
}
