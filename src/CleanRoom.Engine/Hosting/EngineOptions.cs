using CleanRoom.Engine.Sandbox;

namespace CleanRoom.Engine.Hosting;

/// <summary>How engine processes are started and watched.</summary>
public sealed class EngineOptions
{
    /// <summary>Gets the program.</summary>
    /// <value>Null for <see cref="EngineCommand.Default"/>.</value>
    public EngineCommand? Command { get; init; }

    /// <summary>Gets the directory in which each process gets a private one for its socket.</summary>
    /// <value>A path of at most 60 bytes. Default: the system's directory for temporary files.</value>
    public string SocketDirectory { get; init; } = Path.GetTempPath();

    /// <summary>Gets the time in which a process must have started.</summary>
    /// <value>Default 60 seconds: a machine under load, not a measure of a good one.</value>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets the interval at which a process's memory is looked at, beside the kernel's own limit.</summary>
    /// <value>Default 100 milliseconds.</value>
    public TimeSpan MemoryCheckInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets the layers that an engine must have, for tests of machines that can give less.</summary>
    /// <value>Null: what <see cref="MachineSandbox.Measure"/> finds.</value>
    internal SandboxReport? Machine { get; init; }
}
