using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using CleanRoom.Policy.Bound;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Verdicts;

namespace CleanRoom.Policy.Evaluation;

/// <summary>Names the columns of the answer: the alias, else the column, else what it is; a second of one name gets a number.</summary>
/// <remarks>Spec: contracts/spec/0008 s.7.</remarks>
internal static partial class OutputNames
{
    private const int MaxLength = 64;

    /// <summary>Returns different names, one for each output.</summary>
    /// <param name="fromText">Names that the text gives; empty when the select list has a star.</param>
    /// <param name="root">The bound plan, for aliases behind a star.</param>
    /// <param name="outputs">What is named.</param>
    /// <param name="groups">The group keys.</param>
    /// <param name="aggregates">The aggregates.</param>
    public static ImmutableArray<string> For(
        ImmutableArray<string?> fromText,
        BoundOperator root,
        ImmutableArray<OutputExpression> outputs,
        IReadOnlyList<GroupKey> groups,
        IReadOnlyList<PlanAggregate> aggregates)
    {
        var bound = Aliases(root);
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var names = ImmutableArray.CreateBuilder<string>(outputs.Length);
        for (var i = 0; i < outputs.Length; i++)
        {
            // An alias is shown to those who approve: one that could mislead them is left out.
            var given = fromText.Length == outputs.Length
                ? fromText[i] is { } alias && PlainText.Is(alias, MaxLength) ? alias : null
                : bound.Length == outputs.Length && bound[i].Length <= MaxLength && Plain().IsMatch(bound[i]) ? bound[i] : null;
            names.Add(Different(given ?? Derived(outputs[i], groups, aggregates, i), taken));
        }

        return names.MoveToImmutable();
    }

    private static ImmutableArray<string> Aliases(BoundOperator op) => op switch
    {
        BoundOperator.Projection projection => [.. projection.Expressions.Select(expression => expression.Alias)],
        BoundOperator.CommonTable common => Aliases(common.Consumer),
        BoundOperator.Order order => Aliases(order.Child),
        BoundOperator.Limit limit => Aliases(limit.Child),
        BoundOperator.Filter filter => Aliases(filter.Child),
        _ => [],
    };

    private static string Derived(
        OutputExpression output, IReadOnlyList<GroupKey> groups, IReadOnlyList<PlanAggregate> aggregates, int index) => output switch
    {
        OutputExpression.Key key => groups[key.Index] switch
        {
            GroupKey.Truncated truncated => $"{truncated.Column.Name}_{truncated.Grain.ToString().ToLowerInvariant()}",
            var other => other.Column.Name,
        },
        OutputExpression.Listed listed => listed.Column.Name,
        OutputExpression.Aggregate aggregate => aggregates[aggregate.Index] switch
        {
            { Column: null } => "count",
            var known => string.Join('_', known.Columns.Select(column => column.Name).Prepend(known.Function.Word().Replace('-', '_'))),
        },
        _ => string.Create(CultureInfo.InvariantCulture, $"column_{index + 1}"),
    };

    private static string Different(string name, HashSet<string> taken)
    {
        var candidate = name;
        for (var i = 2; !taken.Add(candidate); i++)
        {
            candidate = string.Create(CultureInfo.InvariantCulture, $"{name}_{i}");
        }

        return candidate;
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Plain();
}
