using CleanRoom.Engine.ParquetFormat;
using CsCheck;

namespace CleanRoom.Engine.Tests.ParquetFormat;

public class ParquetRangesTests
{
    // BloomFilterHeader { 1: i32 numBytes = 32, 2: union { 1: {} }, 3: union { 1: {} }, 4: union { 1: {} } }.
    private const string Header = "15401c1c00001c1c00001c1c000000";

    [Fact]
    public void BloomFilter_headerWithoutLength_givesHeaderAndBitSet()
    {
        var range = ParquetRanges.BloomFilter(Convert.FromHexString(Header + new string('f', 98)), offset: 1_000, dataEnd: 2_000).Value;
        range.Should().Be(new ByteRange(1_000, (Header.Length / 2) + 32));
    }

    [Theory]
    [InlineData("1500" + "00")]
    [InlineData("00")]
    [InlineData("15")]
    [InlineData("15feffffff0f00")]
    public void BloomFilter_malformedHeader_isRefused(string hex) =>
        ParquetRanges.BloomFilter(Convert.FromHexString(hex), offset: 1_000, dataEnd: 2_000).IsAccepted.Should().BeFalse();

    [Fact]
    public void BloomFilter_beyondTheFooter_isRefused() =>
        ParquetRanges.BloomFilter(Convert.FromHexString(Header), offset: 1_000, dataEnd: 1_020).IsAccepted.Should().BeFalse();

    [Fact]
    public void Skip_anyBytes_endsInsideThem() =>
        Gen.Byte.Array[0, 100].Sample(
            bytes =>
            {
                var reader = new ThriftCompactReader(bytes);
                reader.Skip(ThriftType.Structure);
                reader.Position.Should().BeInRange(0, bytes.Length);
            },
            iter: 5_000);

    [Fact]
    public void Skip_deepNesting_fails()
    {
        var reader = new ThriftCompactReader(Enumerable.Repeat((byte)0x1c, 10_000).ToArray());
        reader.Skip(ThriftType.Structure);
        reader.HasFailed.Should().BeTrue();
    }
}
