using System.Diagnostics;
using CleanRoom.TestKit;

namespace CleanRoom.Benchmarks.Running;

/// <summary>Which code is measured.</summary>
internal static class SourceCommit
{
    private const string Results = ":(exclude)tests/CleanRoom.Benchmarks/results";

    /// <summary>Gets the commit, with <c>-dirty</c> where files other than results are changed; <c>unknown</c> outside a clone.</summary>
    public static string Name { get; } = Read();

    private static string Read() => Git("rev-parse", "--short=12", "HEAD") is { Length: > 0 } commit
        ? commit + (Git("status", "--porcelain", "--", RepositoryFiles.Root, Results) is { Length: 0 } ? string.Empty : "-dirty")
        : "unknown";

    /// <summary>Returns what it prints; null where it cannot say.</summary>
    private static string? Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", RepositoryFiles.Root, .. arguments]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? said : null;
    }
}
