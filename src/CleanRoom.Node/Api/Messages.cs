using CleanRoom.Grains.Datasets;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Fold;

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
        Phase = view.Status == QueryStatus.Running ? progress.Phase : string.Empty,
        Percent = view.Status == QueryStatus.Running ? progress.Percent : 0,
        Reason = view.Reason,
    };

    public static IngestResponse Of(IngestView view) => new()
    {
        State = view.State,
        Percent = view.Percent,
        Report = SealedReports.Decode(view.Report),
        Obstacle = view.Obstacle is { } obstacle ? new ProblemReason(obstacle.Code.Slug(), obstacle.Wanted, obstacle.Got) : null,
    };
}
