using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Verdicts;

/// <summary>Where a rule stands: a dataset, and a JSON pointer (RFC 6901) below it.</summary>
/// <param name="Dataset">The dataset's SQL name.</param>
/// <param name="Path">Such as <c>/policy/columns/age/uses</c>.</param>
internal readonly record struct RulePlace(string Dataset, string Path)
{
    /// <summary>Returns a place in a dataset's policy.</summary>
    public static RulePlace Of(Dataset dataset, params ReadOnlySpan<string> members)
    {
        var path = "/policy";
        foreach (var member in members)
        {
            path += "/" + member.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        }

        return new RulePlace(dataset.SqlName, path);
    }
}
