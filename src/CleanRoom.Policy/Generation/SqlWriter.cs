using System.Diagnostics;
using System.Globalization;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Generation;

/// <summary>Writes the parts of a plan as SQL. Names and literals of a plan are data here, never text.</summary>
internal static class SqlWriter
{
    private static readonly string[] _noHash =
        [new('0', 64), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"];

    /// <summary>A column.</summary>
    public static string Column(PlanColumn column) => Column(column.Table, column.Name);

    /// <summary>A column of a table.</summary>
    public static string Column(int table, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"t{table}.{SqlName.Identifier(name)}");

    /// <summary>A literal that a column is compared with, of the column's type.</summary>
    public static string Literal(PlanColumn column, Literal literal) => literal.Type switch
    {
        ColumnType.Boolean => literal.Text == "true" ? "TRUE" : "FALSE",
        ColumnType.Int32 or ColumnType.Int64 =>
            $"CAST({SqlName.Text(literal.Text)} AS {(int.TryParse(literal.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? "INTEGER" : "BIGINT")})",
        ColumnType.Decimal => string.Create(CultureInfo.InvariantCulture, $"CAST({SqlName.Text(literal.Text)} AS DECIMAL(18, {column.Scale}))"),
        ColumnType.String => SqlName.Text(literal.Text),
        ColumnType.Date => $"CAST({SqlName.Text(literal.Text)} AS DATE)",
        ColumnType.Timestamp => $"CAST({SqlName.Text(literal.Text)} AS TIMESTAMP)",
        ColumnType.Uuid => $"CAST({SqlName.Text(literal.Text)} AS UUID)",
        ColumnType.Sha256 => $"from_hex({SqlName.Text(literal.Text)})",
        _ => throw new ArgumentOutOfRangeException(nameof(literal), "wanted a type of the contract format"),
    };

    /// <summary>A condition on rows.</summary>
    public static string Filter(PlanFilter filter) => filter switch
    {
        PlanFilter.And and => "(" + string.Join(" AND ", and.Items.Select(Filter)) + ")",
        PlanFilter.Or or => "(" + string.Join(" OR ", or.Items.Select(Filter)) + ")",
        PlanFilter.Not not => $"(NOT {Filter(not.Item)})",
        PlanFilter.Compare compare => $"({Column(compare.Column)} {compare.Operator.Symbol()} {Literal(compare.Column, compare.Value)})",
        PlanFilter.In within =>
            $"({Column(within.Column)} {(within.Negated ? "NOT IN" : "IN")} ({string.Join(", ", within.Values.Select(value => Literal(within.Column, value)))}))",
        PlanFilter.IsNull absent => $"({Column(absent.Column)} IS {(absent.Negated ? "NOT " : string.Empty)}NULL)",
        _ => throw new UnreachableException(),
    };

    /// <summary>A group key.</summary>
    public static string Key(GroupKey key) => key switch
    {
        GroupKey.Whole { Column.Type: ColumnType.Sha256 } => $"lower(hex({Column(key.Column)}))",
        GroupKey.Whole => Column(key.Column),
        GroupKey.Truncated truncated =>
            $"CAST(date_trunc({SqlName.Text(truncated.Grain.ToString().ToLowerInvariant())}, {Column(key.Column)}) AS TIMESTAMP)",
        GroupKey.Band band => string.Create(
            CultureInfo.InvariantCulture, $"(({Column(key.Column)} // {band.Width}) * {band.Width})"),
        GroupKey.BandNumber band => string.Create(CultureInfo.InvariantCulture, $"({Column(key.Column)} // {band.Width})"),
        GroupKey.Part part => $"CAST({part.Of.ToString().ToLowerInvariant()}({Column(key.Column)}) AS BIGINT)",
        _ => throw new UnreachableException(),
    };

    /// <summary>A measure as an exact number, whatever the file's type was.</summary>
    public static string Measure(PlanColumn column) => column.Type == ColumnType.Decimal
        ? string.Create(CultureInfo.InvariantCulture, $"CAST({Column(column)} AS DECIMAL(18, {column.Scale}))")
        : $"CAST({Column(column)} AS BIGINT)";

    /// <summary>The rows that count for an aggregate: every argument has a value.</summary>
    public static string Present(PlanAggregate aggregate) =>
        string.Join(" AND ", aggregate.Columns.Select(column => $"{Column(column)} IS NOT NULL"));

    /// <summary>A sum that a statistic is computed from.</summary>
    public static string Moment(PlanAggregate aggregate, Moment moment)
    {
        var filter = $"FILTER (WHERE {Present(aggregate)})";
        return moment switch
        {
            Plans.Moment.Count => $"count(*) {filter}",
            Plans.Moment.First => $"sum({Whole(aggregate.Column!)}) {filter}",
            Plans.Moment.Second => $"sum({Whole(aggregate.Second!)}) {filter}",
            Plans.Moment.FirstSquared => $"sum({Whole(aggregate.Column!)} * {Whole(aggregate.Column!)}) {filter}",
            Plans.Moment.SecondSquared => $"sum({Whole(aggregate.Second!)} * {Whole(aggregate.Second!)}) {filter}",
            Plans.Moment.Product => $"sum({Whole(aggregate.Column!)} * {Whole(aggregate.Second!)}) {filter}",
            _ => throw new ArgumentOutOfRangeException(nameof(moment)),
        };
    }

    /// <summary>A measure as an integer, in units of its last digit: the product of two of them has no digits to lose.</summary>
    public static string Whole(PlanColumn column) => column.Type == ColumnType.Decimal
        ? $"CAST({Measure(column)} * CAST(1{new string('0', column.Scale)} AS DECIMAL(19, 0)) AS HUGEINT)"
        : $"CAST({Measure(column)} AS HUGEINT)";

    /// <summary>The unit, or NULL for values that stand for nobody.</summary>
    /// <remarks>Spec: contracts/spec/0003 s.4.</remarks>
    public static string Unit(int table, PlanUnit unit)
    {
        var column = Column(table, unit.Column);
        var nobody = unit.Type switch
        {
            ColumnType.Int32 or ColumnType.Int64 or ColumnType.Decimal => "0",
            ColumnType.String => string.Join(", ", new[] { string.Empty, "0" }.Concat(_noHash).Select(SqlName.Text)),
            ColumnType.Sha256 => string.Join(", ", _noHash.Select(hash => $"from_hex({SqlName.Text(hash)})")),
            ColumnType.Uuid => "CAST('00000000-0000-0000-0000-000000000000' AS UUID)",
            ColumnType.Boolean or ColumnType.Date or ColumnType.Timestamp => null,
            _ => throw new ArgumentOutOfRangeException(nameof(unit), "wanted a type of the contract format"),
        };
        return nobody is null ? column : $"CASE WHEN {column} NOT IN ({nobody}) THEN {column} END";
    }
}
