using CleanRoom.Attestation.Formats;
using static CleanRoom.Attestation.Tests.GoogleVtpm.ProtoBytes;

namespace CleanRoom.Attestation.Tests.Formats;

/// <summary>One message, one reading.</summary>
public sealed class ProtoMessageTests
{
    [Fact]
    public void Fields_are_read_in_any_order_and_absent_ones_are_zero()
    {
        var message = ProtoMessage.Parse([.. Field(3, [7, 8]), .. Field(1, ulong.MaxValue), .. Field(3, []), .. Field(2, [9])]);

        message.Number(1).Should().Be(ulong.MaxValue);
        message.Content(2).ToArray().Should().Equal(9);
        message.All(3).Select(one => one.Length).Should().Equal(2, 0);
        message.Number(4).Should().Be(0);
        message.Content(5).Length.Should().Be(0);
        message.All(6).Should().BeEmpty();
        message.IsDone.Should().BeTrue();
    }

    [Fact]
    public void A_field_that_nobody_asks_for_is_refused()
    {
        var message = ProtoMessage.Parse([.. Field(1, 5), .. Field(2, 6)]);

        message.Number(1).Should().Be(5);
        message.IsDone.Should().BeFalse();
    }

    [Fact]
    public void A_field_twice_or_of_another_kind_or_size_is_refused()
    {
        Broken([.. Field(1, 5), .. Field(1, 5)], message => message.Number(1));
        Broken([.. Field(1, [5]), .. Field(1, [5])], message => message.Content(1).Length);
        Broken(Field(1, [5]), message => message.Number(1));
        Broken(Field(1, 5), message => message.Content(1).Length);
        Broken(Field(1, 5), message => message.All(1).Length);
        Broken(Field(1, 1UL << 32), message => message.Number32(1));
        Broken(Field(1, [5, 6]), message => message.Exactly(1, 3).Length);
        Broken([], message => message.Exactly(1, 3).Length);
    }

    [Theory]
    [InlineData("08")] // no number
    [InlineData("0a02ff")] // fewer bytes than stated
    [InlineData("0affffffffffffffffff01")] // a length of 64 bits
    [InlineData("0a80808080800800")] // a length beyond an int
    [InlineData("0001")] // field 0
    [InlineData("0901")] // fixed 64
    [InlineData("0b0c")] // a group
    [InlineData("0d01020304")] // fixed 32
    [InlineData("088000")] // another spelling of 0
    [InlineData("08ff00")] // another spelling of 127
    [InlineData("08ffffffffffffffffff02")] // more than 64 bits
    [InlineData("08ffffffffffffffffffff01")] // more than ten bytes
    [InlineData("88808080808001")] // a field number beyond 32 bits, and no number
    [InlineData("80")]
    public void Other_bytes_are_refused(string hex)
    {
        // Whichever kind it is read as: reading it as both would refuse every field.
        Broken(Convert.FromHexString(hex), message => message.Number(1));
        Broken(Convert.FromHexString(hex), message => message.All(1).Length);
    }

    [Fact]
    public void More_fields_than_any_message_has_are_refused()
    {
        ProtoMessage.Parse([.. Enumerable.Repeat(Field(1, []), 1_024).SelectMany(one => one)]).All(1).Should().HaveCount(1_024);
        Broken([.. Enumerable.Repeat(Field(1, []), 1_025).SelectMany(one => one)], message => message.All(1).Length);
    }

    private static void Broken<T>(byte[] bytes, Func<ProtoMessage, T> read)
    {
        var message = ProtoMessage.Parse(bytes);
        read(message);
        message.IsDone.Should().BeFalse(Convert.ToHexStringLower(bytes.AsSpan(0, Math.Min(bytes.Length, 16))));
    }
}
