using System.Collections.Immutable;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Plans;
using CleanRoom.Policy.Tests.Support;
using CleanRoom.Privacy.Accounting;
using CleanRoom.Privacy.Mechanisms;
using CleanRoom.Privacy.Noise;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Tests.Reconstruction;

/// <summary>Answers sums of the secret bit as a room does in the tier dp: charges the owner's budget, then lets the gate blur the exact sum.</summary>
/// <remarks>A sum and not a count, since a count is held at 0 and would tell an attacker less. The filter that names a subset is left out of
/// the plan: neither cost nor noise depends on it.</remarks>
internal sealed class NoisyOwner
{
    private readonly SecretTable _table;
    private readonly QueryPlan _charged;
    private readonly QueryPlan _blurred;
    private readonly PrivacyBudget _budget;
    private readonly PrivacyCost _cost;
    private int _charges;

    /// <param name="weakening">1 for what the product does; k for a broken mechanism whose noise has 1/k of the scale that is paid for.</param>
    public NoisyOwner(SecretTable table, DpRules rules, int weakening)
    {
        _table = table;
        _budget = PrivacyBudget.From(rules).Value;
        _charged = Plan(_budget.MaxNanoRhoPerQuery);
        _blurred = Plan(_budget.MaxNanoRhoPerQuery * weakening * weakening);
        _cost = NoisyValues.CostOf(_charged);
        HalfWidth = (double)NoisyValues.Mechanisms(_blurred).Single().HalfWidth(Calibration.Exceeded);
    }

    /// <summary>Gets what the noise exceeds in 5 % of answers; the attacker knows it.</summary>
    public double HalfWidth { get; }

    /// <summary>Gets the cost of one question in rho.</summary>
    public double RhoPerQuestion => _cost.NanoRho / 1e9;

    /// <summary>Gets what was spent.</summary>
    public PrivacyCost Spent { get; private set; } = PrivacyCost.None;

    /// <summary>Gets how many more questions the budget pays for.</summary>
    public int Remaining => (int)_budget.Fits(Spent, _cost);

    /// <summary>Answers a question.</summary>
    /// <returns>The noisy sum, or <see cref="RefusalCode.BudgetExhausted"/>.</returns>
    public Result<double> Ask(int[] subset)
    {
        if (!_budget.Charge(Spent, _cost).TryGet(out var spent, out var refusals))
        {
            return refusals;
        }

        Spent = spent;
        using var seed = new NoiseSeed(_table.Seed(_charges++));
        var released = NoiseGate.Apply(_blurred, [SamplePlans.Row(_table.Ones(subset))], seed);
        return (double)((CellValue.Number)released.Rows.Single().Single()).Unscaled;
    }

    private static QueryPlan Plan(long nanoRho)
    {
        var sum = new PlanAggregate(AggregateFunction.Sum, new PlanColumn(0, "secret", ColumnType.Int32, 0));
        return SamplePlans.Grouped(1, sum) with
        {
            Tier = PolicyTier.Dp,
            Groups = [],
            Outputs = [new PlanOutput("ones", new OutputExpression.Aggregate(0, sum.CellType))],
            Noise = new PlanNoise
            {
                UnitTable = 0,
                MaxGroupsPerUnit = 1,
                MaxRowsPerUnit = 1,
                NanoRho = nanoRho,
                AttoDelta = 0,
                MinUnits = 1,
                PublicGroups = ImmutableArray<ImmutableArray<Literal>>.Empty,
                Clamps = [new PlanClamp(0, 1)],
            },
        };
    }
}
