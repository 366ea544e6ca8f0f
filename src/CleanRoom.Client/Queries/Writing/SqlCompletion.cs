using System.Collections.Immutable;
using System.Text.Json;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Queries.Writing;

/// <summary>Suggests what could be written next: the contract's datasets and columns, and the functions and words that a query may have.</summary>
/// <remarks>A suggestion allows nothing and its absence forbids nothing: the room's verdict does. Spec: contracts/spec/0008 s.3, s.5.</remarks>
/// <param name="Start">Where the word that is begun starts; the place itself when none is.</param>
/// <param name="Suggestions">The best first; empty when nothing fits.</param>
public sealed record SqlCompletion(int Start, ImmutableArray<SqlSuggestion> Suggestions)
{
    private const int MostSuggestions = 50;

    /// <summary>The words that can stand between FROM and a dataset's other name.</summary>
    private static readonly ImmutableArray<string> _tablePlaces = ["from", "join"];

    /// <summary>Gets the functions that a query may have. Spec: contracts/spec/0008 s.3, s.5.</summary>
    public static ImmutableArray<string> Functions { get; } =
    [
        "count", "sum", "avg", "var_pop", "var_samp", "variance", "stddev_pop", "stddev_samp", "stddev", "covar_pop", "covar_samp", "corr", "regr_slope",
        "regr_intercept", "regr_r2", "regr_count", "regr_avgx", "regr_avgy", "regr_sxx", "regr_syy", "regr_sxy", "nullif", "coalesce", "abs", "round",
        "floor", "ceil", "ceiling", "greatest", "least", "date_trunc", "datetrunc", "date_part", "datepart", "year", "quarter", "month", "isodow",
    ];

    /// <summary>Gets the words of the language.</summary>
    public static ImmutableArray<string> Keywords { get; } =
    [
        "SELECT", "FROM", "JOIN", "ON", "WHERE", "GROUP BY", "HAVING", "ORDER BY", "LIMIT", "AS", "AND", "OR", "NOT", "IN", "IS NULL", "IS NOT NULL", "BETWEEN",
        "DISTINCT", "WITH", "ASC", "DESC", "NULLS FIRST", "NULLS LAST", "TRUE", "FALSE", "DATE", "TIMESTAMP",
    ];

    /// <summary>Suggests for a place in a text.</summary>
    /// <param name="contract">The contract in force.</param>
    /// <param name="sql">The text so far.</param>
    /// <param name="caret">The place, from 0 to the text's length.</param>
    public static SqlCompletion At(Contract contract, string sql, int caret)
    {
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(sql);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(caret, sql.Length);
        var start = caret;
        while (start > 0 && SqlWords.IsPart(sql[start - 1]))
        {
            start--;
        }

        if (SqlWords.IsText(sql, caret) || (start < caret && char.IsAsciiDigit(sql[start])))
        {
            return new SqlCompletion(caret, []);
        }

        var begun = sql[start..caret];
        var words = SqlWords.Of(sql);
        var tables = TablesOf(contract, words);
        var before = words.LastOrDefault(word => word.End <= start);
        var isAfterPoint = start > 0 && sql[start - 1] == '.' && before.Name is not null && before.End == start - 1;
        var found = isAfterPoint ? Members(contract, tables, before.Name!) : Anything(contract, tables, before); // Not null: asked just before.
        var fitting = found.Where(one => one.Text.StartsWith(begun, StringComparison.OrdinalIgnoreCase) && !one.Text.Equals(begun, StringComparison.OrdinalIgnoreCase))
            .DistinctBy(one => (one.Text, one.Kind));
        return new SqlCompletion(start, [.. fitting.Take(MostSuggestions)]);
    }

    /// <summary>After <c>name.</c>: the columns of the dataset that has the name here, or the datasets of the owner.</summary>
    private static IEnumerable<SqlSuggestion> Members(Contract contract, ImmutableArray<(string Name, Dataset Dataset)> tables, string name) =>
        tables.Where(table => string.Equals(table.Name, name, StringComparison.OrdinalIgnoreCase)).SelectMany(table => Columns(table.Dataset))
            .Concat(contract.Datasets.Where(dataset => string.Equals(dataset.Owner, name, StringComparison.OrdinalIgnoreCase))
                .Select(dataset => new SqlSuggestion(dataset.Name, SqlSuggestionKind.Table, dataset.SqlName)));

    private static IEnumerable<SqlSuggestion> Anything(Contract contract, ImmutableArray<(string Name, Dataset Dataset)> tables, SqlWord before)
    {
        var datasets = contract.Datasets.Select(dataset => new SqlSuggestion(dataset.SqlName, SqlSuggestionKind.Table, string.Empty));
        if (before.Name is not null && _tablePlaces.Any(before.Is))
        {
            return datasets;
        }

        return tables.SelectMany(table => Columns(table.Dataset))
            .Concat(Functions.Select(name => new SqlSuggestion(name, SqlSuggestionKind.Function, string.Empty)))
            .Concat(Keywords.Select(word => new SqlSuggestion(word, SqlSuggestionKind.Keyword, string.Empty)))
            .Concat(tables.Select(table => new SqlSuggestion(table.Name, SqlSuggestionKind.Table, table.Dataset.SqlName)))
            .Concat(datasets);
    }

    private static IEnumerable<SqlSuggestion> Columns(Dataset dataset) => dataset.Schema.Select(column =>
        new SqlSuggestion(column.Name, SqlSuggestionKind.Column, $"{dataset.SqlName}: {Rules(dataset, column.Name)}"));

    private static string Rules(Dataset dataset, string column) => dataset.Policy.Columns.TryGetValue(column, out var rules)
        ? $"{Word(rules.Type)}, {(rules.Uses.IsEmpty ? "no use" : string.Join(", ", rules.Uses.Select(Word)))}"
        : "no rules";

    /// <summary>The datasets in the text, each under its other name, or under its own.</summary>
    private static ImmutableArray<(string Name, Dataset Dataset)> TablesOf(Contract contract, ImmutableArray<SqlWord> words)
    {
        var tables = ImmutableArray.CreateBuilder<(string, Dataset)>();
        for (var i = 0; i + 1 < words.Length; i++)
        {
            if (words[i + 1].Start == words[i].End + 1
                && contract.Datasets.FirstOrDefault(dataset => words[i].Is(dataset.Owner) && words[i + 1].Is(dataset.Name)) is { } found)
            {
                var alias = i + 2 < words.Length && words[i + 2].Is("as") ? i + 3 : i + 2;
                tables.Add((alias < words.Length && IsAlias(words[alias]) ? words[alias].Name : found.Name, found));
                i++;
            }
        }

        return tables.ToImmutable();
    }

    private static bool IsAlias(SqlWord word) => word.IsQuoted || !Keywords.Any(keyword => word.Is(keyword.Split(' ')[0]));

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
