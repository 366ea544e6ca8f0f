using CleanRoom.Engine.Wire;
using CsCheck;

namespace CleanRoom.Engine.Tests.Wire;

public class FrameTests
{
    private static readonly Gen<FrameKind> Kinds = Gen.OneOf(Enum.GetValues<FrameKind>().Where(kind => kind != FrameKind.None).Select(kind => Gen.Const(kind)).ToArray());

    [Fact]
    public void TryParse_encodedFrame_givesItBack() =>
        Gen.Select(Kinds, Gen.Byte.Array[0, 200], Gen.Byte.Array[0, 200]).Sample((kind, header, payload) =>
        {
            byte[] bytes = [.. Frame.EncodeHead(kind, header, payload.Length), .. payload];
            Frame.TryReadLength(bytes.AsSpan(0, 4), 1_000, out var length).Should().BeTrue();
            length.Should().Be(bytes.Length - 4);
            Frame.TryParse(bytes.AsMemory(4), out var frame).Should().BeTrue();
            frame.Kind.Should().Be(kind);
            frame.Header.ToArray().Should().Equal(header);
            frame.Payload.ToArray().Should().Equal(payload);
        });

    [Fact]
    public void TryParse_anyBytes_neverThrows() =>
        Gen.Byte.Array[0, 64].Sample(bytes =>
        {
            _ = Frame.TryParse(bytes, out _);
        });

    [Theory]
    [InlineData(0, false)]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(1_000, true)]
    [InlineData(1_001, false)]
    [InlineData(uint.MaxValue, false)]
    public void TryReadLength_value_isHeldToTheLimit(uint value, bool isAccepted)
    {
        byte[] field = [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
        Frame.TryReadLength(field, 1_000, out _).Should().Be(isAccepted);
    }

    [Theory]
    [InlineData("0000000000")]
    [InlineData("0500000000")]
    [InlineData("ff00000000")]
    [InlineData("0100000001")]
    [InlineData("01ffffffff")]
    [InlineData("01000000")]
    public void TryParse_unknownKindOrLongHeader_refuses(string hex) =>
        Frame.TryParse(Convert.FromHexString(hex), out _).Should().BeFalse();

    [Theory]
    [InlineData("""{"count":1,"more":2}""")]
    [InlineData("""{}""")]
    [InlineData("""{"count":"1"}""")]
    [InlineData("not json")]
    public void Read_headerOfAnotherShape_givesNull(string json) =>
        WireJson.Read(System.Text.Encoding.UTF8.GetBytes(json), WireJson.Default.InputsHeader).Should().BeNull();
}
