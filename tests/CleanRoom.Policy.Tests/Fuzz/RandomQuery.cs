using System.Globalization;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Fuzz;

/// <summary>Writes a query of the accepted form that the agency asks, and knows which columns it reads.</summary>
internal sealed class RandomQuery
{
    private static readonly string[] _moments = ["DATE '2026-01-05'", "'2026-02-01'", "TIMESTAMP '2026-01-19 00:00:00'"];

    private readonly Seeded _next;
    private readonly List<Column> _columns = [];
    private readonly List<Dataset> _tables = [];
    private readonly string _from;

    public RandomQuery(Seeded next)
    {
        _next = next;
        var datasets = FuzzContract.Contract.Datasets;
        _tables.Add(datasets[next.Below(3)]);
        if (next.OneIn(2))
        {
            _tables.Add(next.Of(datasets));
        }

        var joined = Join();
        _from = next.Below(3) switch { 0 => Renamed(joined, asCommonTable: true), 1 => Renamed(joined, asCommonTable: false), _ => joined };
        Text = Select();
    }

    /// <summary>Gets the text.</summary>
    public string Text { get; }

    /// <summary>Gets the columns that reach the answer or the choice of its rows.</summary>
    public HashSet<string> Lineage { get; } = new(StringComparer.Ordinal);

    private string Prefix { get; set; } = string.Empty;

    private string Join()
    {
        for (var i = 0; i < _tables.Count; i++)
        {
            var dataset = _tables[i];
            _columns.AddRange(dataset.Schema.Select(column => new Column(
                string.Create(CultureInfo.InvariantCulture, $"t{i}.{(_next.OneIn(3) ? $"\"{column.Name}\"" : column.Name)}"),
                dataset,
                column.Name,
                dataset.Policy.Columns[column.Name])));
        }

        if (_tables.Count == 1)
        {
            return $"{_tables[0].SqlName} t0";
        }

        var hasMail = _tables.All(table => table.Policy.Columns.ContainsKey("email_sha256"));
        var key = hasMail && _next.OneIn(3) ? "email_sha256" : "user_id";
        foreach (var table in _tables)
        {
            Lineage.Add($"{table.SqlName}.{key}");
        }

        var condition = _next.OneIn(2) ? $"t0.{key} = t1.{key}" : $"t1.{key} = t0.{key}";
        return $"{_tables[0].SqlName} t0 {(_next.OneIn(2) ? "INNER " : string.Empty)}JOIN {_tables[1].SqlName.ToUpperInvariant()} AS t1 ON {condition}";
    }

    /// <summary>Puts the tables below a common table or a subquery that gives every column the name of another.</summary>
    private string Renamed(string joined, bool asCommonTable)
    {
        var items = new List<string>();
        for (var i = 0; i < _columns.Count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{_columns[(i + 3) % _columns.Count].Name}_{i}");
            items.Add($"{_columns[i].Text} AS {name}");
            _columns[i] = _columns[i] with { Text = name };
        }

        var inner = $"SELECT {string.Join(", ", items)} FROM {joined}";
        if (!asCommonTable)
        {
            return $"({inner}) s";
        }

        Prefix = $"WITH s AS /* names of others */ ({inner}) ";
        return "s";
    }

    private string Select()
    {
        var groups = Enumerable.Range(0, _next.Below(3)).Select(_ => Group()).OfType<string>().Distinct().ToList();
        var aggregates = Enumerable.Range(0, 1 + _next.Below(4)).Select(_ => Aggregate()).ToList();
        var outputs = groups.Concat(aggregates.Select(Output)).ToList();
        var where = _next.OneIn(2) ? $" WHERE {Filter(2)}" : string.Empty;
        var having = _next.OneIn(4) ? $" HAVING {Having()}" : string.Empty;
        var order = _next.OneIn(3)
            ? string.Create(CultureInfo.InvariantCulture, $" ORDER BY {1 + _next.Below(outputs.Count)}{_next.Of(["", " DESC", " DESC NULLS LAST", " NULLS FIRST"])}")
            : string.Empty;
        var limit = _next.OneIn(4) ? string.Create(CultureInfo.InvariantCulture, $" LIMIT {_next.Below(5)}") : string.Empty;
        var by = groups.Count == 0 ? string.Empty : $" GROUP BY {string.Join(", ", groups)}";
        return $"{Prefix}SELECT {string.Join(", ", outputs)} FROM {_from}{where}{by}{having}{order}{limit}";
    }

    private string? Group()
    {
        if (Pick(ColumnUse.Group) is not { } column)
        {
            return null;
        }

        return column.Policy.Type switch
        {
            ColumnType.Int32 => _next.Of([$"({column.Text} // 10) * 10", $"floor({column.Text} / 20) * 20", $"{column.Text} // 30", $"{column.Text} - {column.Text} % 20"]),
            ColumnType.Timestamp => _next.Of([$"date_trunc('week', {column.Text})", $"date_trunc('month', {column.Text})", $"year({column.Text})", $"isodow({column.Text})"]),
            _ => column.Text,
        };
    }

    private string Filter(int depth)
    {
        if (depth > 0 && _next.OneIn(2))
        {
            return $"({Filter(depth - 1)} {_next.Of(["AND", "OR", "AND NOT", "OR NOT"])} {Filter(depth - 1)})";
        }

        if (Pick(ColumnUse.Filter) is not { } column)
        {
            return $"{_columns.First(one => one.Policy.Uses.Contains(ColumnUse.Filter)).Text} IS NOT NULL";
        }

        return column.Policy.Type switch
        {
            ColumnType.Boolean => _next.Of([column.Text, $"NOT {column.Text}", $"{column.Text} = true"]),
            ColumnType.Int32 => _next.Of([$"{column.Text} >= 20", $"{column.Text} BETWEEN 10 AND 49", $"60 > {column.Text}", $"{column.Text} IS NULL"]),
            ColumnType.Timestamp => $"{column.Text} {_next.Of([">=", "<"])} {_next.Of(_moments)}",
            _ => _next.Of(
                [$"{column.Text} = '{column.Name}1'", $"{column.Text} NOT IN ('{column.Name}0', 'x')", $"{column.Text} IN ('{column.Name}1', '{column.Name}2')", $"{column.Text} IS NULL", $"{column.Text} <> '{column.Name}2'"]),
        };
    }

    private string Aggregate()
    {
        var kind = _next.Below(6);
        return kind switch
        {
            0 => "count(*)",
            1 when Pick(ColumnUse.CountDistinct) is { } column => $"count(DISTINCT {column.Text})",
            2 when Pick(ColumnUse.Sum) is { } column => $"sum({column.Text})",
            3 when Pick(ColumnUse.Avg) is { } column => $"avg({column.Text})",
            4 or 5 => Statistic() ?? "count(*)",
            _ => "count(*)",
        };
    }

    private string? Statistic()
    {
        var name = _next.Of(AggregateFunctions.StatisticNames);
        if (Pick(ColumnUse.Avg) is not { } first)
        {
            return null;
        }

        if (AggregateFunctions.Statistic(name)!.Value.Arity() == 1)
        {
            return $"{name}({first.Text})";
        }

        // Both of one owner.
        return Pick(ColumnUse.Avg, column => column.Dataset.Owner == first.Dataset.Owner) is { } second ? $"{name}({first.Text}, {second.Text})" : null;
    }

    private string Output(string aggregate) => _next.Below(10) switch
    {
        0 => $"{aggregate} / nullif(count(*), 0)",
        1 => $"round({aggregate}, 1)",
        2 => $"coalesce({aggregate}, 0)",
        3 => $"greatest({aggregate}, 2, count(*))",
        4 => $"abs(-{aggregate})",
        5 => $"floor({aggregate} * 1.5)",
        6 => $"nullif({aggregate}, 3) - 1",
        _ => aggregate,
    };

    private string Having() => _next.Below(3) switch
    {
        0 => $"count(*) > {_next.Below(4)}",
        1 => $"{Aggregate()} < 50",
        _ => $"{Aggregate()} IS NOT NULL OR count(*) >= 3",
    };

    private Column? Pick(ColumnUse use, Func<Column, bool>? where = null)
    {
        var fit = _columns.Where(column => column.Policy.Uses.Contains(use) && (where is null || where(column))).ToList();
        if (fit.Count == 0)
        {
            return null;
        }

        var column = _next.Of(fit);
        Lineage.Add($"{column.Dataset.SqlName}.{column.Name}");
        return column;
    }

    private sealed record Column(string Text, Dataset Dataset, string Name, ColumnPolicy Policy);
}
