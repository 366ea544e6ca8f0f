using System.Numerics;
using CleanRoom.Cryptography.Curves;
using CleanRoom.Cryptography.Tests.Support;
using CsCheck;

namespace CleanRoom.Cryptography.Tests.Curves;

public sealed class P256Tests
{
    private const string Order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000", false)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000001", true)]
    [InlineData("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550", true)]
    [InlineData(Order, false)]
    [InlineData("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552", false)]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", false)]
    [InlineData("01", false)]
    [InlineData("000000000000000000000000000000000000000000000000000000000000000001", false)]
    public void IsValid_scalar_is_in_range_and_32_bytes(string hex, bool expected) =>
        P256PrivateKey.IsValid(Convert.FromHexString(hex)).Should().Be(expected);

    [Fact]
    public void IsValid_scalar_agrees_with_integer_comparison()
    {
        var order = new BigInteger(Convert.FromHexString(Order), isUnsigned: true, isBigEndian: true);

        // Half of the cases lie within a few bytes of the order, where a wrong borrow would show.
        Gen.Select(Gen.Byte.Array[32], Gen.Int[0, 32]).Sample((bytes, keep) =>
        {
            Convert.FromHexString(Order).AsSpan(0, keep).CopyTo(bytes);
            var value = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
            return P256PrivateKey.IsValid(bytes) == (value > 0 && value < order);
        });
    }

    [Fact]
    public void Of_published_scalar_gives_its_public_key()
    {
        var vector = Vectors.Shared("ecdsa/rfc6979-p256-rejection.json");
        using var secret = vector["privateKeyHex"].Secret();

        P256PublicKey.Of(secret).ToArray().Should()
            .Equal([0x04, .. vector["publicXHex"].Hex(), .. vector["publicYHex"].Hex()]);
    }

    [Fact]
    public void Of_scalar_out_of_range_throws()
    {
        using var zero = SecretBytes.CopyOf(new byte[32]);

        var derive = () => P256PublicKey.Of(zero);

        derive.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void IsValid_only_the_uncompressed_point_of_65_bytes_is()
    {
        using var secret = P256PrivateKey.Generate();
        var good = P256PublicKey.Of(secret).ToArray();

        P256PublicKey.IsValid(good).Should().BeTrue();
        P256PublicKey.IsValid(good.AsSpan(0, 64)).Should().BeFalse();
        P256PublicKey.IsValid([.. good, 0]).Should().BeFalse();
        P256PublicKey.IsValid([]).Should().BeFalse();
        P256PublicKey.IsValid([0x00]).Should().BeFalse("infinity is no public key");
        P256PublicKey.IsValid([(byte)(2 + (good[64] & 1)), .. good[1..33]]).Should().BeFalse("compressed is another form");
        P256PublicKey.IsValid([(byte)(6 + (good[64] & 1)), .. good[1..]]).Should().BeFalse("hybrid is another form");
        P256PublicKey.IsValid([0x04, .. new byte[64]]).Should().BeFalse();
        P256PublicKey.IsValid([0x04, .. Enumerable.Repeat((byte)0xff, 64)]).Should().BeFalse("coordinates are below p");
    }

    [Fact]
    public void IsValid_coordinate_shifted_by_p_is_not()
    {
        // x = 5 is on the curve; x + p fits in 32 bytes and is congruent, but is another encoding of the same point.
        var p = BigInteger.Parse("00ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", System.Globalization.NumberStyles.HexNumber, null);
        var b = BigInteger.Parse("005ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", System.Globalization.NumberStyles.HexNumber, null);
        var x = new BigInteger(5);
        var y = BigInteger.ModPow((x * x * x) - (3 * x) + b, (p + 1) / 4, p);

        P256PublicKey.IsValid([0x04, .. Encode(x), .. Encode(y)]).Should().BeTrue();
        P256PublicKey.IsValid([0x04, .. Encode(x + p), .. Encode(y)]).Should().BeFalse();

        static byte[] Encode(BigInteger value)
        {
            var bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
            return [.. new byte[32 - bytes.Length], .. bytes];
        }
    }
}
