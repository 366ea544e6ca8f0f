using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Summaries;

/// <summary>What one collaborator brings, and what it will be able to learn.</summary>
internal static class CollaboratorWords
{
    public static SummarySection Of(Contract contract, Collaborator collaborator)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        var own = contract.Datasets.Where(dataset => dataset.Owner == collaborator.Id).ToList();
        if (own.Count == 0)
        {
            lines.Add($"{collaborator.Id} brings no data.");
        }

        foreach (var dataset in own)
        {
            AddDataset(dataset, lines);
        }

        AddLearns(contract, collaborator.Id, lines);
        return new SummarySection($"{collaborator.Name} ({collaborator.Id})", lines.ToImmutable());
    }

    private static void AddDataset(Dataset dataset, ImmutableArray<string>.Builder lines)
    {
        var policy = dataset.Policy;
        lines.Add($"{dataset.Owner} brings {dataset.SqlName} with the columns {Words.List([.. dataset.Schema.Select(column => column.Name)])}.");
        lines.Add(policy.Unit is { } unit
            ? $"It protects the people in the column {unit.Column}: {Protection(policy)}"
            : "It protects NOBODY: its rows may be read out of answers one by one.");
        foreach (var (use, what) in _useWords)
        {
            var columns = policy.Columns.Where(pair => pair.Value.Uses.Contains(use)).Select(pair => pair.Key).ToList();
            if (columns.Count > 0)
            {
                lines.Add($"{what} {Words.List(columns)}.");
            }
        }

        var unused = policy.Columns.Where(pair => pair.Value.Uses.IsEmpty).Select(pair => pair.Key).ToList();
        if (unused.Count > 0)
        {
            lines.Add($"No query may touch {Words.List(unused)}.");
        }

        var rounded = dataset.Policy.Columns.Where(pair => pair.Value is { Type: ColumnType.Decimal, Scale: not null })
            .Select(pair => $"{pair.Key} ({pair.Value.Scale})").ToList();
        if (rounded.Count > 0)
        {
            lines.Add($"Rounded half-even when they are taken in, to so many digits after the point: {Words.List(rounded)}.");
        }

        lines.Add(
            $"It may be joined with data of {Words.List(policy.Join.With)}"
            + (policy.Join.Required.IsEmpty ? "." : $" and must be joined with data of {Words.List([.. policy.Join.Required.Select(Required)])}."));
        lines.Add($"At most {policy.Access.QueriesLifetime} queries over its life, {policy.Access.QueriesPerDay} a day.");
    }

    private static string Protection(DatasetPolicy policy) => policy.Tier switch
    {
        PolicyTier.Threshold => $"every released row stands for at least {policy.Threshold.MinUnits} of them"
            + (policy.Threshold.History == HistoryRule.Enforce
                ? ". Answers are compared with each other: what would single out fewer is withheld."
                : ". Answers are NOT compared with each other: two of them may single out one person."),
        PolicyTier.Dp => $"answers carry noise, with a total epsilon of {policy.Dp?.Epsilon} and delta of {policy.Dp?.Delta}"
            + (policy.Dp?.Refresh == BudgetRefresh.DatasetVersion ? " for EACH version of the data." : " over the dataset's life."),
        PolicyTier.List => $"answers LIST rows of those whom the asking side has too, if there are at least {policy.Threshold.MinUnits}.",
        _ => "unknown.",
    };

    private static void AddLearns(Contract contract, string id, ImmutableArray<string>.Builder lines)
    {
        var others = contract.Datasets.Where(dataset => dataset.Owner != id).ToList();
        var asks = others.Where(dataset => dataset.Policy.Analysts.Contains(id)).Select(dataset => dataset.SqlName).ToList();
        var receives = others.Where(dataset => dataset.Policy.Receivers.Contains(id)).ToList();
        var computed = receives.Where(dataset => dataset.Policy.Tier != PolicyTier.List).Select(dataset => dataset.SqlName).ToList();
        lines.Add(asks.Count == 0 ? $"{id} may not ask about anybody else's data." : $"{id} may ask about {Words.List(asks)}.");
        lines.Add(receives.Count == 0
            ? $"{id} receives no answer made from anybody else's data."
            : computed.Count == 0
                ? $"{id} receives no numbers made from anybody else's data."
                : $"{id} may receive answers made from {Words.List(computed)}: never a row of them, only what their owners' rules let out.");
        lines.AddRange(receives.Where(dataset => dataset.Policy.Tier == PolicyTier.List).Select(dataset =>
            $"{id} can receive a LIST of people of {dataset.SqlName} whom the asking side has too, with the columns "
            + $"{Words.List([.. dataset.Policy.Columns.Where(pair => pair.Value.Uses.Contains(ColumnUse.List)).Select(pair => pair.Key)])}."));
        lines.Add($"{id} sees the contract, every query's text, every approval and the whole ledger.");
    }

    private static string Required(string word) => word == JoinWords.Analyst ? "whoever asks" : word;

    private static readonly ImmutableArray<(ColumnUse Use, string What)> _useWords =
    [
        (ColumnUse.Group, "Answers may be split by"),
        (ColumnUse.Filter, "Questions may be narrowed by"),
        (ColumnUse.Sum, "Sums may leave of"),
        (ColumnUse.Avg, "Averages may leave of"),
        (ColumnUse.CountDistinct, "Numbers of different values may leave of"),
        (ColumnUse.Join, "Rows may be matched on"),
        (ColumnUse.List, "SINGLE VALUES may leave of"),
    ];
}
