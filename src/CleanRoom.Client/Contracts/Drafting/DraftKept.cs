using System.Collections.Immutable;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Client.Contracts.Drafting;

/// <summary>What stands in a draft and no form edits: it is kept as it is, and named.</summary>
public static class DraftKept
{
    private static readonly ImmutableArray<string> _identity = ["/id", "/version", "/previous"];

    /// <summary>Lists the places.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="check">What the reader says of it: the members that no contract has are among its problems.</param>
    /// <returns>Each place with its value as canonical JSON.</returns>
    public static ImmutableArray<KeyValuePair<string, string>> Of(ContractDraft draft, DraftCheck check)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(check);
        var carried = draft.Count("/carriesOver") > 0 ? (string[])["/carriesOver"] : [];
        var unknown = check.Problems.Where(problem => problem.Got.StartsWith("the unknown member", StringComparison.Ordinal)).Select(problem => problem.Place);
        return
        [
            .. _identity.Concat(carried).Concat(unknown).Where(place => draft.Find(place) is not null)
                .Select(place => KeyValuePair.Create(place, System.Text.Encoding.UTF8.GetString(Jcs.Write(draft.Find(place)!)))),
        ];
    }
}
