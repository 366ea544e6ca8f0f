using CleanRoom.Privacy.History;
using CsCheck;

namespace CleanRoom.Privacy.Tests.History;

public class UnitSetTests
{
    /// <summary>Numbers in a few containers: single ones, runs, and dense stretches, so that every form and every change of form occurs.</summary>
    internal static readonly Gen<uint[]> Numbers = Gen.Select(Gen.UInt[0, 5], Gen.UInt[0, 65_535], Gen.Int[1, 9_000], Gen.UInt[1, 9])
        .Select((high, first, count, step) => Enumerable.Range(0, count).Select(i => (high << 16) + (uint)(first + (i * step)) % 200_000).ToArray())
        .Array[0, 4].Select(parts => parts.SelectMany(part => part).ToArray());

    [Fact]
    public void Operations_anySets_areThoseOfHashSet() => Gen.Select(Numbers, Numbers).Sample(
        (left, right) =>
        {
            var (a, b) = (UnitSet.Of(left), UnitSet.Of(right));
            Same(a, left.Distinct());
            Same(a.And(b), left.Intersect(right));
            Same(a.Or(b), left.Union(right));
            Same(a.AndNot(b), left.Except(right));
            Same(a.Xor(b), left.Except(right).Union(right.Except(left)));
            a.SymmetricDifference(b, long.MaxValue).Should().Be(a.Xor(b).Cardinality);
        },
        iter: 60);

    [Fact]
    public void Equals_theSameNumbersOtherwiseMade_isTrue() => Numbers.Sample(
        numbers =>
        {
            var set = UnitSet.Of(numbers);
            set.Equals(UnitSet.Of(numbers.Reverse().ToArray())).Should().BeTrue();
            set.Or(UnitSet.Range(7, 70_000)).AndNot(UnitSet.Range(7, 70_000)).Equals(set.AndNot(UnitSet.Range(7, 70_000))).Should().BeTrue();
            set.Equals(set.Xor(UnitSet.Of([300_001]))).Should().BeFalse();
        },
        iter: 60);

    [Theory]
    [InlineData(0u, 0L)]
    [InlineData(5u, 1L)]
    [InlineData(65_535u, 2L)]
    [InlineData(1u, 200_000L)]
    [InlineData(uint.MaxValue, 1L)]
    [InlineData(0xFFFE_0000u, 0x2_0000L)]
    public void Range_anyStretch_holdsIt(uint first, long count)
    {
        var set = UnitSet.Range(first, count);
        set.Cardinality.Should().Be(count);
        set.End.Should().Be(count == 0 ? 0 : first + count);
        set.ToArray().Should().Equal(Enumerable.Range(0, (int)count).Select(i => (uint)(first + i)));
    }

    [Theory]
    [InlineData(1, 1L << 32)]
    [InlineData(0, -1L)]
    public void Range_beyondTheNumbers_throws(uint first, long count) =>
        FluentActions.Invoking(() => UnitSet.Range(first, count)).Should().Throw<ArgumentOutOfRangeException>();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 10)]
    [InlineData(70_001, 70_000)]
    public void SymmetricDifference_bound_isWhereCountingEnds(long bound, long expected) =>
        UnitSet.Range(0, 70_000).SymmetricDifference(UnitSet.Empty, bound).Should().Be(expected);

    [Fact]
    public void Contains_bothKindsOfNumbers_tellsThemApart()
    {
        var set = UnitSet.Of([3, 70_000]);
        new uint[] { 3, 70_000, 4, 0, 65_539, 4_000_000 }.Select(set.Contains).Should().Equal(true, true, false, false, false, false);
    }

    [Fact]
    public void CompareOffers_anySets_isAnOrderInWhichOnlyEqualSetsTie() => Gen.Select(Numbers, Numbers, Gen.Bool).Sample(
        (left, right, same) =>
        {
            var a = UnitSet.Of(left);
            var b = same ? UnitSet.Of([.. left, 300_000]).Xor(UnitSet.Of(left.Take(1).ToArray())) : UnitSet.Of(right);
            var order = UnitSet.CompareOffers(a, b);
            order.Should().Be(-UnitSet.CompareOffers(b, a));
            (order == 0).Should().Be(a.Equals(b));
            if (a.Cardinality == b.Cardinality && order != 0)
            {
                (order < 0 ? a : b).Contains(a.Xor(b).ToArray()[0]).Should().BeTrue();
            }
        },
        iter: 60);

    [Fact]
    public void ToString_anySet_showsNothing() => UnitSet.Of([1, 2, 3]).ToString().Should().Be("[redacted]");

    private static void Same(UnitSet set, IEnumerable<uint> expected)
    {
        var numbers = expected.Order().ToArray();
        set.Cardinality.Should().Be(numbers.Length);
        set.ToArray().AsSpan().SequenceEqual(numbers).Should().BeTrue();
        set.Equals(UnitSet.Of(numbers)).Should().BeTrue("an operation gives the one form of a set");
    }
}
