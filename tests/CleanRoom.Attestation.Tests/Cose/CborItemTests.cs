using CleanRoom.Attestation.Cose;

namespace CleanRoom.Attestation.Tests.Cose;

/// <summary>CBOR of tokens: what is read, and what is refused whatever it is.</summary>
public sealed class CborItemTests
{
    [Fact]
    public void Items_are_read_with_their_bytes()
    {
        var item = CborItem.Parse(CoseBuilder.Map((1L, -7L), ("text", new object?[] { "a", new byte[] { 1, 2 }, null, true })), 64)!;

        item.Kind.Should().Be(CborKind.Map);
        item[1]!.Number.Should().Be(-7);
        item["text"]!.Items.Select(one => one.Kind).Should().Equal(CborKind.Text, CborKind.ByteString, CborKind.Null, CborKind.Boolean);
        item["text"]!.Items[1].Encoded.ToArray().Should().Equal(0x42, 1, 2);
        item[2].Should().BeNull();
        item["1"].Should().BeNull("a text is another key than a number");
    }

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("0000", "trailing byte")]
    [InlineData("5f4101ff", "indefinite byte string")]
    [InlineData("7f6161ff", "indefinite text")]
    [InlineData("9f01ff", "indefinite array")]
    [InlineData("bf0101ff", "indefinite map")]
    [InlineData("a201010102", "key twice")]
    [InlineData("a20101180102", "key twice, once in a longer form")]
    [InlineData("a1410101", "key of another kind")]
    [InlineData("fb3ff0000000000000", "floating point")]
    [InlineData("f7", "undefined")]
    [InlineData("1bffffffffffffffff", "number beyond 64 bits with sign")]
    [InlineData("61ff", "text that is not utf-8")]
    [InlineData("9b7fffffffffffffff", "array longer than memory")]
    [InlineData("5b7fffffffffffffff", "byte string longer than memory")]
    [InlineData("ba7fffffff", "map longer than the input")]
    [InlineData("818181818181818100", "nine levels")]
    [InlineData("4201", "torn byte string")]
    public void Other_forms_are_refused(string hex, string why) => CborItem.Parse(Convert.FromHexString(hex), 64).Should().BeNull(why);

    [Fact]
    public void Eight_levels_and_the_most_bytes_are_read()
    {
        CborItem.Parse(Convert.FromHexString("8181818181818100"), 64).Should().NotBeNull();
        CborItem.Parse(new byte[] { 0x41, 1 }, 2).Should().NotBeNull();
        CborItem.Parse(new byte[] { 0x41, 1 }, 1).Should().BeNull();
    }

    [Fact]
    public void Too_many_items_are_refused()
    {
        CborItem.Parse(Array(2_047), 8_192).Should().NotBeNull();
        CborItem.Parse(Array(2_048), 8_192).Should().BeNull();
    }

    private static byte[] Array(int count) => [0x99, (byte)(count >> 8), (byte)count, .. new byte[count]];
}
