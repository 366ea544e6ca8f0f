using CleanRoom.Engine.Running;

namespace CleanRoom.Engine.Hosting;

/// <summary>An engine process ended or sent what no engine sends; it is of no more use.</summary>
internal sealed class EngineChannelException(EngineFailureKind kind, string message) : IOException(message)
{
    /// <summary>Gets which of the two.</summary>
    public EngineFailureKind Kind { get; } = kind;
}
