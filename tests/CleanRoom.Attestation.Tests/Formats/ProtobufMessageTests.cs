using CleanRoom.Attestation.Formats;
using CsCheck;

namespace CleanRoom.Attestation.Tests.Formats;

/// <summary>The reader of protobuf messages: what it gives, and what it refuses.</summary>
public sealed class ProtobufMessageTests
{
    [Fact]
    public void Fields_are_found_by_number_and_kind()
    {
        var message = ProtobufMessage.Parse([0x08, 0x96, 0x01, 0x12, 2, 7, 8, 0x19, 1, 0, 0, 0, 0, 0, 0, 0, 0x25, 2, 0, 0, 0, 0x2A, 2, 0x08, 9])!;

        message.NumberAt(1).Should().Be(150);
        message.BytesAt(2)!.Value.ToArray().Should().Equal(7, 8);
        message.NumberAt(3).Should().Be(1);
        message.NumberAt(4).Should().Be(2);
        message.MessageAt(5)!.NumberAt(1).Should().Be(9);
        message.NumberAt(2).Should().BeNull("it is of another kind");
        message.BytesAt(1).Should().BeNull("it is of another kind");
        message.NumberAt(6).Should().BeNull("it is absent");
        message.HasOnly(1, 2, 3, 4, 5).Should().BeTrue();
        message.HasOnly(1, 2, 3, 4).Should().BeFalse();
    }

    [Fact]
    public void Field_that_stands_twice_is_none()
    {
        var message = ProtobufMessage.Parse([0x08, 1, 0x08, 2])!;

        message.NumberAt(1).Should().BeNull("readers differ in which of the two they take");
    }

    [Fact]
    public void Largest_number_is_read_and_a_larger_one_refused()
    {
        byte[] largest = [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];

        ProtobufMessage.Parse(largest)!.NumberAt(1).Should().Be(ulong.MaxValue);
        ProtobufMessage.Parse([.. largest[..^1], 0x02]).Should().BeNull();
        ProtobufMessage.Parse([.. largest[..^1], 0x81, 0x00]).Should().BeNull();
    }

    [Theory]
    [InlineData(new byte[] { 0x08 })]
    [InlineData(new byte[] { 0x08, 0x80 })]
    [InlineData(new byte[] { 0x12, 3, 1, 2 })]
    [InlineData(new byte[] { 0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F })]
    [InlineData(new byte[] { 0x0B, 0x0C })]
    [InlineData(new byte[] { 0x0E, 0 })]
    [InlineData(new byte[] { 0x00, 0 })]
    [InlineData(new byte[] { 0x19, 1, 2 })]
    [InlineData(new byte[] { 0x25, 1, 2 })]
    public void Torn_messages_groups_and_unknown_kinds_are_refused(byte[] bytes) => ProtobufMessage.Parse(bytes).Should().BeNull();

    [Fact]
    public void More_than_64_fields_are_refused()
    {
        ProtobufMessage.Parse([.. Enumerable.Repeat<byte[]>([0x08, 1], 64).SelectMany(field => field)]).Should().NotBeNull();
        ProtobufMessage.Parse([.. Enumerable.Repeat<byte[]>([0x08, 1], 65).SelectMany(field => field)]).Should().BeNull();
    }

    [Fact]
    public void No_bytes_make_the_reader_throw() =>
        Gen.Byte.Array[0, 64].Sample(bytes => { _ = ProtobufMessage.Parse(bytes)?.MessageAt(1); }, iter: 10_000, threads: 1);
}
