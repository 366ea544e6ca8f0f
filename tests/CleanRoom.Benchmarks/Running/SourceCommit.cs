using System.Diagnostics;
using CleanRoom.TestKit;

namespace CleanRoom.Benchmarks.Running;

/// <summary>Which code is measured.</summary>
internal static class SourceCommit
{
    /// <summary>Gets the commit, with <c>-dirty</c> where files are changed; <c>unknown</c> outside a clone.</summary>
    public static string Name { get; } = Read();

    private static string Read()
    {
        var start = new ProcessStartInfo("git", ["-C", RepositoryFiles.Root, "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var name = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? name : "unknown";
    }
}
