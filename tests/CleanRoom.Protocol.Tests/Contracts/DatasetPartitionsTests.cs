using CleanRoom.Protocol.Contracts;
using CleanRoom.TestKit.Collaborations;

namespace CleanRoom.Protocol.Tests.Contracts;

public sealed class DatasetPartitionsTests
{
    [Theory]
    [InlineData(0, 100, 1)]
    [InlineData(1, 100, 1)]
    [InlineData(100, 100, 1)]
    [InlineData(101, 100, 2)]
    [InlineData(200, 100, 2)]
    [InlineData(201, 100, 4)]
    [InlineData(6_400, 100, 64)]
    [InlineData(1_000_000, 100, 64)]
    [InlineData(long.MaxValue, 1, 64)]
    public void CountFor_aFile_isTheLeastPowerOfTwo(long bytes, long wanted, int expected) =>
        DatasetPartitions.CountFor(TestContracts.First.Datasets[0], bytes, wanted).Should().Be(expected);

    [Fact]
    public void CountFor_datasetWithoutAUnit_isOne()
    {
        var dataset = TestContracts.First.Datasets[0];

        DatasetPartitions.CountFor(dataset with { Policy = dataset.Policy with { Unit = null } }, 1_000, 1).Should().Be(1);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(1, 0)]
    [InlineData(1, -1)]
    public void CountFor_sizesThatAreNone_areTheCallersBug(long bytes, long wanted)
    {
        var count = () => DatasetPartitions.CountFor(TestContracts.First.Datasets[0], bytes, wanted);

        count.Should().Throw<ArgumentOutOfRangeException>();
    }
}
