using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Privacy.Bounding;

namespace CleanRoom.Policy.Tests.Generation;

/// <summary>What the generated SQL of a dp plan gives, by the reference of the privacy package over rows found without SQL.</summary>
internal sealed class ReferenceBounding(QueryPlan plan, IReadOnlyDictionary<string, ImmutableArray<CellValue>[]> tables, ImmutableArray<byte> salt)
    : ReferenceRows(plan, tables, tables.ToDictionary(pair => pair.Key, _ => RandomTable.Columns.Select(column => column.Name).ToImmutableArray()))
{
    private readonly ContributionBounds _bounds = new()
    {
        MaxGroups = plan.Noise!.MaxGroupsPerUnit, MaxRowsPerUnit = plan.Noise.MaxRowsPerUnit, Salt = salt,
    };

    /// <summary>Returns the rows: keys and exact numbers, each value as text.</summary>
    public List<string> Rows()
    {
        var rows = Groups().SelectMany(group => group).Where(row => UnitOf(Plan.Noise!.UnitTable, row) is not CellValue.Null).ToList();
        var names = rows.GroupBy(GroupText, StringComparer.Ordinal).ToDictionary(
            group => group.Key, group => Plan.Groups.Select(key => Key(key, group.First()).ToString()!).ToList(), StringComparer.Ordinal);
        if (Plan.Groups.IsEmpty)
        {
            names.TryAdd(string.Empty, []);
        }

        var kept = ContributionBounding.Units(Bounded(rows, null), _bounds);
        var values = NoisyValues.Of(Plan).Select(value => Answer(value, rows)).ToList();
        return [.. names.Where(name => Plan.Groups.IsEmpty || kept.ContainsKey(name.Key))
            .Select(name => string.Join(" | ", name.Value.Concat(values.Select(value => value.GetValueOrDefault(name.Key).ToString(CultureInfo.InvariantCulture)))))
            .Order(StringComparer.Ordinal)];
    }

    private IReadOnlyDictionary<string, BigInteger> Answer(NoisyValue value, List<ImmutableArray<CellValue>[]> rows)
    {
        var column = value.Aggregate < 0 ? null : Plan.Aggregates[value.Aggregate].Column;
        var bounded = Bounded(rows, column);
        var clamp = value.Aggregate < 0 ? null : Plan.Noise!.Clamps[value.Aggregate];
        return value.Kind switch
        {
            NoisyKind.Units => ContributionBounding.Units(bounded, _bounds),
            NoisyKind.Rows => ContributionBounding.Rows(bounded, _bounds),
            NoisyKind.Distinct => ContributionBounding.Distinct(bounded, _bounds),
            NoisyKind.Sum => ContributionBounding.Sum(bounded, _bounds, clamp!.Lower, clamp.Upper),
            NoisyKind.Numerator => ContributionBounding.AverageNumerator(bounded, _bounds, clamp!.Lower, clamp.Upper),
            _ => ContributionBounding.AverageDenominator(bounded, _bounds),
        };
    }

    private List<BoundedRow> Bounded(List<ImmutableArray<CellValue>[]> rows, PlanColumn? column) => [.. rows.Select(row =>
    {
        var value = column is null ? CellValue.Null.Instance : Value(row, column);
        return new BoundedRow(UnitOf(Plan.Noise!.UnitTable, row).ToString()!, GroupText(row), value is CellValue.Number number ? (Int128)number.Unscaled : null)
        {
            Item = value is CellValue.Null ? null : value.ToString()!,
        };
    })];

    private string GroupText(ImmutableArray<CellValue>[] row) => string.Join(',', Plan.Groups.Select(key => Key(key, row) is var value and not CellValue.Null
        ? Convert.ToHexStringLower(Encoding.UTF8.GetBytes(value.ToString()!))
        : "-"));
}
