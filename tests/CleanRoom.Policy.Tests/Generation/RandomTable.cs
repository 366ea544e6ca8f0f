using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;
using CsCheck;

namespace CleanRoom.Policy.Tests.Generation;

/// <summary>Small tables with a column of every type; few different values, so that they meet.</summary>
internal static class RandomTable
{
    private static readonly string[] _texts = ["", "0", "a", "it's", "x\"y", "-- ☃", "a, b); DROP TABLE t"];

    private static readonly string[] _hashes =
    [
        new('0', 64), new('a', 64), new('b', 64), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ];

    private static readonly string[] _uuids =
        ["00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000001", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"];

    private static readonly string[] _moments =
        ["2025-12-31 23:59:59.999999", "2026-01-01 00:00:00", "2026-01-05 12:30:00", "2026-02-28 00:00:00.5"];

    /// <summary>Name, type and scale of every column; two of the names need their quotes.</summary>
    public static ImmutableArray<PlanColumn> Columns { get; } =
    [
        new(0, "id", ColumnType.String, 0), new(0, "n", ColumnType.Int64, 0), new(0, "select", ColumnType.Int32, 0),
        new(0, "flag", ColumnType.Boolean, 0), new(0, "amount", ColumnType.Decimal, 2), new(0, "we\"ird", ColumnType.String, 0),
        new(0, "day", ColumnType.Date, 0), new(0, "at", ColumnType.Timestamp, 0), new(0, "code", ColumnType.Uuid, 0),
        new(0, "hash", ColumnType.Sha256, 0), new(0, "rate", ColumnType.Decimal, 3),
    ];

    /// <summary>Rows of a table.</summary>
    public static Gen<ImmutableArray<CellValue>[]> Rows { get; } =
        Gen.Int[0, 1_000_000].Array[Columns.Length].Select(numbers => Columns.Select((column, i) => Value(column, numbers[i])).ToImmutableArray()).Array[0, 9];

    /// <summary>A literal that a column can be compared with.</summary>
    public static Literal LiteralOf(PlanColumn column, int number) => new(column.Type, Text(column.Type, Some(column, number)));

    /// <summary>The value as SQL.</summary>
    public static string Sql(PlanColumn column, CellValue value) => value switch
    {
        CellValue.Null => "NULL",
        _ => column.Type == ColumnType.Sha256 ? $"from_hex('{value}')" : $"'{value.ToString()!.Replace("'", "''", StringComparison.Ordinal)}'",
    };

    /// <summary>Makes a relation anew with the given rows: one text or two.</summary>
    public static IEnumerable<string> Load(string relation, IReadOnlyCollection<ImmutableArray<CellValue>> rows)
    {
        var columns = Columns.Select(column => $"\"{column.Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\" {StorageType(column)}");
        yield return $"CREATE OR REPLACE TABLE {relation} ({string.Join(", ", columns)})";
        if (rows.Count > 0)
        {
            var values = rows.Select(row => $"({string.Join(", ", row.Select((value, index) => Sql(Columns[index], value)))})");
            yield return $"INSERT INTO {relation} VALUES {string.Join(", ", values)}";
        }
    }

    /// <summary>The type in storage.</summary>
    public static string StorageType(PlanColumn column) => column.Type switch
    {
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Int32 => "INTEGER",
        ColumnType.Int64 => "BIGINT",
        ColumnType.Decimal => $"DECIMAL(18, {column.Scale})",
        ColumnType.String => "VARCHAR",
        ColumnType.Date => "DATE",
        ColumnType.Timestamp => "TIMESTAMP",
        ColumnType.Uuid => "UUID",
        _ => "BLOB",
    };

    /// <summary>Reads a literal's text as a value of the column's type.</summary>
    public static CellValue Parse(PlanColumn column, string text) => column.Type switch
    {
        ColumnType.Boolean => new CellValue.Boolean(text == "true"),
        ColumnType.Int32 or ColumnType.Int64 => new CellValue.Number(BigInteger.Parse(text, CultureInfo.InvariantCulture), 0),
        ColumnType.Decimal => new CellValue.Number(new BigInteger(decimal.Parse(text, CultureInfo.InvariantCulture) * (decimal)BigInteger.Pow(10, column.Scale)), column.Scale),
        ColumnType.Date => new CellValue.Date(DateOnly.Parse(text, CultureInfo.InvariantCulture)),
        ColumnType.Timestamp => new CellValue.Timestamp(DateTime.Parse(text, CultureInfo.InvariantCulture)),
        ColumnType.Uuid => new CellValue.Uuid(Guid.Parse(text)),
        _ => new CellValue.Text(text),
    };

    private static CellValue Value(PlanColumn column, int number) => number % 5 == 0 ? CellValue.Null.Instance : Some(column, number / 5);

    private static CellValue Some(PlanColumn column, int number) => column.Type switch
    {
        ColumnType.Boolean => new CellValue.Boolean(number % 2 == 0),
        ColumnType.Int32 => new CellValue.Number((number % 7) - 3, 0),
        ColumnType.Int64 => new CellValue.Number(number % 6 == 5 ? long.MaxValue : number % 6, 0),
        ColumnType.Decimal when column.Name == "rate" => new CellValue.Number((number % 13) - 6, column.Scale),
        ColumnType.Decimal => new CellValue.Number((number % 9 == 8 ? 999_999_999_999_999_999 : (number % 9) * 125) * (number % 2 == 0 ? 1 : -1), 2),
        ColumnType.String => new CellValue.Text(_texts[number % _texts.Length]),
        ColumnType.Date => new CellValue.Date(DateOnly.FromDateTime(Moment(number))),
        ColumnType.Timestamp => new CellValue.Timestamp(Moment(number)),
        ColumnType.Uuid => new CellValue.Uuid(Guid.Parse(_uuids[number % _uuids.Length])),
        _ => new CellValue.Text(_hashes[number % _hashes.Length]),
    };

    private static DateTime Moment(int number) => DateTime.Parse(_moments[number % _moments.Length], CultureInfo.InvariantCulture);

    private static string Text(ColumnType type, CellValue value) => type == ColumnType.Decimal
        ? value.ToString()!.TrimEnd('0').TrimEnd('.') is { Length: > 0 } digits ? digits : "0"
        : value.ToString()!;
}
