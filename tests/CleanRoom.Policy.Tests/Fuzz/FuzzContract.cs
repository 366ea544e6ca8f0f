using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Fuzz;

/// <summary>The media contract with small thresholds, the p%-rule and more uses, and records for it that any numbers make.</summary>
internal static class FuzzContract
{
    /// <summary>Gets the contract.</summary>
    public static Contract Contract { get; } = Examples.MediaWith(json =>
    {
        for (var i = 0; i < 4; i++)
        {
            json.Policy(i)["threshold"]!.Set("minUnits", i == 2 ? "3" : "2");
        }

        json.Policy(1)["threshold"]!.Set("dominancePercent", "5");
        json.Column(0, "age").Set("uses", """["group", "filter", "sum", "avg", "count-distinct"]""");
        json.Column(0, "age").Set("grain", "\"10\"");
        json.Column(0, "age").Set("clamp", """{"min":"0","max":"120"}""");
        json.Column(0, "age").Set("scale", "0");
        json.Column(0, "vip").Set("uses", """["group", "filter"]""");
    });

    /// <summary>Gets the names of every dataset's columns.</summary>
    public static IReadOnlyDictionary<string, ImmutableArray<string>> Columns { get; } = Contract.Datasets.ToDictionary(
        dataset => dataset.SqlName, dataset => dataset.Schema.Select(column => column.Name).ToImmutableArray(), StringComparer.Ordinal);

    /// <summary>Returns records: a row for every number, its values drawn from that number.</summary>
    public static Dictionary<string, ImmutableArray<CellValue>[]> Records(Seeded numbers, int most) => Contract.Datasets.ToDictionary(
        dataset => dataset.SqlName,
        dataset => Enumerable.Range(0, numbers.Below(most + 1))
            .Select(_ => dataset.Schema.Select(column => Value(dataset, column.Name, numbers)).ToImmutableArray()).ToArray(),
        StringComparer.Ordinal);

    /// <summary>Returns a value that the column may hold.</summary>
    public static CellValue Value(Dataset dataset, string column, Seeded numbers)
    {
        var policy = dataset.Policy.Columns[column];
        var number = numbers.Below(100_000);
        if (column == dataset.Policy.Unit!.Column)
        {
            return new CellValue.Text(number % 11 == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"u{number % 7}"));
        }

        return policy.Type switch
        {
            _ when number % 6 == 0 && column != "ts" => CellValue.Null.Instance,
            ColumnType.Boolean => new CellValue.Boolean(number % 2 == 0),
            ColumnType.Int32 => new CellValue.Number(number % 80, 0),
            ColumnType.Decimal => new CellValue.Number(number % 997, policy.Scale!.Value),
            ColumnType.Timestamp => new CellValue.Timestamp(new DateTime(2025, 12, 28).AddHours(number % 2_000)),
            ColumnType.Sha256 => new CellValue.Text(new string("abc"[number % 3], 64)),
            _ => new CellValue.Text(string.Create(CultureInfo.InvariantCulture, $"{column}{number % 3}")),
        };
    }
}
