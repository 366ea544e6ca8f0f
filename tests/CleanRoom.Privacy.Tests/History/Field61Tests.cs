using System.Numerics;
using CleanRoom.Privacy.History;
using CsCheck;

namespace CleanRoom.Privacy.Tests.History;

public class Field61Tests
{
    private static readonly ulong[] Edges = [0, 1, 2, 1UL << 60, Field61.Modulus - 2, Field61.Modulus - 1];

    private static readonly Gen<ulong> Element = Gen.OneOf(Gen.ULong[0, Field61.Modulus - 1], Gen.Int[0, 5].Select(i => Edges[i]));

    [Fact]
    public void Operations_anyElements_areThoseOfBigInteger() => Gen.Select(Element, Element).Sample((a, b) =>
    {
        Field61.Add(a, b).Should().Be((ulong)(((BigInteger)a + b) % Field61.Modulus));
        Field61.Subtract(a, b).Should().Be((ulong)(((BigInteger)a - b + Field61.Modulus) % Field61.Modulus));
        Field61.Multiply(a, b).Should().Be((ulong)((BigInteger)a * b % Field61.Modulus));
    });

    [Fact]
    public void Invert_anyElementButZero_givesItsInverse() =>
        Element.Where(value => value != 0).Sample(value => Field61.Multiply(value, Field61.Invert(value)).Should().Be(1), iter: 200);

    [Fact]
    public void AddTo_anyLengths_addsEntryByEntry() => Gen.Select(Element.Array[0, 21], Element.Array[21]).Sample((left, right) =>
    {
        var sum = left.ToArray();
        Field61.AddTo(sum, right);
        sum.Should().Equal(left.Select((value, i) => Field61.Add(value, right[i])));
    });

    [Fact]
    public void AddMultipleTo_anyLengths_addsEntryByEntry() => Gen.Select(Element.Array[0, 21], Element.Array[21], Element).Sample((left, right, factor) =>
    {
        var sum = left.ToArray();
        Field61.AddMultipleTo(sum, right, factor);
        sum.Should().Equal(left.Select((value, i) => Field61.Add(value, Field61.Multiply(right[i], factor))));
    });

    [Fact]
    public void AddMultipleTo_fewerValues_throws() =>
        FluentActions.Invoking(() => Field61.AddMultipleTo(new ulong[2], new ulong[1], 1)).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void Spread_counters_areElementsAndDiffer() =>
        Enumerable.Range(0, 1_000).Select(i => Field61.Spread((ulong)i)).Should().OnlyHaveUniqueItems().And.OnlyContain(value => value < Field61.Modulus);

    /// <summary>The published outputs of SplitMix64 from seed 0.</summary>
    [Theory]
    [InlineData(0UL, 0xE220_A839_7B1D_CDAF)]
    [InlineData(1UL, 0x6E78_9E6A_A1B9_65F4)]
    [InlineData(2UL, 0x06C4_5D18_8009_454F)]
    [InlineData(3UL, 0xF88B_B8A8_724C_81EC)]
    public void Spread_counters_areThePublishedOutputs(ulong counter, ulong output) => Field61.Spread(counter).Should().Be(output % Field61.Modulus);
}
