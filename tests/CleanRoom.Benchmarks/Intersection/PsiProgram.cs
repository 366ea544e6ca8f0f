using System.Diagnostics;
using System.Globalization;
using CleanRoom.Benchmarks.Measures;
using CleanRoom.TestKit;

namespace CleanRoom.Benchmarks.Intersection;

/// <summary>OpenMined's private set intersection in Node.js, as <c>Psi/package-lock.json</c> says.</summary>
/// <remarks>Its trust differs: two parties and no third, no enclave and no operator; each learns the size of the other's list, one the size of the intersection.</remarks>
internal static class PsiProgram
{
    private static readonly string s_folder = RepositoryFiles.Committed("tests", "CleanRoom.Benchmarks", "Intersection", "Psi");

    /// <summary>Gets why it cannot be run here; null when it can.</summary>
    public static string? Missing => Directory.Exists(Path.Combine(s_folder, "node_modules", "@openmined"))
        ? null
        : "psi.js is not installed (npm ci --prefix tests/CleanRoom.Benchmarks/Intersection/Psi --ignore-scripts)";

    /// <summary>Intersects the lists of two CSV files, which are in memory before the time begins.</summary>
    /// <returns>From the first message of the protocol to the size of the intersection, with every message through its bytes.</returns>
    public static async Task<TimeSpan> RunAsync(string left, string right, long overlap)
    {
        using var process = Process.Start(new ProcessStartInfo("node", [Path.Combine(s_folder, "psi.cjs"), left, right]) { RedirectStandardOutput = true })!;
        var said = (await process.StandardOutput.ReadToEndAsync()).Split(' ', StringSplitOptions.TrimEntries);
        await process.WaitForExitAsync();
        Outcome.Require(said.Length == 2 && long.Parse(said[0], CultureInfo.InvariantCulture) == overlap, $"psi.js: {string.Join(' ', said)} of {overlap}");
        return TimeSpan.FromMilliseconds(double.Parse(said[1], CultureInfo.InvariantCulture));
    }
}
