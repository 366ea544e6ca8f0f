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

    public static QueryStatusResponse Of(Digest query, QueryView view, RunProgress progress) => new()
    {
        QueryDigest = query,
        Status = view.Status,
        Phase = view.Status == Protocol.Fold.QueryStatus.Running ? progress.Phase : string.Empty,
        Percent = view.Status == Protocol.Fold.QueryStatus.Running ? progress.Percent : 0,
        Reason = view.Reason,
    };
}
