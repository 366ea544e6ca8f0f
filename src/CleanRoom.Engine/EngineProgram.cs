using CleanRoom.Engine.Child;
using CleanRoom.Engine.Sandbox;

namespace CleanRoom.Engine;

/// <summary>The entry of the child process, also for a program that starts itself as an engine. Spec: contracts/spec/0012 s.2.</summary>
public static class EngineProgram
{
    /// <summary>The second argument that tells the engine from its launcher.</summary>
    internal const string Confined = "confined";

    private const int UsageExitCode = 1;

    /// <summary>Runs the launcher (one argument, the socket's path) or the engine (the same and <c>confined</c>).</summary>
    internal static int Main(string[] args) => Run(args);

    /// <summary>Runs the launcher or the engine. Call it first thing in the process, before anything opens a file or reads a key.</summary>
    /// <param name="args">What followed the verb of <see cref="Hosting.EngineCommand.ThisProgram"/>.</param>
    /// <returns>The exit code: 0 when the parent closed the socket, 1 for wrong arguments, 71 when the launcher could not start the engine.</returns>
    public static int Run(ReadOnlySpan<string> args) => args switch
    {
        [var _] => Launcher.Confine(),
        [var socketPath, Confined] => EngineServer.Serve(socketPath),
        _ => UsageExitCode,
    };
}
