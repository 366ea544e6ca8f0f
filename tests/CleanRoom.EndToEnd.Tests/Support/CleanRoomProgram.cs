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
    public static async Task<ProgramRun> RunProgramAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new ProgramRun(process.ExitCode, await output, await error);
    }

    /// <summary>Starts a program with its output piped.</summary>
    public static Process Start(string program, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = RepositoryFiles.Root,
    })!;
}

/// <summary>How a program ended and what it said.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Error);
