using System.Numerics;
using CleanRoom.Datasets.Check;
using CsCheck;

namespace CleanRoom.Engine.Tests.Datasets.Check;

public sealed class KeyTableTests
{
    private static readonly BigInteger Prime = (BigInteger.One << 127) - 1;

    private static readonly Gen<UInt128> Keys = Gen.Select(Gen.ULong[0, 2], Gen.ULong[0, 300], (high, low) => new UInt128(high, low));

    [Fact]
    public void Counter_counts_like_a_dictionary()
    {
        Gen.Select(Keys.Array[0, 2_000], Gen.Int[0, 600]).Sample((keys, limit) =>
        {
            var (counter, known) = (new BoundedCounter(limit), new Dictionary<UInt128, int>());
            foreach (var key in keys)
            {
                var isIn = known.ContainsKey(key) || known.Count < limit;
                if (counter.Add(key) != (isIn ? known[key] = known.GetValueOrDefault(key) + 1 : 0))
                {
                    return false;
                }
            }

            return counter.Distinct == known.Count && counter.IsFull == (keys.Distinct().Count() > limit);
        }, iter: 200);
    }

    [Theory]
    [InlineData(int.MaxValue, 300_000)]
    [InlineData(290_000, 300_000)]
    [InlineData(40, 60)]
    public void Set_counts_repeats_like_a_set(int limit, int distinct)
    {
        var (set, known, repeats, isExact) = (new BoundedSet(limit), new HashSet<UInt128>(), 0L, true);
        for (var i = 0; i < 2 * distinct; i++)
        {
            var key = new UInt128((ulong)(i % 2), (ulong)(i * 7_919L % distinct));
            set.Add(key);
            repeats += known.Contains(key) ? 1 : 0;
            isExact &= known.Contains(key) || known.Count < limit;
            _ = known.Count < limit && known.Add(key);
        }

        set.Finish().Should().Be((repeats, isExact));
    }

    [Fact]
    public void Field_multiplies_like_whole_numbers()
    {
        Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong[0, ulong.MaxValue >> 1]).Sample((left, low, high) =>
        {
            var right = PrimeField.Canonical(new UInt128(high, low));
            return (BigInteger)PrimeField.Canonical(PrimeField.Multiply(left, right)) == left * (BigInteger)right % Prime
                && (BigInteger)PrimeField.Canonical(PrimeField.Add(UInt128.One << 127, right)) == ((BigInteger.One << 127) + (BigInteger)right) % Prime;
        });
    }

    [Fact]
    public void Field_key_multiplies_wide_numbers_as_it_does_words()
    {
        var key = FieldKey.Draw();
        Gen.Select(Gen.ULong, Gen.ULong).Sample((low, high) =>
        {
            var word = (BigInteger)PrimeField.Canonical(key.Multiply(1UL));
            return (BigInteger)PrimeField.Canonical(key.Multiply(new UInt128(high, low))) == word * (((BigInteger)high << 64) + low) % Prime;
        });
    }

    [Fact]
    public void Keyer_keys_equal_bytes_alike_and_others_apart()
    {
        var keyer = new CellKeyer();
        Gen.Select(Gen.Byte[0, 1].Array[0, 40], Gen.Byte[0, 1].Array[0, 40]).Sample(
            (left, right) => keyer.Hash(left) == keyer.Hash([.. left]) && left.AsSpan().SequenceEqual(right) == (keyer.Hash(left) == keyer.Hash(right)));
    }

    [Fact]
    public void Keyer_of_another_check_keys_long_texts_otherwise() =>
        new CellKeyer().Hash(new byte[16]).Should().NotBe(new CellKeyer().Hash(new byte[16]));
}
