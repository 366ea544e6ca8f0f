using System.Collections.Immutable;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Verdicts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Evaluation;

/// <summary>The owners' rules on which datasets meet, how far rows multiply, who asks and who receives.</summary>
/// <remarks>A conjunction over all owners: each rule of each owner must hold. Spec: contracts/spec/0003 s.5.</remarks>
internal static class DatasetRules
{
    private const string AnalystWord = "analyst";

    /// <summary>Adds every rule that is broken.</summary>
    public static void Check(PolicyScope scope, PlanEvaluator parts, Findings findings)
    {
        var datasets = parts.Tables.Select(scope.Of).Distinct().ToImmutableArray();
        foreach (var dataset in datasets)
        {
            Audience(scope, dataset, findings);
            if (!scope.IsOwn(dataset))
            {
                Joins(scope, dataset, datasets, findings);
                Fanout(scope, parts, dataset, findings);
            }
        }

        Tier(scope, parts, datasets, findings);
    }

    private static void Audience(PolicyScope scope, Dataset dataset, Findings findings)
    {
        if (dataset.Owner != scope.Analyst && !dataset.Policy.Analysts.Contains(scope.Analyst))
        {
            findings.Add(OwnerRules.Analyst(scope, dataset));
        }

        foreach (var receiver in scope.Receivers.Where(id => id != dataset.Owner && !dataset.Policy.Receivers.Contains(id)))
        {
            findings.Add(OwnerRules.Receiver(scope, dataset, receiver));
        }
    }

    private static void Joins(PolicyScope scope, Dataset dataset, ImmutableArray<Dataset> datasets, Findings findings)
    {
        foreach (var other in datasets.Where(other => other.Owner != dataset.Owner && !dataset.Policy.Join.With.Contains(other.Owner)))
        {
            findings.Add(OwnerRules.JoinWith(dataset, other));
        }

        foreach (var word in dataset.Policy.Join.Required)
        {
            var who = word == AnalystWord ? scope.Analyst : word;
            if (who != dataset.Owner && datasets.All(other => other.Owner != who))
            {
                findings.Add(OwnerRules.JoinRequired(dataset, who, word));
            }
        }
    }

    private static void Fanout(PolicyScope scope, PlanEvaluator parts, Dataset dataset, Findings findings)
    {
        var product = Multiplicity(scope, parts);
        if (product > dataset.Policy.Join.MaxFanout)
        {
            findings.Add(OwnerRules.Fanout(dataset, product));
        }
    }

    /// <summary>The most joined rows of one person; 1 for a single table, where a join cannot multiply.</summary>
    private static long Multiplicity(PolicyScope scope, PlanEvaluator parts)
    {
        if (parts.Tables.Count < 2)
        {
            return 1;
        }

        long product = 1;
        for (var i = 0; i < parts.Tables.Count && product < int.MaxValue; i++)
        {
            var dataset = scope.Of(parts.Tables[i]);
            var joined = parts.Joins.SelectMany(join => new[] { join.Left, join.Right }).Where(column => column.Table == i).Select(column => column.Name);
            var unique = dataset.Schema.Where(column => column.Unique).Select(column => column.Name);
            product *= joined.Intersect(unique, StringComparer.Ordinal).Any() ? 1 : dataset.Policy.Join.MaxRowsPerUnit;
        }

        return product;
    }

    private static void Tier(PolicyScope scope, PlanEvaluator parts, ImmutableArray<Dataset> datasets, Findings findings)
    {
        var tiers = datasets.Where(dataset => !scope.IsOwn(dataset)).Select(dataset => dataset.Policy.Tier).Distinct().ToList();
        if (tiers.Contains(PolicyTier.List) && tiers.Count > 1)
        {
            findings.Add(RoomRules.TierMix("datasets of tier list are not joined with datasets of another tier"));
        }

        if (tiers.Contains(PolicyTier.List))
        {
            Overlap(scope, parts, findings);
        }

        if (!tiers.Contains(PolicyTier.Dp))
        {
            return;
        }

        var together = OfOnePerson(parts);
        for (var i = 0; i < parts.Tables.Count; i++)
        {
            if (parts.Tables[i].IsProtected && !together.Contains(i))
            {
                findings.Add(OwnerRules.UnitJoin(scope.Of(parts.Tables[i])));
            }
        }
    }

    /// <summary>A list is an overlap: each dataset's people are met by the asker's own data, by what names them.</summary>
    private static void Overlap(PolicyScope scope, PlanEvaluator parts, Findings findings)
    {
        var tables = Enumerable.Range(0, parts.Tables.Count);
        var byName = parts.Joins.Where(join => Names(join.Left) && Names(join.Right)).ToList();
        var met = JoinedColumns.Reached(tables.Where(IsAskers), byName, column => column.Table);
        foreach (var table in tables.Where(table => !met.Contains(table)))
        {
            findings.Add(OwnerRules.Overlap(scope.Of(parts.Tables[table]), scope.Analyst));
        }

        bool IsAskers(int table) => parts.Tables[table].Owner == scope.Analyst;

        bool Names(PlanColumn column) => IsAskers(column.Table) || IsUnit(parts, column);
    }

    /// <summary>The occurrences whose rows are of the same person as those of the first protected one: joined with it on units, one by one.</summary>
    private static HashSet<int> OfOnePerson(PlanEvaluator parts)
    {
        var onUnit = parts.Joins.Where(join => IsUnit(parts, join.Left) && IsUnit(parts, join.Right)).ToList();
        return JoinedColumns.Reached([parts.Tables.FindIndex(table => table.IsProtected)], onUnit, column => column.Table);
    }

    private static bool IsUnit(PlanEvaluator parts, PlanColumn column) => parts.Tables[column.Table].Unit?.Column == column.Name;
}
