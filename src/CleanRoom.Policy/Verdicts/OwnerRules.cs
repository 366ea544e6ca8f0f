using System.Globalization;
using CleanRoom.Policy.Evaluation;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Verdicts;

/// <summary>The sentences for rules that an owner wrote into its dataset's policy, with the rule and what the owner could write instead.</summary>
/// <remarks>Functions of text and contract alone. Spec: contracts/spec/0008 s.4.</remarks>
internal static class OwnerRules
{
    private const int MaxNameLength = 40;

    /// <summary>How many names a sentence lists; a contract may have thousands.</summary>
    private const int MaxNames = 8;

    /// <summary>The largest fan-out that a contract may say. Spec: contracts/spec/0003 s.2.</summary>
    private const long MaxFanout = 1_000_000_000;

    /// <summary>The column lacks a capability.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="column">The column.</param>
    /// <param name="context"><c>GROUP</c>, <c>FILTER</c>, <c>JOIN</c>, <c>AGG</c> or <c>LIST</c>.</param>
    /// <param name="use">The use that would allow it; null where no use does.</param>
    public static Finding Context(Dataset dataset, string column, string context, ColumnUse? use)
    {
        var verb = use is { } known ? Verb(known) : "aggregated";
        var alternatives = use is null ? [] : dataset.Policy.Columns
            .Where(entry => entry.Value.Uses.Contains(use.Value) && entry.Key != column)
            .Select(entry => entry.Key)
            .ToList();
        var change = alternatives.Count == 0
            ? $"do not use {column} here"
            : use == ColumnUse.List
                ? $"do not use {column} here; of {dataset.SqlName} may be listed {List(alternatives)}"
                : $"do not use {column} here; {dataset.SqlName} may be {verb} {List(alternatives)}";
        return Of(
            $"{VerdictCodes.Context}:{column}:{context}", dataset, $"{dataset.SqlName}.{column} may not be {verb}", change, ["columns", column, "uses"]) with
        {
            Edit = use is { } wanted ? Grant(dataset, column, wanted) : null,
        };
    }

    /// <summary>The column holds tokens of the room, which no contract can make values again while the profile is not to be listed.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="column">The column.</param>
    /// <param name="context"><c>GROUP</c>, <c>FILTER</c> or <c>LIST</c>.</param>
    public static Finding Rekeyed(Dataset dataset, string column, string context) => Of(
        $"{VerdictCodes.Context}:{column}:{context}",
        dataset,
        $"{dataset.SqlName}.{column} holds tokens of this room in place of identifiers: they can be joined and counted, and say nothing else",
        $"do not use {column} here",
        ["columns", column, "normalise"]);

    /// <summary>Filters and groups are finer than the owner allows.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="column">The column.</param>
    /// <param name="grain">The grain in words.</param>
    /// <param name="what">What lies off it.</param>
    /// <param name="change">What would lie on it.</param>
    /// <param name="isExact">Whether the values could be told apart at all: only then would a contract without the grain allow it.</param>
    public static Finding Grain(Dataset dataset, string column, string grain, string what, string change, bool isExact = true)
    {
        var finding = Of(
            VerdictCodes.Grain, dataset, $"{dataset.SqlName}.{column} is used on a grain of {grain}: {what}", change, ["columns", column, "grain"]);
        return isExact && dataset.Policy.Columns[column].Grain is not null ? finding with { Edit = RuleEdit.Clear(finding.Rules[0]) } : finding;
    }

    public static Finding ForeignFactor(Dataset dataset, string column, string function) => Of(
        VerdictCodes.AggArg,
        dataset,
        $"{dataset.SqlName}.{column} is multiplied with a column of another owner, who could choose it so as to read single values",
        $"use columns of one owner in {PlainText.Of(function, MaxNameLength)}",
        ["columns", column, "uses"]);

    public static Finding UnboundedMoment(Dataset dataset, string column, string function) => Of(
        VerdictCodes.AggArg,
        dataset,
        $"sums of products of {dataset.SqlName}.{column} could have more than 37 digits within its declared bounds",
        $"leave out {PlainText.Of(function, MaxNameLength)}, or ask {dataset.Owner} for narrower bounds in the contract",
        ["columns", column, "clamp"]);

    public static Finding JoinColumn(Dataset dataset, string column)
    {
        var alternatives = dataset.Policy.Columns.Where(entry => entry.Value.Uses.Contains(ColumnUse.Join)).Select(entry => entry.Key).ToList();
        return Of(
            VerdictCodes.Join,
            dataset,
            $"{dataset.SqlName}.{column} may not be joined on",
            alternatives.Count == 0 ? $"leave out {dataset.SqlName}, which may not be joined" : $"join {dataset.SqlName} on {List(alternatives)}",
            ["columns", column, "uses"]) with
        {
            Edit = Grant(dataset, column, ColumnUse.Join),
        };
    }

    public static Finding JoinWith(Dataset dataset, Dataset other)
    {
        var finding = Of(
            VerdictCodes.Join,
            dataset,
            $"{dataset.SqlName} may not be joined with datasets of {other.Owner}",
            $"leave out {other.SqlName}, or ask {dataset.Owner} to allow the join in the contract",
            ["join", "with"]);
        return finding with { Edit = RuleEdit.Add(finding.Rules[0], other.Owner) };
    }

    /// <summary>A dataset is read alone that is only read together with another.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="who">Whose dataset must be there.</param>
    /// <param name="word">How the rule names it.</param>
    public static Finding JoinRequired(Dataset dataset, string who, string word)
    {
        var finding = Of(
            VerdictCodes.JoinRequired,
            dataset,
            $"{dataset.SqlName} is only read together with a dataset of {who}",
            $"join a dataset of {who}",
            ["join", "required"]);
        return finding with { Edit = RuleEdit.Remove(finding.Rules[0], word) };
    }

    /// <summary>A dataset of the tier list is read without data of who asks that names its people.</summary>
    public static Finding Overlap(Dataset dataset, string analyst) => Of(
        VerdictCodes.JoinRequired,
        dataset,
        $"{dataset.SqlName} is of tier list: of its people those are listed whom {analyst} has too",
        $"join {dataset.SqlName} on {dataset.Policy.Unit?.Column ?? "its unit column"} with a dataset of {analyst}",
        ["unit"]);

    public static Finding Fanout(Dataset dataset, long product)
    {
        var finding = Of(
            VerdictCodes.Fanout,
            dataset,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{dataset.SqlName} allows {dataset.Policy.Join.MaxFanout} joined rows per person; these tables can make {product}"),
            "join fewer tables with several rows per person",
            ["join", "maxFanout"]);
        return product <= MaxFanout && MomentBounds.AllowFanout(dataset, product) ? finding with { Edit = RuleEdit.Set(finding.Rules[0], product) } : finding;
    }

    public static Finding ProfileMismatch(Dataset dataset, string column, string wanted, string got) => Of(
        VerdictCodes.ProfileMismatch,
        dataset,
        $"{dataset.SqlName}.{column} holds identifiers of profile {wanted}; the other side holds {got}",
        "join columns of the same identifier profile",
        ["columns", column, "normalise"]);

    public static Finding UnitJoin(Dataset dataset) => Of(
        VerdictCodes.UnitJoin,
        dataset,
        $"{dataset.SqlName} is of tier dp, where every protected dataset is joined on its unit column",
        $"join {dataset.SqlName} on {dataset.Policy.Unit?.Column ?? "its unit column"}",
        ["unit"]);

    /// <summary>An answer would go to somebody whom the owner does not name.</summary>
    public static Finding Receiver(PolicyScope scope, Dataset dataset, string receiver)
    {
        var allowed = List([.. dataset.Policy.Receivers.Prepend(dataset.Owner).Distinct(StringComparer.Ordinal)]);
        var finding = Of(
            VerdictCodes.Receiver,
            dataset,
            $"answers from {dataset.SqlName} may not go to {receiver}",
            scope.Receivers.Length > 1 ? $"leave out the receiver {receiver}" : $"name another receiver than {receiver}: {allowed}",
            ["receivers"]);
        return IsKnown(scope, receiver) ? finding with { Edit = RuleEdit.Add(finding.Rules[0], receiver) } : finding;
    }

    /// <summary>Somebody asks whom the owner does not name.</summary>
    public static Finding Analyst(PolicyScope scope, Dataset dataset)
    {
        var finding = Of(
            VerdictCodes.Analyst,
            dataset,
            $"{dataset.SqlName} may not be asked by {scope.Analyst}",
            $"leave out {dataset.SqlName}, or ask {dataset.Owner} to name {scope.Analyst} as analyst in the contract",
            ["analysts"]);
        return IsKnown(scope, scope.Analyst) ? finding with { Edit = RuleEdit.Add(finding.Rules[0], scope.Analyst) } : finding;
    }

    public static Finding UnitParameter(Dataset dataset, string column) => Of(
        VerdictCodes.Template,
        dataset,
        $"a template's parameter is compared with the unit column {dataset.SqlName}.{column}",
        "use a template without a parameter on a unit column",
        ["unit", "column"]);

    private static Finding Of(string code, Dataset dataset, string reason, string change, string[] rule) =>
        new(code, dataset.Owner, reason, change) { Rules = [RulePlace.Of(dataset, rule)] };

    private static bool IsKnown(PolicyScope scope, string collaborator) => scope.Contract.Collaborators.Any(known => known.Id == collaborator);

    private static string Verb(ColumnUse use) => use switch
    {
        ColumnUse.Group => "grouped by",
        ColumnUse.Filter => "filtered by",
        ColumnUse.Join => "joined on",
        ColumnUse.List => "listed",
        ColumnUse.Sum => "added up as",
        ColumnUse.Avg => "averaged over",
        ColumnUse.CountDistinct => "counted by",
        _ => throw new ArgumentOutOfRangeException(nameof(use), "wanted a use of the contract format"),
    };

    private static string List(List<string> names) =>
        string.Join(", ", names.Take(MaxNames)) + (names.Count > MaxNames ? string.Create(CultureInfo.InvariantCulture, $" and {names.Count - MaxNames} more") : string.Empty);

    /// <summary>Returns the grant of a use, or null where no contract may grant it. Spec: contracts/spec/0003 s.3.</summary>
    private static RuleEdit? Grant(Dataset dataset, string column, ColumnUse use)
    {
        if (!dataset.Policy.Columns.TryGetValue(column, out var policy))
        {
            return null;
        }

        var isUnit = dataset.Policy.Unit?.Column == column;
        var isPossible = use switch
        {
            ColumnUse.Group => !isUnit && dataset.Policy.Tier != PolicyTier.List,
            ColumnUse.Filter => !isUnit,
            ColumnUse.Join => policy.Type is not (ColumnType.Boolean or ColumnType.Decimal),
            ColumnUse.Sum or ColumnUse.Avg => !isUnit && dataset.Policy.Tier != PolicyTier.List && policy is { Clamp: not null, Scale: not null }
                && policy.Type is ColumnType.Int32 or ColumnType.Int64 or ColumnType.Decimal,
            ColumnUse.CountDistinct => dataset.Policy.Tier != PolicyTier.List,
            ColumnUse.List => dataset.Policy.Tier == PolicyTier.List,
            _ => false,
        };
        return isPossible ? RuleEdit.Add(RulePlace.Of(dataset, "columns", column, "uses"), WordOf(use)) : null;
    }

    private static string WordOf(ColumnUse use) => use == ColumnUse.CountDistinct ? "count-distinct" : use.ToString().ToLowerInvariant();
}
