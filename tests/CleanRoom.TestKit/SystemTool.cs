using System.ComponentModel;
using System.Diagnostics;

namespace CleanRoom.TestKit;

/// <summary>Runs a program of the machine to its end.</summary>
internal static class SystemTool
{
    /// <summary>Runs it.</summary>
    /// <returns>Null when it did what it was told; else what it said, or that it is not installed.</returns>
    public static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var words = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : words.Trim();
        }
        catch (Win32Exception)
        {
            return "not installed";
        }
    }
}
