using System.Diagnostics;

namespace CleanRoom.Benchmarks.Running;

/// <summary>Runs every verb, each in a process of its own, so that the memory of one is not that of the next and a failure ends that one alone.</summary>
internal static class AllVerbs
{
    /// <summary>Runs them.</summary>
    /// <param name="choice">Handed on.</param>
    /// <param name="verbs">Each the words that call it.</param>
    /// <returns>0; 1 when a verb failed. A verb of which nothing is wanted is left out.</returns>
    public static async Task<int> RunAsync(Choice choice, IEnumerable<string[]> verbs)
    {
        var failed = new List<string>();
        foreach (var words in verbs)
        {
            Console.WriteLine($"== {(words.Length == 0 ? "measures" : words[0])}");
            using var process = Process.Start(Environment.ProcessPath!, [.. words, "--tier", choice.Tier]);
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
            {
                failed.Add(words.Length == 0 ? "measures" : words[0]);
            }
        }

        Console.WriteLine(failed.Count == 0 ? "all were taken" : $"failed: {string.Join(", ", failed)}");
        return failed.Count == 0 ? 0 : 1;
    }
}
