using System.Collections.Immutable;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Generation;

/// <summary>The plan as the engine has to read it: columns of tokens are digests there, whatever the contract's type is.</summary>
/// <remarks>For the SQL alone; verdict, gate and layout are those of the plan itself. Spec: contracts/spec/0007 s.11.</remarks>
public static class RekeyedPlan
{
    /// <summary>Returns the plan with the types of what is stored.</summary>
    /// <param name="plan">A plan of the contract. It neither groups, filters nor lists columns of tokens.</param>
    /// <param name="contract">The contract.</param>
    public static QueryPlan Of(QueryPlan plan, Contract contract)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(contract);
        var datasets = plan.Tables.Select(table => contract.Datasets.First(dataset => dataset.SqlName == table.Dataset)).ToImmutableArray();
        return plan with
        {
            Tables = [.. plan.Tables.Zip(datasets, (table, dataset) => table.Unit is { } unit && IsRekeyed(dataset, unit.Column)
                ? table with { Unit = unit with { Type = ColumnType.Sha256 } }
                : table)],
            Joins = [.. plan.Joins.Select(join => new PlanJoin(Stored(join.Left), Stored(join.Right)))],
            Aggregates = [.. plan.Aggregates.Select(aggregate => aggregate.Column is { } column ? aggregate with { Column = Stored(column) } : aggregate)],
        };

        PlanColumn Stored(PlanColumn column) =>
            IsRekeyed(datasets[column.Table], column.Name) ? column with { Type = ColumnType.Sha256 } : column;

        bool IsRekeyed(Dataset dataset, string column) => RekeyedProfiles.Contains(contract, dataset, column);
    }
}
