using Microsoft.Extensions.Logging;

namespace CleanRoom.Grains.Queries;

/// <content>Log messages: digests, correlation ids and codes alone.</content>
internal sealed partial class QueryRun
{
    [LoggerMessage(3101, LogLevel.Information, "Run {CorrelationId} of query {Query} begins; charged in row {ChargeSequence}")]
    private partial void LogBegun(string correlationId, string query, long chargeSequence);

    [LoggerMessage(3102, LogLevel.Debug, "Query {Query} does not run: {Refusal}")]
    private partial void LogNotBegun(string query, string refusal);

    [LoggerMessage(3103, LogLevel.Information, "Run {CorrelationId} is committed in row {Sequence}")]
    private partial void LogCommitted(string correlationId, long sequence);

    [LoggerMessage(3104, LogLevel.Warning, "Run {CorrelationId} was not committed: {Refusal}")]
    private partial void LogNotCommitted(string correlationId, string refusal);

    [LoggerMessage(3105, LogLevel.Warning, "Run {CorrelationId} ends without an answer: {Refusal}")]
    private partial void LogFailed(string correlationId, string refusal);

    [LoggerMessage(3106, LogLevel.Error, "Run {CorrelationId} stopped by a failure of the machine; it is tried again")]
    private partial void LogMachineFailed(Exception exception, string correlationId);

    [LoggerMessage(3107, LogLevel.Error, "Object {Name} was not deleted; an answer's is tried again by the collaboration's next activation")]
    private partial void LogNotForgotten(Exception exception, string name);
}
