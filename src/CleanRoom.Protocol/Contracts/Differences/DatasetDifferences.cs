using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Differences;

/// <summary>Compares one dataset's schema and its owner's rules.</summary>
internal static class DatasetDifferences
{
    public static void Compare(Dataset before, Dataset after, Changes changes)
    {
        var name = after.SqlName;
        CompareSchema(before, after, changes);
        var (old, now) = (before.Policy, after.Policy);
        CompareUnit(old.Unit, now.Unit, name, changes);
        if (old.Tier != now.Tier)
        {
            changes.Add(
                Strictness(now.Tier) > Strictness(old.Tier) ? ChangeKind.Tightens : ChangeKind.Loosens,
                "policy.tier", $"{after.Owner} moves {name} from the tier {Changes.Word(old.Tier)} to the tier {Changes.Word(now.Tier)}");
        }

        foreach (var (column, policy) in now.Columns)
        {
            if (old.Columns.TryGetValue(column, out var then))
            {
                ColumnDifferences.Compare(then, policy, changes.For(after.Owner, after.Owner, $"datasets[{name}].policy.columns[{column}]"), $"{name}.{column}");
            }
        }

        CompareEntries(before, after, changes);
        CompareJoin(old.Join, now.Join, name, changes);
        CompareThreshold(old.Threshold, now.Threshold, name, changes);
        CompareDp(old.Dp, now.Dp, name, changes);
        changes.Ordered(
            "policy.access.queriesPerDay", $"the queries per day on {name}",
            old.Access.QueriesPerDay, now.Access.QueriesPerDay, ChangeKind.Loosens);
        changes.Ordered(
            "policy.access.queriesLifetime", $"the lifetime cap of queries on {name}",
            old.Access.QueriesLifetime, now.Access.QueriesLifetime, ChangeKind.Loosens);
        changes.Set("policy.receivers", $"those who may receive answers from {name}", old.Receivers, now.Receivers, ChangeKind.Loosens, Changes.Quote);
        changes.Set("policy.analysts", $"those who may ask about {name}", old.Analysts, now.Analysts, ChangeKind.Loosens, Changes.Quote);
        changes.Replaced(
            "policy.approval", $"which queries on {name} it approves",
            old.Approval, now.Approval, now.Approval > old.Approval ? ChangeKind.Loosens : ChangeKind.Tightens, Changes.Word);
    }

    private static void CompareSchema(Dataset before, Dataset after, Changes changes)
    {
        foreach (var column in after.Schema)
        {
            if (before.Schema.FirstOrDefault(one => one.Name == column.Name) is not { } old)
            {
                var unused = after.Policy.Columns.TryGetValue(column.Name, out var policy) && policy.Uses.IsEmpty;
                changes.Add(
                    unused ? ChangeKind.Neutral : ChangeKind.Loosens, "schema", $"{after.Owner} adds the column {column.Name} to {after.SqlName}");
                continue;
            }

            changes.Switched("schema", $"empty values in {after.SqlName}.{column.Name}", old.Nullable, column.Nullable, ChangeKind.Neutral);
            changes.Switched("schema", $"uniqueness of {after.SqlName}.{column.Name}", old.Unique, column.Unique, ChangeKind.Neutral);
        }

        foreach (var gone in before.Schema.Where(old => !after.Schema.Any(one => one.Name == old.Name)))
        {
            changes.Add(ChangeKind.Tightens, "schema", $"{after.Owner} removes the column {gone.Name} from {after.SqlName}");
        }

        var names = after.Schema.Select(column => column.Name).ToList();
        if (before.Schema.Length == names.Count && before.Schema.All(old => names.Contains(old.Name))
            && !before.Schema.Select(column => column.Name).SequenceEqual(names))
        {
            changes.Add(ChangeKind.Neutral, "schema", $"{after.Owner} writes the columns of {after.SqlName} in another order");
        }
    }

    // A column that comes or goes with its rules is said with the schema; here are rules that come or go alone.
    private static void CompareEntries(Dataset before, Dataset after, Changes changes)
    {
        var columns = before.Schema.Select(column => column.Name).Intersect(after.Schema.Select(column => column.Name)).ToList();
        changes.Set(
            "policy.columns", $"the columns of {after.SqlName} that have rules",
            [.. before.Policy.Columns.Keys.Where(Known)], [.. after.Policy.Columns.Keys.Where(Known)], ChangeKind.Loosens, Changes.Quote);

        bool Known(string name) => columns.Contains(name)
            || !before.Schema.Concat(after.Schema).Any(column => column.Name == name);
    }

    private static void CompareUnit(PrivacyUnit? before, PrivacyUnit? after, string name, Changes changes)
    {
        if (before is null && after is not null)
        {
            changes.Add(ChangeKind.Tightens, "policy.unit", $"{name} now protects the people in the column {after.Column}; before it protected nobody");
        }
        else if (before is not null && after is null)
        {
            changes.Add(ChangeKind.Loosens, "policy.unit", $"{name} no longer protects anybody; before it protected the people in the column {before.Column}");
        }
        else if (before is not null && after is not null)
        {
            changes.Replaced("policy.unit.column", $"who is protected in {name}", before.Column, after.Column, ChangeKind.Loosens, Changes.Quote);
            changes.Replaced(
                "policy.unit.domain", $"the domain whose budget {name} shares", before.Domain, after.Domain, ChangeKind.Loosens, Changes.Quote);
        }
    }

    private static void CompareJoin(JoinRules before, JoinRules after, string name, Changes changes)
    {
        changes.Set(
            "policy.join.required", $"those with whose data {name} must be joined", before.Required, after.Required, ChangeKind.Tightens, Changes.Quote);
        changes.Set("policy.join.with", $"those with whose data {name} may be joined", before.With, after.With, ChangeKind.Loosens, Changes.Quote);
        changes.Ordered(
            "policy.join.maxRowsPerUnit", $"the cap of rows per person in {name}", before.MaxRowsPerUnit, after.MaxRowsPerUnit, ChangeKind.Loosens);
        changes.Ordered("policy.join.maxFanout", $"the cap of joined rows per person of {name}", before.MaxFanout, after.MaxFanout, ChangeKind.Loosens);
    }

    private static void CompareThreshold(ThresholdRules before, ThresholdRules after, string name, Changes changes)
    {
        changes.Ordered("policy.threshold.minUnits", $"the threshold of {name}", before.MinUnits, after.MinUnits, ChangeKind.Tightens, " people");
        changes.Optional(
            "policy.threshold.dominancePercent", $"the dominance rule of {name}",
            before.DominancePercent, after.DominancePercent, ChangeKind.Tightens, ChangeKind.Tightens, " percent");
        changes.Switched(
            "policy.threshold.history", $"the history audit of {name}",
            before.History == HistoryRule.Enforce, after.History == HistoryRule.Enforce, ChangeKind.Tightens);
        changes.Ordered("policy.threshold.maxCells", $"the number of cells that {name} may offer", before.MaxCells, after.MaxCells, ChangeKind.Loosens);
    }

    private static void CompareDp(DpRules? before, DpRules? after, string name, Changes changes)
    {
        if (before is null || after is null)
        {
            if (after is not null)
            {
                changes.Add(ChangeKind.Tightens, "policy.dp", $"{name} gets a differential-privacy budget of epsilon {after.Epsilon}");
            }
            else if (before is not null)
            {
                changes.Add(ChangeKind.Loosens, "policy.dp", $"{name} loses its differential-privacy budget of epsilon {before.Epsilon}");
            }

            return;
        }

        changes.Ordered("policy.dp.epsilon", $"the lifetime epsilon of {name}", before.Epsilon, after.Epsilon, ChangeKind.Loosens);
        changes.Ordered("policy.dp.delta", $"the delta of {name}", before.Delta, after.Delta, ChangeKind.Loosens);
        changes.Ordered(
            "policy.dp.maxEpsilonPerQuery", $"the epsilon per query of {name}", before.MaxEpsilonPerQuery, after.MaxEpsilonPerQuery, ChangeKind.Loosens);
        changes.Ordered(
            "policy.dp.maxGroupsPerUnit", $"the groups per person of {name}", before.MaxGroupsPerUnit, after.MaxGroupsPerUnit, ChangeKind.Neutral);
        changes.Replaced(
            "policy.dp.refresh", $"when the budget of {name} begins anew", before.Refresh, after.Refresh,
            after.Refresh == BudgetRefresh.None ? ChangeKind.Tightens : ChangeKind.Loosens, Changes.Word);
    }

    // An exact list gives away most, noise least.
    private static int Strictness(PolicyTier tier) => tier switch
    {
        PolicyTier.List => 0,
        PolicyTier.Threshold => 1,
        PolicyTier.Dp => 2,
        _ => -1,
    };
}
