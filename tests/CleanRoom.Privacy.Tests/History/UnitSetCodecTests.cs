using CleanRoom.Privacy.History;
using CleanRoom.Privacy.Tests.History.Support;
using CleanRoom.Protocol;
using CsCheck;

namespace CleanRoom.Privacy.Tests.History;

public class UnitSetCodecTests
{
    private const long Units = 600_000;

    public static TheoryData<string> Sets => [.. HistoryVectors.UnitSets.Select(vector => vector.Name)];

    public static TheoryData<string, string, long> Invalid => [.. HistoryVectors.InvalidUnitSets.Select(vector => (vector.Name, vector.Bytes, vector.Units))];

    [Fact]
    public void Decode_encodedSet_isTheSet() => UnitSetTests.Numbers.Sample(
        numbers =>
        {
            var set = UnitSet.Of(numbers);
            UnitSetCodec.Decode(UnitSetCodec.Encode(set), Units).Value.Equals(set).Should().BeTrue();
        },
        iter: 60);

    [Fact]
    public void Decode_bytesChangedAnywhere_refusesOrIsWhatThoseBytesAre() => Gen.Select(UnitSetTests.Numbers, Gen.Int[0, 1 << 20], Gen.Byte[1, 255]).Sample(
        (numbers, place, change) =>
        {
            var bytes = UnitSetCodec.Encode(UnitSet.Of(numbers));
            bytes[place % Math.Min(bytes.Length, 64)] ^= change;
            if (UnitSetCodec.Decode(bytes, Units).TryGet(out var set, out _))
            {
                UnitSetCodec.Encode(set).Should().Equal(bytes);
            }
        },
        iter: 200);

    [Fact]
    public void Decode_bytesCutOffOrExtended_refuses() => UnitSetTests.Numbers.Where(numbers => numbers.Length > 0).Sample(
        numbers =>
        {
            var bytes = UnitSetCodec.Encode(UnitSet.Of(numbers));
            for (var length = 0; length < Math.Min(bytes.Length, 40); length++)
            {
                UnitSetCodec.Decode(bytes.AsSpan(0, length), Units).IsAccepted.Should().BeFalse();
            }

            UnitSetCodec.Decode(bytes.AsSpan(0, bytes.Length - 1), Units).IsAccepted.Should().BeFalse();
            UnitSetCodec.Decode([.. bytes, 0], Units).IsAccepted.Should().BeFalse();
        },
        iter: 20);

    [Theory]
    [InlineData(100, true)]
    [InlineData(99, false)]
    public void Decode_numbersUpToTheUnits_readsThoseBelow(long units, bool isAccepted) =>
        UnitSetCodec.Decode(UnitSetCodec.Encode(UnitSet.Of([3, 99])), units).IsAccepted.Should().Be(isAccepted);

    [Theory]
    [MemberData(nameof(Sets))]
    public void Encode_vector_givesItsBytes(string name)
    {
        var vector = HistoryVectors.UnitSets.Single(vector => vector.Name == name);
        UnitSetCodec.Encode(vector.Set).Should().Equal(Convert.FromHexString(vector.Bytes));
        UnitSetCodec.Decode(Convert.FromHexString(vector.Bytes), vector.Units).Value.Equals(vector.Set).Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Decode_invalidVector_refuses(string name, string bytes, long units) => UnitSetCodec.Decode(Convert.FromHexString(bytes), units)
        .Refusals.Select(refusal => refusal.Code).Should().Equal([RefusalCode.DocumentInvalid], name);
}
