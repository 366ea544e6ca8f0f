using System.Collections.Immutable;
using System.Diagnostics;
using System.Numerics;
using System.Text;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Privacy.Mechanisms;
using CleanRoom.Privacy.Noise;
using CleanRoom.Privacy.Selection;

namespace CleanRoom.Policy.Gate;

/// <summary>The dp tier's output gate: chooses the groups that appear, adds noise, and only then looks at HAVING, ORDER BY and LIMIT.</summary>
/// <remarks>
/// Every number of every group has a stream of its own under the charge's seed, named by the group's key: the noise does not depend on which other
/// groups there are or in which order they come, and a run that is repeated gives the same bytes. Spec: contracts/spec/0014 s.3 and s.7.
/// </remarks>
public static class NoiseGate
{
    /// <summary>Applies the gate.</summary>
    /// <param name="plan">A plan of the dp tier.</param>
    /// <param name="rows">The exact, bounded numbers of the generated SQL. Trust: engine-controlled.</param>
    /// <param name="seed">The seed of the charge.</param>
    /// <exception cref="ArgumentException">A row has another number of columns, a value of another type, or a group occurs twice.</exception>
    public static ReleasedTable Apply(QueryPlan plan, IEnumerable<ImmutableArray<CellValue>> rows, NoiseSeed seed)
    {
        var layout = GeneratedLayout.Of(plan);
        var numbers = NoisyValues.Of(plan);
        var mechanisms = NoisyValues.Mechanisms(plan);
        var groups = Groups(plan, numbers.Length, GateRows.Checked(layout, rows));
        var selection = plan.Noise!.PublicGroups is null
            ? new GroupSelection(mechanisms[0], NoisyValues.DeltaOf(plan), plan.Noise.MinUnits)
            : null;
        return GateRows.Release(plan, groups.Select(group => Blur(plan, numbers, mechanisms, group, selection, seed)).OfType<GatedRow>());
    }

    /// <summary>The groups that may appear, each with its exact numbers: those that there are, or every combination of public values.</summary>
    private static List<Group> Groups(QueryPlan plan, int numbers, IEnumerable<ImmutableArray<CellValue>> rows)
    {
        var keys = plan.Groups.Length;
        var found = new Dictionary<string, Group>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var group = new Group(row[..keys], [.. row[keys..].Select(Whole)]);
            if (!found.TryAdd(group.Name, group))
            {
                throw new ArgumentException("wanted each group once, got one twice", nameof(rows));
            }
        }

        return plan.Noise!.PublicGroups is { } domains ? [.. Combinations(numbers, domains, found)] : [.. found.Values];
    }

    private static IEnumerable<Group> Combinations(
        int numbers, ImmutableArray<ImmutableArray<Literal>> domains, Dictionary<string, Group> found)
    {
        var empty = Enumerable.Repeat(BigInteger.Zero, numbers).ToImmutableArray();
        IEnumerable<ImmutableArray<CellValue>> combinations = [[]];
        foreach (var domain in domains)
        {
            combinations = combinations.SelectMany(_ => domain, (keys, literal) => keys.Add(GatedRow.Cell(literal)));
        }

        return combinations.Select(keys => new Group(keys, empty)).Select(group => found.GetValueOrDefault(group.Name) ?? group);
    }

    private static GatedRow? Blur(
        QueryPlan plan,
        ImmutableArray<NoisyValue> numbers,
        ImmutableArray<NoiseMechanism> mechanisms,
        Group group,
        GroupSelection? selection,
        NoiseSeed seed)
    {
        var label = Encoding.UTF8.GetBytes(group.Name);
        var noisy = new BigInteger[mechanisms.Length];
        for (var i = 0; i < mechanisms.Length; i++)
        {
            using var stream = seed.Stream(label, (ulong)i);
            var noise = mechanisms[i].Draw(stream);
            if (i == 0 && selection?.Appears(group.Values[0], noise) == false)
            {
                return null;
            }

            noisy[i] = group.Values[i] + noise;
        }

        var values = numbers.Zip(noisy).ToDictionary(pair => pair.First, pair => pair.Second);
        return new GatedRow(group.Keys, [.. plan.Aggregates.Select((_, index) => Aggregate(plan, values, index))]);
    }

    private static Rational? Aggregate(QueryPlan plan, Dictionary<NoisyValue, BigInteger> values, int index)
    {
        var aggregate = plan.Aggregates[index];
        BigInteger Of(NoisyKind kind) => values[new NoisyValue(kind, kind == NoisyKind.Units ? -1 : index)];
        return aggregate.Function switch
        {
            AggregateFunction.CountRows => Count(Of(NoisyKind.Rows)),
            AggregateFunction.CountDistinct => Count(Of(NoisyValues.IsUnits(plan, aggregate) ? NoisyKind.Units : NoisyKind.Distinct)),
            AggregateFunction.Sum => Rational.Quotient(Of(NoisyKind.Sum), BigInteger.Pow(10, aggregate.Column!.Scale)),
            AggregateFunction.Average => Average(plan.Noise!.Clamps[index]!, Of(NoisyKind.Numerator), Of(NoisyKind.Denominator), aggregate.Column!.Scale),
            _ => throw new UnreachableException(),
        };
    }

    // A number of people below nothing would only puzzle: what is derived from noisy numbers costs nothing.
    private static Rational Count(BigInteger noisy) => Rational.Quotient(BigInteger.Max(0, noisy), 1)!.Value;

    private static Rational? Average(PlanClamp clamp, BigInteger numerator, BigInteger denominator, int scale)
    {
        var average = NoisyAverage.Of(numerator, denominator, clamp.Lower, clamp.Upper);
        return Rational.Quotient(average.Numerator, average.Denominator * BigInteger.Pow(10, scale));
    }

    private static BigInteger Whole(CellValue value) => value is CellValue.Number { Scale: 0 } number
        ? number.Unscaled
        : throw new ArgumentException("wanted a whole number, got none", nameof(value));

    /// <summary>A group with its exact numbers.</summary>
    /// <param name="Keys">Its keys.</param>
    /// <param name="Values">One for each noisy value of the plan.</param>
    private sealed record Group(ImmutableArray<CellValue> Keys, ImmutableArray<BigInteger> Values)
    {
        /// <summary>Gets the label of its noise: the keys' texts, each after its length; absent ones as a hyphen.</summary>
        public string Name { get; } = string.Concat(Keys.Select(key => key is CellValue.Null ? "-;" : $"{key.ToString()!.Length}:{key};"));
    }
}
