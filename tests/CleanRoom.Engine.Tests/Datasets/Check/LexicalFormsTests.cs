using System.Globalization;
using System.Text;
using CleanRoom.Datasets.Check;
using CsCheck;

namespace CleanRoom.Engine.Tests.Datasets.Check;

public sealed class LexicalFormsTests
{
    [Theory]
    [InlineData("0", LexicalFit.Accepted, 0)]
    [InlineData("-0", LexicalFit.Accepted, 0)]
    [InlineData("-2147483648", LexicalFit.Accepted, int.MinValue)]
    [InlineData("2147483647", LexicalFit.Accepted, int.MaxValue)]
    [InlineData("2147483648", LexicalFit.OutsideRange, 0)]
    [InlineData("99999999999999999999999999", LexicalFit.OutsideRange, 0)]
    [InlineData("+1", LexicalFit.WrongForm, 0)]
    [InlineData(" 1", LexicalFit.WrongForm, 0)]
    [InlineData("1 ", LexicalFit.WrongForm, 0)]
    [InlineData("007", LexicalFit.WrongForm, 0)]
    [InlineData("1.0", LexicalFit.WrongForm, 0)]
    [InlineData("1e3", LexicalFit.WrongForm, 0)]
    [InlineData("0x1", LexicalFit.WrongForm, 0)]
    [InlineData("-", LexicalFit.WrongForm, 0)]
    [InlineData("", LexicalFit.WrongForm, 0)]
    [InlineData("١", LexicalFit.WrongForm, 0)]
    public void ReadInteger_text_is_judged(string text, LexicalFit fit, long value)
    {
        LexicalForms.ReadInteger(Utf8(text), int.MinValue, int.MaxValue, out var read).Should().Be(fit);

        read.Should().Be(value);
    }

    [Theory]
    [InlineData("1.5", 2, 150, false)]
    [InlineData("1.500", 2, 150, false)]
    [InlineData("-1", 2, -100, false)]
    [InlineData("1.005", 2, 100, true)]
    [InlineData("1.015", 2, 102, true)]
    [InlineData("1.0050000001", 2, 101, true)]
    [InlineData("-1.005", 2, -100, true)]
    [InlineData("-1.015", 2, -102, true)]
    [InlineData("0.5", 0, 0, true)]
    [InlineData("1.5", 0, 2, true)]
    [InlineData("-0.4", 0, 0, true)]
    [InlineData("22.6909394821587", 2, 2269, true)]
    [InlineData("0.999999999999999999", 18, 999_999_999_999_999_999, false)]
    public void ReadDecimal_extra_digits_are_rounded_half_even_and_said_so(string text, int scale, long unscaled, bool isRounded)
    {
        LexicalForms.ReadDecimal(Utf8(text), scale, out var read, out var rounded).Should().Be(LexicalFit.Accepted);

        (read, rounded).Should().Be((unscaled, isRounded));
    }

    [Theory]
    [InlineData("1.", 2, LexicalFit.WrongForm)]
    [InlineData(".5", 2, LexicalFit.WrongForm)]
    [InlineData("1,5", 2, LexicalFit.WrongForm)]
    [InlineData("1e2", 2, LexicalFit.WrongForm)]
    [InlineData("nan", 2, LexicalFit.WrongForm)]
    [InlineData("1.2.3", 2, LexicalFit.WrongForm)]
    [InlineData("10000000000000000", 2, LexicalFit.OutsideRange)]
    [InlineData("9999999999999999.995", 2, LexicalFit.OutsideRange)]
    [InlineData("1", 18, LexicalFit.OutsideRange)]
    [InlineData("9999999999999999999999999999999999999999999", 0, LexicalFit.OutsideRange)]
    public void ReadDecimal_other_text_is_refused(string text, int scale, LexicalFit fit) =>
        LexicalForms.ReadDecimal(Utf8(text), scale, out _, out _).Should().Be(fit);

    [Fact]
    public void ReadDecimal_agrees_with_decimal_rounding() =>
        Gen.Select(Gen.Long[-999_999_999_999, 999_999_999_999], Gen.Int[0, 12], Gen.Int[0, 6]).Sample((unscaled, digits, scale) =>
        {
            var value = unscaled / Power(digits);
            var text = value.ToString(CultureInfo.InvariantCulture);
            var rounded = Math.Round(value, scale, MidpointRounding.ToEven);
            return LexicalForms.ReadDecimal(Utf8(text), scale, out var read, out var isRounded) == LexicalFit.Accepted
                && ColumnRule.ToDecimal(read, scale) == rounded
                && isRounded == (rounded != value);
        });

    [Theory]
    [InlineData("1970-01-01", LexicalFit.Accepted, 0)]
    [InlineData("2024-02-29", LexicalFit.Accepted, 19782)]
    [InlineData("0001-01-01", LexicalFit.Accepted, LexicalForms.FirstDay)]
    [InlineData("9999-12-31", LexicalFit.Accepted, LexicalForms.LastDay)]
    [InlineData("2023-02-29", LexicalFit.OutsideRange, 0)]
    [InlineData("2023-13-01", LexicalFit.OutsideRange, 0)]
    [InlineData("0000-01-01", LexicalFit.OutsideRange, 0)]
    [InlineData("2023-1-01", LexicalFit.WrongForm, 0)]
    [InlineData("01/02/2023", LexicalFit.WrongForm, 0)]
    [InlineData("2023-01-01 ", LexicalFit.WrongForm, 0)]
    public void ReadDate_text_is_judged(string text, LexicalFit fit, long days)
    {
        LexicalForms.ReadDate(Utf8(text), out var read).Should().Be(fit);

        read.Should().Be(days);
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", LexicalFit.Accepted, 0)]
    [InlineData("1970-01-01 00:00:01", LexicalFit.Accepted, 1_000_000)]
    [InlineData("1970-01-01 00:00:00.5", LexicalFit.Accepted, 500_000)]
    [InlineData("1970-01-01T00:00:00.123456000Z", LexicalFit.Accepted, 123_456)]
    [InlineData("1970-01-01T01:30:00+01:30", LexicalFit.Accepted, 0)]
    [InlineData("1969-12-31T23:00:00-01:00", LexicalFit.Accepted, 0)]
    [InlineData("1969-12-31T23:59:59.999999Z", LexicalFit.Accepted, -1)]
    [InlineData("1970-01-01T00:00:00.123456789Z", LexicalFit.OutsideRange, 0)]
    [InlineData("1970-01-01T24:00:00Z", LexicalFit.OutsideRange, 0)]
    [InlineData("2016-12-31T23:59:60Z", LexicalFit.OutsideRange, 0)]
    [InlineData("0001-01-01T00:00:00+01:00", LexicalFit.OutsideRange, 0)]
    [InlineData("9999-12-31T23:59:59-01:00", LexicalFit.OutsideRange, 0)]
    [InlineData("1970-01-01T00:00:00", LexicalFit.WrongForm, 0)]
    [InlineData("1970-01-01 00:00:00Z", LexicalFit.WrongForm, 0)]
    [InlineData("1970-01-01T00:00Z", LexicalFit.WrongForm, 0)]
    [InlineData("1970-01-01T00:00:00.Z", LexicalFit.WrongForm, 0)]
    [InlineData("1970-01-01T00:00:00.1234567890Z", LexicalFit.WrongForm, 0)]
    [InlineData("1970-01-01T00:00:00+0100", LexicalFit.WrongForm, 0)]
    public void ReadTimestamp_text_is_judged(string text, LexicalFit fit, long micros)
    {
        LexicalForms.ReadTimestamp(Utf8(text), out var read).Should().Be(fit);

        read.Should().Be(micros);
    }

    [Theory]
    [InlineData("true", LexicalFit.Accepted)]
    [InlineData("0", LexicalFit.Accepted)]
    [InlineData("TRUE", LexicalFit.WrongForm)]
    [InlineData("yes", LexicalFit.WrongForm)]
    public void ReadBoolean_text_is_judged(string text, LexicalFit fit) =>
        LexicalForms.ReadBoolean(Utf8(text), out _).Should().Be(fit);

    [Theory]
    [InlineData("00112233-4455-6677-8899-AABBccddeeff", LexicalFit.Accepted)]
    [InlineData("{00112233-4455-6677-8899-aabbccddeeff}", LexicalFit.WrongForm)]
    [InlineData("00112233445566778899aabbccddeeff", LexicalFit.WrongForm)]
    [InlineData("00112233-4455-6677-8899-aabbccddeefg", LexicalFit.WrongForm)]
    public void ReadUuid_text_is_judged(string text, LexicalFit fit) => LexicalForms.ReadUuid(Utf8(text), out _).Should().Be(fit);

    [Fact]
    public void ReadSha256_any_case_gives_the_bytes()
    {
        var value = new byte[32];

        LexicalForms.ReadSha256(Utf8(string.Concat(Enumerable.Repeat("aBCd0912", 8))), value).Should().Be(LexicalFit.Accepted);
        value.Should().StartWith([0xAB, 0xCD, 0x09, 0x12]);
    }

    private static decimal Power(int exponent) => Enumerable.Repeat(10m, exponent).Aggregate(1m, (product, ten) => product * ten);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
