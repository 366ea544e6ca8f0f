using System.Numerics;
using CleanRoom.Privacy.Noise;
using CleanRoom.Privacy.Tests.Support;
using CsCheck;

namespace CleanRoom.Privacy.Tests.Noise;

public class UInt256Tests
{
    private static readonly BigInteger _end = BigInteger.One << 256;

    private static readonly Gen<UInt128> _half = Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 127], (high, low, shift) => new UInt128(high, low) >> shift);

    private static readonly Gen<BigInteger> _numbers = Gen.Select(_half, _half, (high, low) => ((BigInteger)high << 128) + low);

    [Fact]
    public void Arithmetic_is_that_of_whole_numbers() => Gen.Select(_numbers, _numbers).Sample((left, right) =>
    {
        var (a, b) = (UInt256.Of(left), UInt256.Of(right));
        Value(a).Should().Be(left);
        a.BitLength.Should().Be((int)left.GetBitLength());
        var same = UInt256.Of(left);
        new[] { a < b, a > b, a == b, a < same, a > same, a == same }.Should().Equal(left < right, left > right, left == right, false, false, true);
        if (left + right < _end)
        {
            Value(a + b).Should().Be(left + right);
        }
        else
        {
            FluentActions.Invoking(() => a + b).Should().Throw<OverflowException>();
        }

        if (left >= right)
        {
            Value(a - b).Should().Be(left - right);
        }
        else
        {
            FluentActions.Invoking(() => a - b).Should().Throw<OverflowException>();
        }
    });

    [Fact]
    public void Arithmetic_past_either_end_throws()
    {
        var (most, one) = (new UInt256(UInt128.MaxValue, UInt128.MaxValue), new UInt256(0, 1));
        var refused = new Func<UInt256>[]
        {
            () => most + one,
            () => new UInt256(UInt128.MaxValue, 0) + new UInt256(1, 0),
            () => new UInt256(0, 0) - one,
            () => one - new UInt256(1, 0),
        };
        refused.Should().AllSatisfy(sum => sum.Should().Throw<OverflowException>());
        (new UInt256(UInt128.MaxValue - 1, UInt128.MaxValue) + one).Should().Be(new UInt256(UInt128.MaxValue, 0));
        (new UInt256(1, 0) - one).Should().Be(new UInt256(0, UInt128.MaxValue));
    }

    [Fact]
    public void Square_is_exact()
    {
        _half.Sample(root => Value(UInt256.Square(root)).Should().Be((BigInteger)root * root));
        Value(UInt256.Square(UInt128.MaxValue)).Should().Be((BigInteger)UInt128.MaxValue * UInt128.MaxValue);
    }

    [Fact]
    public void Read_takes_the_most_significant_byte_first() => Gen.Byte.Array[UInt256.Length].Sample(bytes =>
        Value(UInt256.Read(bytes)).Should().Be(new BigInteger(bytes, isUnsigned: true, isBigEndian: true)));

    [Fact]
    public void Of_refuses_what_does_not_fit()
    {
        FluentActions.Invoking(() => UInt256.Of(_end)).Should().Throw<OverflowException>();
        FluentActions.Invoking(() => UInt256.Of(-1)).Should().Throw<OverflowException>();
    }

    [Fact]
    public void Below_gives_the_draws_of_integers_of_any_length()
    {
        foreach (var bound in new[] { BigInteger.One, 2, 3, 255, 256, 257, (BigInteger.One << 128) - 1, BigInteger.One << 128, (BigInteger.One << 200) + 1, _end - 1 })
        {
            using var first = TestNoise.Stream($"below{bound}");
            using var second = TestNoise.Stream($"below{bound}");
            for (var i = 0; i < 200; i++)
            {
                Value(WideSampling.Below(UInt256.Of(bound), first)).Should().Be(ExactSampling<BigInteger>.Below(bound, second));
            }
        }
    }

    private static BigInteger Value(UInt256 value) => ((BigInteger)value.High << 128) + value.Low;
}
