using System.Collections.Immutable;
using CleanRoom.Datasets.Problems;
using CleanRoom.Datasets.Source;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Check;

/// <summary>A contract's dataset matched with the columns of a table.</summary>
/// <param name="Rules">The rules in the contract's order.</param>
/// <param name="Places">Where each column stands in the table.</param>
/// <param name="UnitColumn">The unit's place among the rules; -1 without a unit.</param>
/// <param name="MaxRowsPerUnit">The contract's bound.</param>
/// <param name="Keyer">Keys the values of this check.</param>
/// <param name="Fingerprint">Keys the rows of this check.</param>
internal sealed record DatasetPlan(
    ImmutableArray<ColumnRule> Rules, ImmutableArray<int> Places, int UnitColumn, int MaxRowsPerUnit, CellKeyer Keyer, RowFingerprint Fingerprint)
{
    /// <summary>Matches by column name: order is free, a missing or an unknown column is not.</summary>
    /// <returns>Null when they do not match; then the log has every reason.</returns>
    public static DatasetPlan? Create(SourceTable table, Dataset contract, ProblemLog log)
    {
        var keyer = new CellKeyer();
        var rules = ImmutableArray.CreateBuilder<ColumnRule>(contract.Schema.Length);
        var places = ImmutableArray.CreateBuilder<int>(contract.Schema.Length);
        var schema = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in contract.Schema)
        {
            if (!schema.Add(column.Name) || !contract.Policy.Columns.TryGetValue(column.Name, out var policy))
            {
                log.Add(Unusable(column.Name, "one schema entry and one policy entry for a column"));
                continue;
            }

            var (rule, problem) = ColumnRule.Create(column, policy, keyer);
            var place = table.Columns.IndexOf(column.Name);
            if (place < 0)
            {
                problem ??= DatasetProblem.OfColumn(ProblemKind.ColumnMissing, column.Name, "the column of the contract", "no such column");
            }
            else if (table.IsBinary(place) && policy.Type is not (ColumnType.Sha256 or ColumnType.Uuid))
            {
                problem ??= DatasetProblem.OfColumn(ProblemKind.WrongType, column.Name, "a column of values", "bytes without a meaning");
            }

            if (problem is not null || rule is null)
            {
                log.Add(problem ?? Unusable(column.Name, "a column rule"));
                continue;
            }

            rules.Add(rule);
            places.Add(place);
        }

        foreach (var name in table.Columns.Where(name => !schema.Contains(name)))
        {
            log.Add(DatasetProblem.OfColumn(ProblemKind.ColumnUnknown, name, "only columns of the contract", "another column"));
        }

        var unit = contract.Policy.Unit is { } declared ? contract.Schema.Select(column => column.Name).ToList().IndexOf(declared.Column) : -1;
        if (contract.Schema.IsEmpty || (contract.Policy.Unit is { } missing && unit < 0 && log.IsEmpty))
        {
            log.Add(Unusable(contract.Policy.Unit?.Column ?? contract.Name, "a schema with the unit column"));
        }

        return log.IsEmpty
            ? new DatasetPlan(rules.MoveToImmutable(), places.MoveToImmutable(), unit, contract.Policy.Join.MaxRowsPerUnit, keyer, new RowFingerprint(contract.Schema.Length))
            : null;
    }

    private static DatasetProblem Unusable(string column, string wanted) =>
        DatasetProblem.OfColumn(ProblemKind.ContractUnusable, column, wanted, "a contract that says otherwise");
}
