using Microsoft.Extensions.Logging;

namespace CleanRoom.Grains.Datasets;

/// <content>Log messages: digests and codes alone.</content>
internal sealed partial class IngestTurn
{
    [LoggerMessage(3011, LogLevel.Information, "Ingest of {Manifest} started")]
    private partial void LogStarted(string manifest);

    [LoggerMessage(3012, LogLevel.Information, "Ingest of {Manifest} ended; accepted: {IsAccepted}")]
    private partial void LogTakenIn(string manifest, bool isAccepted);

    [LoggerMessage(3013, LogLevel.Debug, "Ingest of {Manifest} does not start: {Refusal}")]
    private partial void LogNotStarted(string manifest, string refusal);

    [LoggerMessage(3014, LogLevel.Warning, "Ingest of {Manifest} cannot go on: {Refusal}; it is tried again")]
    private partial void LogObstacle(string manifest, string refusal);

    [LoggerMessage(3015, LogLevel.Warning, "The ledger did not take the ingest statement of {Manifest}: {Refusal}")]
    private partial void LogNotAppended(string manifest, string refusal);

    [LoggerMessage(3016, LogLevel.Error, "Ingest of {Manifest} stopped by a failure of the machine; it is tried again")]
    private partial void LogMachineFailed(Exception exception, string manifest);

    [LoggerMessage(3017, LogLevel.Error, "What the store holds of version {Manifest} was not deleted; the collaboration's next activation tries again")]
    private partial void LogNotForgotten(Exception exception, string manifest);
}
