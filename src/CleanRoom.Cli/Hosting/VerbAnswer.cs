using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace CleanRoom.Cli.Hosting;

/// <summary>What a verb prints: facts for programs, words for people.</summary>
/// <param name="Json">Printed on one line with <c>--json</c>.</param>
/// <param name="Words">Printed without.</param>
internal sealed record VerbAnswer(JsonNode Json, ImmutableArray<string> Words)
{
    /// <summary>Gets the exit code; 0 unless the answer itself is bad news.</summary>
    public int ExitCode { get; init; }

    /// <summary>Makes an answer of facts and one sentence.</summary>
    public static VerbAnswer Of(JsonObject json, params ImmutableArray<string> words) => new(json, words);
}
