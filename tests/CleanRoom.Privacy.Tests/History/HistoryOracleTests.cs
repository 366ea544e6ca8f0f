using System.Numerics;
using CleanRoom.Privacy.History;
using CleanRoom.Privacy.Tests.History.Support;
using CleanRoom.TestKit;
using CsCheck;

namespace CleanRoom.Privacy.Tests.History;

/// <summary>Every decision over a few units against <see cref="SmallUniverse"/>.</summary>
public class HistoryOracleTests(ITestOutputHelper output)
{
    /// <summary>Gets numbers of units, thresholds and lengths of the sequences.</summary>
    public static TheoryData<int, int, int> Universes => Tier.IsMutation
        ? new() { { 5, 2, 3 }, { 6, 3, 2 } }
        : new() { { 6, 2, 3 }, { 6, 3, 3 }, { 7, 2, 2 }, { 7, 3, 3 }, { 8, 2, 2 }, { 8, 3, 2 } };

    /// <summary>
    /// Denied offers change nothing (a test of its own), so sequences of released ones are all. Renaming units makes the first one begin with unit 0.
    /// </summary>
    [Theory]
    [MemberData(nameof(Universes))]
    public void Judge_everySequenceOfOffers_decidesAsTheOracle(int units, int minUnits, int length)
    {
        var decided = 0;
        Visit([]);
        output.WriteLine($"{units} units, threshold {minUnits}: {decided} decisions");
        decided.Should().BeGreaterThan(1 << units);

        void Visit(int[] prefix)
        {
            var (audit, oracle) = After(units, minUnits, prefix);
            for (var mask = 0; mask < 1 << units; mask++)
            {
                var decision = audit.Judge(SmallUniverse.Set(mask));
                if (decision != oracle.Decide(mask))
                {
                    Assert.Fail($"{string.Join(' ', prefix)} then {mask}: wanted {oracle.Decide(mask)}, got {decision}");
                }

                decided++;
                var isNew = decision == CellDecision.Release && !oracle.Released.Contains(mask);
                if (isNew && prefix.Length < length && (prefix.Length > 0 || BitOperations.IsPow2(mask + 1)))
                {
                    Visit([.. prefix, mask]);
                }
            }
        }
    }

    [Theory]
    [InlineData(6, 2)]
    [InlineData(6, 3)]
    [InlineData(7, 3)]
    [InlineData(8, 2)]
    [InlineData(8, 3)]
    public void Offer_everySubsetInAnyOrder_decidesAsTheOracleAndKeepsSetsApart(int units, int minUnits) => Orders(units).Sample(
        masks =>
        {
            var (audit, oracle) = After(units, minUnits, []);
            foreach (var mask in masks)
            {
                var expected = oracle.Decide(mask);
                audit.Offer(SmallUniverse.Set(mask)).Should().Be(expected);
                if (expected == CellDecision.Release)
                {
                    oracle.Release(mask);
                }
            }

            oracle.Released.SelectMany(a => oracle.Released.Where(b => b != a).Select(b => BitOperations.PopCount((uint)(a ^ b))))
                .Should().OnlyContain(difference => difference >= minUnits);
        },
        iter: 12);

    /// <summary>
    /// From a threshold of 4 on, three atoms or more can hide from the audit (contracts/spec/0015 s.7). One and two cannot, and nothing is denied without
    /// a reason. A sequence ends with the first release that hides more, since all later ones show it too.
    /// </summary>
    [Theory]
    [InlineData(8, 4)]
    [InlineData(10, 4)]
    [InlineData(12, 5)]
    public void Offer_higherThresholds_missesNoPairAndDeniesNothingElse(int units, int minUnits)
    {
        var (linear, missed, sequences) = (0, 0, 0);
        Orders(units).Sample(
            masks =>
            {
                sequences++;
                var (audit, oracle) = After(units, minUnits, []);
                foreach (var mask in masks.Take(200))
                {
                    var (decision, expected) = (audit.Offer(SmallUniverse.Set(mask)), oracle.Decide(mask));
                    if (decision == CellDecision.Release && expected == CellDecision.DenyLinear)
                    {
                        oracle.Decide(mask, atoms: 2).Should().Be(CellDecision.Release);
                        missed++;
                        return;
                    }

                    decision.Should().Be(expected);
                    linear += decision == CellDecision.DenyLinear ? 1 : 0;
                    if (decision == CellDecision.Release)
                    {
                        oracle.Release(mask);
                    }
                }
            },
            iter: 20,
            threads: 1);
        output.WriteLine($"{units} units, threshold {minUnits}: {linear} denied by rank; {missed} of {sequences} sequences end with three atoms or more");
        linear.Should().BePositive();
    }

    private static Gen<int[]> Orders(int units) => Gen.Shuffle(Enumerable.Range(0, 1 << units).ToArray());

    private static (HistoryAudit Audit, SmallUniverse Oracle) After(int units, int minUnits, int[] prefix)
    {
        var (audit, oracle) = (SmallUniverse.Audit(units, minUnits), new SmallUniverse(units, minUnits));
        foreach (var mask in prefix)
        {
            audit.Offer(SmallUniverse.Set(mask));
            oracle.Release(mask);
        }

        return (audit, oracle);
    }
}
