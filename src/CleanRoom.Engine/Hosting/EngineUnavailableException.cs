namespace CleanRoom.Engine.Hosting;

/// <summary>No engine process could be started: the machine or the installation is broken.</summary>
public sealed class EngineUnavailableException : Exception
{
    /// <summary>Says what was wanted and what was got.</summary>
    public EngineUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Says what was wanted and what was got.</summary>
    public EngineUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
