using System.Diagnostics;
using CleanRoom.Benchmarks.Measures;
using CleanRoom.Benchmarks.Ratios;
using CleanRoom.Benchmarks.Rooms;
using CleanRoom.Benchmarks.Running;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Benchmarks.Explain;

/// <summary>What the room says of a question beside DuckDB's EXPLAIN of the same text over empty tables of the same columns.</summary>
internal static class ExplainRatios
{
    private const double Goal = 5;
    private const int Rounds = 51;

    /// <summary>Gets the measures.</summary>
    public static RatioSuite Suite { get; } = new("explain", TakeAsync);

    private static async IAsyncEnumerable<Ratio> TakeAsync(Choice choice)
    {
        using var plain = new PlainEngine();
        foreach (var owner in ExplainMeasures.Contract.Datasets.Select(dataset => dataset.Owner).Distinct())
        {
            plain.Execute($"CREATE SCHEMA {owner}");
        }

        foreach (var dataset in ExplainMeasures.Contract.Datasets)
        {
            plain.Execute($"CREATE TABLE {dataset.SqlName} ({string.Join(", ", dataset.Schema.Select(column => $"{column.Name} {TypeOf(dataset.Policy.Columns[column.Name])}"))})");
        }

        foreach (var (name, sql, explain) in ExplainMeasures.Texts().Where(text => choice.Wants($"explain/{text.Name}")))
        {
            yield return await Ratio.TakeAsync(
                new RatioMeasure($"explain/{name}", "DuckDB's EXPLAIN in this process", Goal, () => Task.FromResult(TimeOf(explain)), () => Task.FromResult(ExplainPlain(plain, sql)))
                {
                    Rounds = Rounds,
                },
                choice);
        }
    }

    private static TimeSpan TimeOf(Action action)
    {
        var began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began);
    }

    private static TimeSpan ExplainPlain(PlainEngine plain, string sql)
    {
        var (rows, took) = plain.Ask($"EXPLAIN {sql}");
        Outcome.Require(rows.Count == 1 && rows[0][1].Contains("HASH_JOIN", StringComparison.Ordinal), "EXPLAIN");
        return took;
    }

    private static string TypeOf(ColumnPolicy column) => column.Type switch
    {
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Int32 => "INTEGER",
        ColumnType.Int64 => "BIGINT",
        ColumnType.Decimal => FormattableString.Invariant($"DECIMAL(18, {column.Scale})"),
        ColumnType.String => "VARCHAR",
        ColumnType.Date => "DATE",
        ColumnType.Timestamp => "TIMESTAMP",
        ColumnType.Uuid => "UUID",
        ColumnType.Sha256 => "BLOB",
        _ => throw new InvalidOperationException($"wanted a type of a contract; got {column.Type}"),
    };
}
