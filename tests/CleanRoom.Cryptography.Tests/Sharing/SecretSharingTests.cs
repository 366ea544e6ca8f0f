using System.Text.Json.Nodes;
using CleanRoom.Cryptography.Sharing;
using CleanRoom.Cryptography.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Tests.Sharing;

public sealed class SecretSharingTests
{
    private static readonly JsonNode _vector = Vectors.Own("recovery.json");

    [Fact]
    public void Combine_published_shares_gives_the_published_secret()
    {
        // draft-mcgrew-tss-03 s.9.
        var published = _vector["published"]!;
        var shares = published["shares"].Items().Select(Share).ToList();

        Restored(published["k"].Int(), shares).Should().Equal(published["secret"].Hex());
        Restored(published["k"].Int(), [shares[1], shares[0]]).Should().Equal(published["secret"].Hex());
    }

    [Fact]
    public void Split_worked_coefficients_give_the_worked_shares()
    {
        var sharing = _vector["sharing"]!;
        using var secret = sharing["secret"].Secret();
        using var coefficients = SecretBytes.Take([.. sharing["coefficients"].Items().SelectMany(one => one.Hex())]);

        var shares = SecretSharing.Split(secret, coefficients, sharing["k"].Int(), sharing["n"].Int());

        shares.Select(share => (share.Index, Convert.ToHexStringLower(share.Value.Span)))
            .Should().Equal(sharing["shares"].Items().Select(share => (share["index"].Int(), share["value"].Text())));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 5)]
    [InlineData(5, 5)]
    public void Combine_any_k_shares_restore_the_secret(int k, int n)
    {
        using var secret = SecretBytes.Random(32);
        var shares = SecretSharing.Split(secret, k, n);

        foreach (var chosen in Subsets(n, k))
        {
            Restored(k, [.. chosen.Select(index => shares[index])]).Should().Equal(secret.Span.ToArray());
        }
    }

    [Fact]
    public void Combine_255_shares_restore_the_secret()
    {
        using var secret = SecretBytes.Random(32);

        Restored(255, SecretSharing.Split(secret, 255, 255)).Should().Equal(secret.Span.ToArray());
    }

    [Fact]
    public void Split_one_share_of_two_is_uniform_whatever_the_secret()
    {
        for (var secret = 0; secret < 256; secret++)
        {
            var shares = Enumerable.Range(0, 256).Select(a => SplitByte((byte)secret, [(byte)a], n: 3)).ToList();
            for (var index = 0; index < 3; index++)
            {
                shares.Select(set => set[index]).Distinct().Should().HaveCount(256, "each value comes from exactly one coefficient");
            }
        }
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xa7)]
    public void Split_two_shares_of_three_are_uniform_whatever_the_secret(int secret)
    {
        var pairs = new HashSet<(byte, byte)>();
        for (var a = 0; a < 256; a++)
        {
            for (var b = 0; b < 256; b++)
            {
                var shares = SplitByte((byte)secret, [(byte)a, (byte)b], n: 3);
                pairs.Add((shares[0], shares[2])).Should().BeTrue();
            }
        }

        pairs.Should().HaveCount(65_536, "each pair of values comes from exactly one pair of coefficients");
    }

    [Fact]
    public void Combine_fewer_than_k_shares_under_another_k_give_another_secret()
    {
        using var secret = SecretBytes.Random(32);
        var shares = SecretSharing.Split(secret, 3, 5);

        foreach (var chosen in Subsets(5, 2))
        {
            Restored(2, [.. chosen.Select(index => shares[index])]).Should().NotEqual(secret.Span.ToArray());
        }
    }

    [Fact]
    public void Split_draws_new_coefficients_each_time()
    {
        using var secret = SecretBytes.Random(32);

        var (first, second) = (SecretSharing.Split(secret, 2, 2), SecretSharing.Split(secret, 2, 2));

        first[0].Value.FixedTimeEquals(second[0].Value.Span).Should().BeFalse();
        first[0].Value.FixedTimeEquals(secret.Span).Should().BeFalse();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    [InlineData(0, 0)]
    [InlineData(1, 256)]
    [InlineData(256, 256)]
    [InlineData(-1, 3)]
    public void Split_numbers_out_of_bounds_are_refused(int k, int n)
    {
        using var secret = SecretBytes.Random(32);
        var split = () => SecretSharing.Split(secret, k, n);

        split.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Split_empty_secret_is_refused()
    {
        using var secret = SecretBytes.Random(0);
        var split = () => SecretSharing.Split(secret, 1, 1);

        split.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Combine_what_are_no_k_different_shares_is_refused()
    {
        using var secret = SecretBytes.Random(32);
        var shares = SecretSharing.Split(secret, 2, 3);
        (int K, SecretShare[] Shares, string Wanted)[] wrong =
        [
            (2, [shares[0]], "exactly k"),
            (2, [shares[0], shares[1], shares[2]], "exactly k"),
            (0, [], "exactly k"),
            (256, [.. Enumerable.Repeat(shares[0], 256)], "exactly k"),
            (2, [shares[0], shares[0]], "different indexes"),
            (2, [shares[0], shares[1] with { Index = 1 }], "different indexes"),
            (2, [shares[0], shares[1] with { Index = 0 }], "indexes from 1"),
            (2, [shares[0], shares[1] with { Index = 256 }], "indexes from 1"),
            (2, [shares[0], shares[1] with { Index = -1 }], "indexes from 1"),
            (2, [shares[0], shares[1] with { Value = SecretBytes.Random(31) }], "one length"),
            (2, [shares[0] with { Value = SecretBytes.Random(0) }, shares[1] with { Value = SecretBytes.Random(0) }], "one length"),
        ];

        foreach (var (k, given, wanted) in wrong)
        {
            var refusal = SecretSharing.Combine(k, given).Refusals.Should().ContainSingle(wanted).Subject;
            refusal.Code.Should().Be(RefusalCode.SealInvalid);
            refusal.Wanted.Should().Contain(wanted);
        }
    }

    [Fact]
    public void Share_prints_nothing_and_is_zeroed()
    {
        using var secret = SecretBytes.Random(32);
        var share = SecretSharing.Split(secret, 1, 1)[0];
        var memory = share.Value.Memory;

        share.ToString().Should().Be("[redacted]");
        share.Dispose();

        memory.ToArray().Should().OnlyContain(value => value == 0);
    }

    private static byte[] Restored(int k, IReadOnlyList<SecretShare> shares)
    {
        using var restored = SecretSharing.Combine(k, shares).Value;
        return restored.Span.ToArray();
    }

    private static byte[] SplitByte(byte value, byte[] coefficients, int n)
    {
        using var secret = SecretBytes.CopyOf([value]);
        using var drawn = SecretBytes.CopyOf(coefficients);
        return [.. SecretSharing.Split(secret, drawn, coefficients.Length + 1, n).Select(share => share.Value.Span[0])];
    }

    private static SecretShare Share(JsonNode share) => new(share["index"].Int(), share["value"].Secret());

    private static IEnumerable<int[]> Subsets(int n, int k) => Enumerable.Range(0, 1 << n)
        .Select(mask => Enumerable.Range(0, n).Where(index => (mask >> index & 1) == 1).ToArray())
        .Where(chosen => chosen.Length == k);
}
