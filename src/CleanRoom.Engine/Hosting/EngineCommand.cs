using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace CleanRoom.Engine.Hosting;

/// <summary>How an engine process is started; the socket's path is added as the last argument.</summary>
/// <param name="FileName">Absolute path of the program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <remarks>Spec: contracts/spec/0012 s.2.</remarks>
public sealed record EngineCommand(string FileName, ImmutableArray<string> Arguments)
{
    /// <summary>Returns the engine's own program, which lies beside the program that runs now.</summary>
    /// <remarks>The rule: that process holds no code for keys, ledger or HTTP.</remarks>
    /// <exception cref="EngineUnavailableException">Neither a .NET host nor a program of its own is there.</exception>
    public static EngineCommand Default()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "CleanRoom.Engine");
        return Of(DotnetRoot(), program + ".dll", program, []);
    }

    /// <summary>Returns the program that runs now, which is then to call <see cref="EngineProgram.Run"/> for these arguments.</summary>
    /// <param name="verb">The arguments by which the program knows that it is to be an engine; the socket's path follows them.</param>
    /// <remarks>For a program that is published as one file, where no engine lies beside it.</remarks>
    /// <exception cref="EngineUnavailableException">The system does not name the program.</exception>
    public static EngineCommand ThisProgram(params ReadOnlySpan<string> verb) => Of(
        DotnetRoot(),
        Path.GetFullPath(Environment.GetCommandLineArgs()[0]),
        Environment.ProcessPath ?? throw new EngineUnavailableException("wanted the path of this program; got none"),
        [.. verb]);

    /// <summary>Returns the directory of the .NET host that runs this process; null for a self-contained program.</summary>
    internal static string? DotnetRoot()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/ for a shared runtime.
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return File.Exists(Path.Combine(root, "dotnet")) ? root : null;
    }

    /// <summary>Chooses between the host and a program of its own.</summary>
    /// <param name="dotnetRoot">As <see cref="DotnetRoot"/>.</param>
    /// <param name="assembly">The assembly to start by the host.</param>
    /// <param name="program">The program to start without one.</param>
    /// <param name="verb">The first arguments of either.</param>
    internal static EngineCommand Of(string? dotnetRoot, string assembly, string program, ImmutableArray<string> verb)
    {
        // The host rather than a program that looks for it: it does so by environment variables and files that an engine does not get.
        if (dotnetRoot is not null && IsManaged(assembly))
        {
            return new EngineCommand(Path.Combine(dotnetRoot, "dotnet"), ["exec", assembly, .. verb]);
        }

        return File.Exists(program)
            ? new EngineCommand(program, verb)
            : throw new EngineUnavailableException($"wanted a .NET host and {assembly}, or a program at {program}; got neither");
    }

    private static bool IsManaged(string path) => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && File.Exists(path);
}
