using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Verdicts;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Privacy.Numerics;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Evaluation;

/// <summary>Decides how a query of the dp tier is bounded and blurred, from the strictest of the owners' rules, or says why it cannot be.</summary>
/// <remarks>Spec: contracts/spec/0003 s.5 and 0014.</remarks>
internal static class NoisePlanner
{
    /// <summary>The most combinations of public values that always appear; beyond it groups are chosen like private ones.</summary>
    private const int MaxPublicGroups = 10_000;

    /// <summary>The largest integer of a document.</summary>
    private const long MaxAttoDelta = (1L << 53) - 1;

    /// <summary>Returns the noise of a plan; null in the threshold tier, and when a finding says why there is none.</summary>
    public static PlanNoise? Plan(PolicyScope scope, PlanEvaluator parts, Findings findings)
    {
        var datasets = parts.Tables.Select(scope.Of).Distinct().Where(dataset => !scope.IsOwn(dataset) && dataset.Policy.Tier == PolicyTier.Dp).ToList();
        if (datasets.Count == 0)
        {
            return null;
        }

        foreach (var aggregate in parts.Aggregates.Where(aggregate => aggregate.Function.IsStatistic()))
        {
            findings.Add(RoomRules.AggFnInDp(aggregate.Function.Word()));
        }

        var budgets = Budgets(datasets, findings);
        // An owner of the tier threshold is promised a number of people behind every row: with one, no group appears for its keys alone.
        var isBlurredAlone = parts.Tables.Where(table => table.IsProtected).All(table => scope.Of(table).Policy.Tier == PolicyTier.Dp);
        var publicGroups = isBlurredAlone ? PublicGroups(scope, parts) : null;
        if (publicGroups is not null && parts.Aggregates.Count == 0)
        {
            findings.Add(RoomRules.NoNumberInDp());
        }

        if (findings.Any || budgets.Count == 0)
        {
            return null;
        }

        var nanoRho = budgets.Min(budget => budget.MaxNanoRhoPerQuery);
        var attoDelta = publicGroups is null ? budgets.Min(budget => DeltaShare(budget, nanoRho)) : 0;
        if (publicGroups is null && attoDelta < 1)
        {
            findings.Add(RoomRules.TooSmallBudget("the owners' delta is too small to choose among groups that are not public"));
            return null;
        }

        return new PlanNoise
        {
            UnitTable = parts.Tables.FindIndex(table => table.IsProtected),
            MaxGroupsPerUnit = parts.Groups.Count == 0 ? 1 : datasets.Min(dataset => dataset.Policy.Dp!.MaxGroupsPerUnit),
            MaxRowsPerUnit = MaxRows(scope, parts, datasets),
            NanoRho = nanoRho,
            AttoDelta = attoDelta,
            MinUnits = publicGroups is null ? parts.Tables.Max(table => table.MinUnits) : 1,
            PublicGroups = publicGroups,
            Clamps = [.. parts.Aggregates.Select(aggregate => Clamp(scope, parts, aggregate))],
        };
    }

    private static List<PrivacyBudget> Budgets(List<Dataset> datasets, Findings findings)
    {
        var budgets = new List<PrivacyBudget>();
        foreach (var dataset in datasets)
        {
            var budget = PrivacyBudget.From(dataset.Policy.Dp!);
            if (budget.IsAccepted)
            {
                budgets.Add(budget.Value);
            }
            else
            {
                findings.Add(RoomRules.TooSmallBudget($"the budget of {dataset.SqlName} cannot be spent: wanted {budget.Refusals[0].Wanted}"));
            }
        }

        return budgets;
    }

    /// <summary>So many queries as rho allows, each with the same part of delta: both end together.</summary>
    private static long DeltaShare(PrivacyBudget budget, long nanoRho) =>
        Math.Min(MaxAttoDelta, budget.Total.AttoDelta / Math.Max(1, budget.Total.NanoRho / nanoRho));

    /// <summary>M: the most joined rows of a person by what every upload was held to. It is enforced again on the rows, so it may be any number.</summary>
    private static int MaxRows(PolicyScope scope, PlanEvaluator parts, List<Dataset> datasets)
    {
        BigInteger product = 1;
        for (var i = 0; i < parts.Tables.Count; i++)
        {
            var dataset = scope.Of(parts.Tables[i]);
            var joined = parts.Joins.SelectMany(join => new[] { join.Left, join.Right }).Where(column => column.Table == i).Select(column => column.Name);
            var unit = dataset.Policy.Unit?.Column;
            var unique = dataset.Schema.Where(column => column.Unique).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
            product *= joined.Append(unit).OfType<string>().Any(unique.Contains) ? 1 : dataset.Policy.Join.MaxRowsPerUnit;
        }

        return (int)BigInteger.Min(product, datasets.Min(dataset => dataset.Policy.Join.MaxFanout));
    }

    private static PlanClamp? Clamp(PolicyScope scope, PlanEvaluator parts, PlanAggregate aggregate)
    {
        if (aggregate is not { Function: AggregateFunction.Sum or AggregateFunction.Average, Column: { } column }
            || scope.Of(parts.Tables[column.Table]).Policy.Columns[column.Name].Clamp is not { } clamp)
        {
            return null;
        }

        return new PlanClamp(Scaled(clamp.Min, column.Scale), Scaled(clamp.Max, column.Scale));
    }

    /// <summary>A bound in units of the last digit. The contract's rules give it no more digits than the column has.</summary>
    private static Int128 Scaled(decimal bound, int scale)
    {
        var scaled = Rational.FromDecimal(bound) * BigInteger.Pow(10, scale);
        return (Int128)(scaled.Numerator / scaled.Denominator);
    }

    /// <summary>The declared values of all keys, when every key's values are public and not too many; else null.</summary>
    private static ImmutableArray<ImmutableArray<Literal>>? PublicGroups(PolicyScope scope, PlanEvaluator parts)
    {
        var domains = parts.Groups.Select(group => Values(scope.Of(parts.Tables[group.Column.Table]).Policy.Columns[group.Column.Name], group)).ToList();
        return domains.Contains(null) || domains.Aggregate(BigInteger.One, (product, domain) => product * domain!.Value.Length) > MaxPublicGroups
            ? null
            : [.. domains.Select(domain => domain!.Value)];
    }

    private static ImmutableArray<Literal>? Values(ColumnPolicy policy, GroupKey group)
    {
        if (!policy.Public)
        {
            return null;
        }

        var type = group.Column.Type;
        return (group, policy.Domain) switch
        {
            (GroupKey.Whole { Column.Type: not ColumnType.Decimal }, { Values: { IsDefaultOrEmpty: false } values }) => [.. values.Select(value => new Literal(type, value))],
            (GroupKey.Whole { Column.Type: ColumnType.Int32 or ColumnType.Int64 }, { Min: { } min, Max: { } max, Step: 1 }) => Numbers(type, min, max, 1),
            (GroupKey.Band band, { Min: { } min, Max: { } max }) => Numbers(
                type, decimal.Truncate(min / band.Width) * band.Width, decimal.Truncate(max / band.Width) * band.Width, band.Width),
            _ => null,
        };
    }

    private static ImmutableArray<Literal>? Numbers(ColumnType type, decimal first, decimal last, long step)
    {
        var count = ((last - first) / step) + 1;
        return count is < 1 or > MaxPublicGroups
            ? null
            : [.. Enumerable.Range(0, (int)count).Select(index => new Literal(type, (first + (index * (decimal)step)).ToString("0", CultureInfo.InvariantCulture)))];
    }
}
