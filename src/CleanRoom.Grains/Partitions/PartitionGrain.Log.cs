using CleanRoom.Engine.Running;
using Microsoft.Extensions.Logging;

namespace CleanRoom.Grains.Partitions;

/// <content>Log messages: correlation ids and codes alone.</content>
internal sealed partial class PartitionGrain
{
    [LoggerMessage(3201, LogLevel.Warning, "Run {CorrelationId} did not start: {Refusal}")]
    private partial void LogNotStarted(string correlationId, string refusal);

    [LoggerMessage(3202, LogLevel.Warning, "Run {CorrelationId} failed: {Kind}")]
    private partial void LogFailed(string correlationId, EngineFailureKind kind);

    [LoggerMessage(3203, LogLevel.Error, "Run {CorrelationId} stopped by a failure of the machine")]
    private partial void LogMachineFailed(Exception exception, string correlationId);
}
