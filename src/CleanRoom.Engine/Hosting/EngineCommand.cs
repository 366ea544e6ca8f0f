using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace CleanRoom.Engine.Hosting;

/// <summary>How an engine process is started; the socket's path is added as the last argument.</summary>
/// <param name="FileName">Absolute path of the program.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record EngineCommand(string FileName, ImmutableArray<string> Arguments)
{
    /// <summary>Returns the program that lies beside this assembly, started by the .NET host that runs this process.</summary>
    /// <exception cref="EngineUnavailableException">Neither a host nor a program of its own is there.</exception>
    public static EngineCommand Default()
    {
        var assembly = typeof(EngineCommand).Assembly.Location;
        var host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        if (File.Exists(host))
        {
            return new EngineCommand(host, ["exec", assembly]);
        }

        // A self-contained publication has no shared host, but the engine's own program.
        var program = Path.ChangeExtension(assembly, null);
        return File.Exists(program)
            ? new EngineCommand(program, [])
            : throw new EngineUnavailableException($"wanted a .NET host at {host} or a program at {program}; got neither");
    }
}
