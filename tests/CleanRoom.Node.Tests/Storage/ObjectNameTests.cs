using CleanRoom.Storage.Objects;
using CsCheck;

namespace CleanRoom.Node.Tests.Storage;

public sealed class ObjectNameTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../../../../../../../../etc/passwd")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789abcdef0123456789abcdef0")]
    [InlineData("0123456789ABCDEF0123456789abcdef")]
    [InlineData("0123456789abcdef/123456789abcdef")]
    [InlineData("0123456789abcdef\0123456789abcdef")]
    [InlineData(" 123456789abcdef0123456789abcdef")]
    public void TryParse_of_anything_but_32_lower_case_hex_digits_refuses(string? text) =>
        ObjectName.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void TryParse_reads_back_what_was_written() => Gen.ULong.Select(Gen.ULong).Sample((high, low) =>
    {
        var name = new ObjectName(new UInt128(high, low));
        ObjectName.TryParse(name.ToString(), out var read).Should().BeTrue();
        read.Should().Be(name);
        name.ToString().Should().HaveLength(ObjectName.TextLength);
    });
}
