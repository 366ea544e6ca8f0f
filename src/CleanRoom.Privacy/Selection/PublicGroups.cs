using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Privacy.Selection;

/// <summary>The groups of a query whose group columns all have public values: every combination, whether or not there are rows.</summary>
/// <remarks>Which groups appear depends on the contract alone, so it costs nothing; an empty group gets noise on 0. Spec: contracts/spec/0014 s.7.</remarks>
public static class PublicGroups
{
    /// <summary>Counts and lists the combinations, the last column changing fastest.</summary>
    /// <param name="domains">For each group column its different values, in the order they appear.</param>
    /// <param name="maxGroups">The most combinations, at least 1.</param>
    /// <returns>The combinations, one for a query without group columns; or <see cref="RefusalCode.QueryRefused"/> where there are more than
    /// <paramref name="maxGroups"/>, or a column has no values or a value twice.</returns>
    public static Result<ImmutableArray<ImmutableArray<string>>> Combine(IReadOnlyList<ImmutableArray<string>> domains, int maxGroups)
    {
        ArgumentNullException.ThrowIfNull(domains);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxGroups);
        if (domains.Any(domain => domain.IsDefaultOrEmpty || domain.Distinct(StringComparer.Ordinal).Count() != domain.Length))
        {
            return new Refusal(RefusalCode.QueryRefused, "group columns with declared values, each once", "a column with none, or with one twice");
        }

        long count = 1;
        foreach (var domain in domains)
        {
            // Both factors are below 2^31, and it stops once it is beyond the limit: it cannot overflow.
            count *= domain.Length;
            if (count > maxGroups)
            {
                return new Refusal(RefusalCode.QueryRefused, $"at most {maxGroups} combinations of group values", "more");
            }
        }

        IEnumerable<ImmutableArray<string>> groups = [[]];
        groups = domains.Aggregate(groups, (sofar, domain) => sofar.SelectMany(group => domain.Select(value => group.Add(value))));
        return groups.ToImmutableArray();
    }
}
