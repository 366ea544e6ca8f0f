using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Results;

/// <summary>Groups that the contract names and an answer does not have: withheld, or empty. Which of the two, nobody can tell, and that is meant.</summary>
/// <param name="Column">The answer's column.</param>
/// <param name="Values">The values that the contract lists and no row has.</param>
public sealed record AbsentGroups(string Column, ImmutableArray<string> Values)
{
    private const string Group = "group";

    /// <summary>Compares an answer with the domains of the columns that it is grouped by.</summary>
    /// <param name="table">The answer.</param>
    /// <param name="verdict">The verdict that it was given under: its lineage says which column became which.</param>
    /// <param name="contract">The contract.</param>
    public static ImmutableArray<AbsentGroups> Of(ArrowTable table, Verdict verdict, Contract contract)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(verdict);
        ArgumentNullException.ThrowIfNull(contract);
        var absent = ImmutableArray.CreateBuilder<AbsentGroups>();
        foreach (var edge in verdict.Lineage.Where(edge => edge.Operation == Group).DistinctBy(edge => edge.Output))
        {
            var column = table.Columns.IndexOf(edge.Output);
            var policy = contract.Datasets.FirstOrDefault(dataset => dataset.SqlName == edge.Dataset)?.Policy.Columns.GetValueOrDefault(edge.Column);
            if (column < 0 || policy?.Domain?.Values is not { IsDefaultOrEmpty: false } values)
            {
                continue;
            }

            var there = table.Rows.Select(row => row[column]).ToHashSet(StringComparer.Ordinal);
            if (values.Where(value => !there.Contains(value)).ToImmutableArray() is { IsEmpty: false } missing)
            {
                absent.Add(new AbsentGroups(edge.Output, missing));
            }
        }

        return absent.ToImmutable();
    }
}
