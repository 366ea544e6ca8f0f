using System.Collections.Immutable;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Gate;

/// <summary>What all gates begin and end with: rows of the plan's types, and HAVING, ORDER BY and LIMIT over what may leave.</summary>
internal static class GateRows
{
    /// <summary>Returns the rows, each with the columns of the layout.</summary>
    /// <exception cref="ArgumentException">A row has another number of columns, or a value of another type or a larger scale.</exception>
    public static IEnumerable<ImmutableArray<CellValue>> Checked(
        ImmutableArray<GeneratedColumn> layout, IEnumerable<ImmutableArray<CellValue>> rows) => rows.Select(row =>
        row.Length == layout.Length && row.Zip(layout).All(pair => IsOf(pair.Second, pair.First))
            ? row
            : throw new ArgumentException($"wanted {layout.Length} columns of the plan's types, got others", nameof(rows)));

    /// <summary>Applies HAVING, computes the outputs, orders and limits.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="rows">What may leave: rows that survived the threshold, or that noise was added to.</param>
    public static ReleasedTable Release(QueryPlan plan, IEnumerable<GatedRow> rows)
    {
        var released = rows
            .Where(row => plan.Having is not { } having || row.Satisfies(having) == true)
            .Select(row => (row.Keys, Outputs: plan.Outputs.Select(output => row.Output(output.Expression)).ToImmutableArray()))
            .ToList();
        released.Sort((left, right) => CellOrder.CompareRows(plan.Order, left.Outputs, right.Outputs) is var order and not 0
            ? order
            : CellOrder.CompareKeys(left.Keys, right.Keys));
        var limit = (int)Math.Min(plan.Limit ?? int.MaxValue, plan.MaxRows);
        return new ReleasedTable(
            [.. plan.Outputs.Select(output => new ReleasedColumn(output.Name, output.Expression.CellType))],
            [.. released.Take(limit).Select(row => row.Outputs)]);
    }

    private static bool IsOf(GeneratedColumn column, CellValue value) => column.Kind is GeneratedKind.UnitNumbers or GeneratedKind.ContributorNumbers
        ? value is CellValue.Null or CellValue.People
        : IsOf(column.Type, value);

    private static bool IsOf(CellType type, CellValue value) => value switch
    {
        CellValue.Null => true,
        CellValue.Number number => type.IsNumeric && number.Scale >= 0 && number.Scale <= type.Scale,
        CellValue.Text => type.Type is ColumnType.String or ColumnType.Sha256,
        CellValue.Boolean => type.Type == ColumnType.Boolean,
        CellValue.Date => type.Type == ColumnType.Date,
        CellValue.Timestamp => type.Type == ColumnType.Timestamp,
        CellValue.Uuid => type.Type == ColumnType.Uuid,
        _ => false,
    };
}
