using CleanRoom.Cryptography.Sharing;

namespace CleanRoom.Cryptography.Tests.Sharing;

public sealed class Gf256Tests
{
    [Theory]
    [InlineData(0x57, 0x83, 0xc1)]
    [InlineData(0x57, 0x13, 0xfe)]
    public void Multiply_published_products(int a, int b, int product) =>
        Gf256.Multiply((byte)a, (byte)b).Should().Be((byte)product, "FIPS 197 s.4.2 works them out");

    [Fact]
    public void Multiply_every_pair_is_the_product_of_polynomials_reduced()
    {
        for (var a = 0; a < 256; a++)
        {
            for (var b = 0; b < 256; b++)
            {
                Gf256.Multiply((byte)a, (byte)b).Should().Be(Slowly(a, b));
            }
        }
    }

    [Fact]
    public void Invert_every_element_but_zero_gives_one()
    {
        for (var a = 1; a < 256; a++)
        {
            Gf256.Multiply((byte)a, Gf256.Invert((byte)a)).Should().Be(1);
        }

        Gf256.Invert(0).Should().Be(0);
    }

    /// <summary>Long multiplication, then long division by x^8 + x^4 + x^3 + x + 1.</summary>
    private static byte Slowly(int a, int b)
    {
        var product = 0;
        for (var bit = 0; bit < 8; bit++)
        {
            product ^= (b >> bit & 1) == 1 ? a << bit : 0;
        }

        for (var bit = 14; bit >= 8; bit--)
        {
            product ^= (product >> bit & 1) == 1 ? 0x11b << (bit - 8) : 0;
        }

        return (byte)product;
    }
}
