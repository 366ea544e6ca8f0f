using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Rules;

/// <summary>An owner's rules for one dataset: contradictions, and the floors that no contract goes under. Spec: contracts/spec/0003.</summary>
internal static class DatasetPolicyRules
{
    /// <summary>The least threshold outside <see cref="Contract.AllowInsecure"/>.</summary>
    private const int FloorMinUnits = 10;

    /// <summary>The largest lifetime cap outside <see cref="Contract.AllowInsecure"/>: a cap that is never reached is none.</summary>
    private const int MaxQueriesLifetime = 1_000_000;

    private const int MaxMinUnits = 1_000_000;
    private const int MaxCells = 1_000_000;
    private const int MaxRowsPerUnit = 10_000_000;
    private const int MaxFanout = 1_000_000_000;
    private const int MaxGroupsPerUnit = 10_000;
    private const int DomainLength = 63;

    /// <summary>The largest epsilon; more protects nobody. Spec: contracts/spec/0014 s.6.</summary>
    private const int MaxEpsilon = 4096;

    /// <summary>The largest delta outside <see cref="Contract.AllowInsecure"/>.</summary>
    private const decimal FloorDelta = 0.000001m;

    public static void Check(Contract contract, Dataset dataset, string path, Findings findings)
    {
        var policy = dataset.Policy;
        findings.Declared(policy.Tier, $"{path}.tier");
        findings.Declared(policy.Approval, $"{path}.approval");
        CheckUnit(dataset, path, findings);
        foreach (var (name, column) in policy.Columns)
        {
            ColumnRules.Check(dataset, name, column, $"{path}.columns[{Names.Show(name)}]", findings);
        }

        CheckTier(policy, path, findings);
        CheckJoin(contract, dataset, $"{path}.join", findings);
        CheckThreshold(contract, policy, $"{path}.threshold", findings);
        if (policy.Dp is { } dp)
        {
            CheckDp(contract, dp, $"{path}.dp", findings);
        }

        CheckAccess(contract, policy.Access, $"{path}.access", findings);
        CollaboratorRules.KnownIds(contract, policy.Receivers, $"{path}.receivers", findings);
        CollaboratorRules.KnownIds(contract, policy.Analysts, $"{path}.analysts", findings);
    }

    private static void CheckUnit(Dataset dataset, string path, Findings findings)
    {
        if (dataset.Policy.Unit is not { } unit)
        {
            return;
        }

        path = $"{path}.unit";
        findings.Require(
            Names.IsLowerName(unit.Domain, DomainLength, "_.-"), $"{path}.domain", "[a-z][a-z0-9_.-]{0,62}", Names.Show(unit.Domain));
        if (dataset.Schema.FirstOrDefault(column => column.Name == unit.Column) is not { } column)
        {
            findings.Add($"{path}.column", "a column of the schema", Names.Show(unit.Column));
            return;
        }

        // A row of nobody would be summed without being counted.
        findings.Require(!column.Nullable, $"{path}.column", "a column that is not nullable", $"{Names.Show(unit.Column)}, which is");
        if (dataset.Policy.Columns.TryGetValue(unit.Column, out var policy))
        {
            findings.Require(
                policy.Uses.Contains(ColumnUse.Join), $"{path}.column", "a column with the use join", $"{Names.Show(unit.Column)} without");
        }
    }

    private static void CheckTier(DatasetPolicy policy, string path, Findings findings)
    {
        findings.Require(policy.Tier != PolicyTier.Dp || policy.Dp is not null, $"{path}.dp", "rules, since the tier is dp", "null");
        findings.Require(policy.Tier == PolicyTier.Dp || policy.Dp is null, $"{path}.dp", "null, since the tier is not dp", "rules");
        findings.Require(policy.Tier != PolicyTier.Dp || policy.Unit is not null, $"{path}.unit", "a unit, since the tier is dp", "null");
        var lists = policy.Columns.Values.Any(column => column.Uses.Contains(ColumnUse.List));
        findings.Require(
            policy.Tier != PolicyTier.List || lists, $"{path}.columns", "a column with the use list, since the tier is list", "none");

        // Rows of people: who is behind them must be known, and who gets them be named.
        findings.Require(policy.Tier != PolicyTier.List || policy.Unit is not null, $"{path}.unit", "a unit, since the tier is list", "null");
        findings.Require(
            policy.Tier != PolicyTier.List || !policy.Receivers.IsEmpty, $"{path}.receivers", "at least one receiver, since the tier is list", "none");
    }

    private static void CheckJoin(Contract contract, Dataset dataset, string path, Findings findings)
    {
        var join = dataset.Policy.Join;
        var named = join.Required.Where(id => id != JoinWords.Analyst).ToList();
        CollaboratorRules.KnownIds(contract, join.With, $"{path}.with", findings);
        CollaboratorRules.KnownIds(contract, named, $"{path}.required", findings);
        findings.Require(
            join.Required.Count(id => id == JoinWords.Analyst) <= 1, $"{path}.required", "each entry once", "analyst several times");
        foreach (var id in named)
        {
            findings.Require(join.With.Contains(id), $"{path}.required", "collaborators that 'with' allows", Names.Show(id));
            findings.Require(id != dataset.Owner, $"{path}.required", "collaborators other than the owner", Names.Show(id));
        }

        findings.Require(
            join.Required.IsEmpty || dataset.Policy.Columns.Values.Any(column => column.Uses.Contains(ColumnUse.Join)),
            $"{path}.required", "a column with the use join, since a join is required", "none");
        findings.InRange(join.MaxRowsPerUnit, 1, MaxRowsPerUnit, $"{path}.maxRowsPerUnit");
        findings.InRange(join.MaxFanout, 1, MaxFanout, $"{path}.maxFanout");
        findings.Require(
            join.MaxFanout >= join.MaxRowsPerUnit,
            $"{path}.maxFanout", $"at least maxRowsPerUnit {join.MaxRowsPerUnit}: below it no query passes", $"{join.MaxFanout}");
    }

    private static void CheckThreshold(Contract contract, DatasetPolicy policy, string path, Findings findings)
    {
        var threshold = policy.Threshold;
        findings.Declared(threshold.History, $"{path}.history");
        if (policy.Unit is null)
        {
            findings.Require(
                threshold.MinUnits == 0, $"{path}.minUnits", "0, since the dataset protects nobody (unit is null)", $"{threshold.MinUnits}");
            findings.Require(
                threshold.DominancePercent is null, $"{path}.dominancePercent", "null, since the unit is null", $"{threshold.DominancePercent}");
        }
        else
        {
            findings.InRange(threshold.MinUnits, contract.AllowInsecure ? 1 : FloorMinUnits, MaxMinUnits, $"{path}.minUnits");
            if (threshold.DominancePercent is { } percent)
            {
                findings.InRange(percent, 1, 100, $"{path}.dominancePercent");
            }
        }

        findings.InRange(threshold.MaxCells, 1, MaxCells, $"{path}.maxCells");
    }

    private static void CheckDp(Contract contract, DpRules dp, string path, Findings findings)
    {
        findings.Declared(dp.Refresh, $"{path}.refresh");
        findings.Require(dp.Epsilon is > 0 and <= MaxEpsilon, $"{path}.epsilon", $"above 0 and at most {MaxEpsilon}", $"{dp.Epsilon}");
        findings.Require(
            dp.MaxEpsilonPerQuery > 0 && dp.MaxEpsilonPerQuery <= dp.Epsilon,
            $"{path}.maxEpsilonPerQuery", $"above 0 and at most epsilon {dp.Epsilon}", $"{dp.MaxEpsilonPerQuery}");
        var limit = contract.AllowInsecure ? 1m : FloorDelta;
        findings.Require(
            dp.Delta > 0 && (contract.AllowInsecure ? dp.Delta < limit : dp.Delta <= limit),
            $"{path}.delta", contract.AllowInsecure ? "above 0 and below 1" : $"above 0 and at most {limit}", $"{dp.Delta}");
        findings.InRange(dp.MaxGroupsPerUnit, 1, MaxGroupsPerUnit, $"{path}.maxGroupsPerUnit");
    }

    private static void CheckAccess(Contract contract, AccessRules access, string path, Findings findings)
    {
        var most = contract.AllowInsecure ? int.MaxValue : MaxQueriesLifetime;
        findings.InRange(access.QueriesLifetime, 1, most, $"{path}.queriesLifetime");
        findings.Require(
            access.QueriesPerDay >= 1 && access.QueriesPerDay <= Math.Max(1, access.QueriesLifetime),
            $"{path}.queriesPerDay", $"from 1 to queriesLifetime {access.QueriesLifetime}", $"{access.QueriesPerDay}");
    }
}
