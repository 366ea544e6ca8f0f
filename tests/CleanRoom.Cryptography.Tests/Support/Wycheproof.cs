using System.Text.Json.Nodes;

namespace CleanRoom.Cryptography.Tests.Support;

/// <summary>Runs a Wycheproof file: every valid case must pass, every invalid one must fail, acceptable ones may do either.</summary>
internal static class Wycheproof
{
    /// <returns>The number of cases that counted.</returns>
    internal static async Task<int> RunAsync(JsonNode file, Func<JsonNode, JsonNode, ValueTask<bool>> passes, Func<JsonNode, bool>? covers = null)
    {
        var wrong = new List<string>();
        var count = 0;
        foreach (var group in file["testGroups"].Items().Where(group => covers?.Invoke(group) ?? true))
        {
            foreach (var test in group["tests"].Items().Where(test => test["result"].Text() != "acceptable"))
            {
                count++;
                if (await passes(group, test) != (test["result"].Text() == "valid"))
                {
                    wrong.Add($"{test["tcId"]} {test["comment"]} ({test["result"]})");
                }
            }
        }

        wrong.Should().BeEmpty();
        return count;
    }
}
