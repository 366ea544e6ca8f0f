using System.Diagnostics;
using CleanRoom.TestKit;

namespace CleanRoom.EndToEnd.Tests.Support;

/// <summary>The built program, started as a person starts it.</summary>
internal static class CleanRoomProgram
{
    /// <summary>Gets the path of the program of the same build configuration.</summary>
    public static string Path { get; } = System.IO.Path.GetFullPath(
        System.IO.Path.Combine(AppContext.BaseDirectory, "..", "..", "CleanRoom.Cli", new DirectoryInfo(AppContext.BaseDirectory).Name, "cleanroom"));

    /// <summary>Runs it to its end.</summary>
    public static Task<ProgramRun> RunAsync(params string[] arguments) => RunProgramAsync(Path, arguments);

    /// <summary>Runs a program to its end, in the repository's root.</summary>
    public static Task<ProgramRun> RunProgramAsync(string program, params string[] arguments) => EndAsync(Start(program, arguments));

    /// <summary>Runs it to its end, for a person with another home folder, in another folder.</summary>
    public static Task<ProgramRun> RunAtHomeAsync(string home, string folder, params string[] arguments)
    {
        var start = Piped(Path, arguments);
        start.WorkingDirectory = folder;
        start.Environment["HOME"] = home;
        start.Environment.Remove("XDG_CONFIG_HOME");
        return EndAsync(Process.Start(start)!);
    }

    /// <summary>Runs it on a machine that kills it at the first byte that it writes to a file.</summary>
    public static Task<ProgramRun> RunWithoutDiskAsync(params string[] arguments)
    {
        var start = Piped("/bin/bash", ["-c", "ulimit -f 0 -c 0; exec \"$0\" \"$@\"", Path, .. arguments]);

        // The runtime's own double mapping of code is a file in memory, which the limit would stop before the program starts.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return EndAsync(Process.Start(start)!);
    }

    /// <summary>Starts a program with its output piped.</summary>
    public static Process Start(string program, params string[] arguments) => Process.Start(Piped(program, arguments))!;

    private static async Task<ProgramRun> EndAsync(Process started)
    {
        using var process = started;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new ProgramRun(process.ExitCode, await output, await error);
    }

    private static ProcessStartInfo Piped(string program, string[] arguments) => new(program, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = RepositoryFiles.Root,
    };
}

/// <summary>How a program ended and what it said.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Error);
