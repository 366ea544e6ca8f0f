using System.Text;
using CleanRoom.Engine.Loading;
using CleanRoom.Engine.Memory;
using CleanRoom.Engine.ParquetFormat;
using CleanRoom.Engine.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Engine.Tests.Loading;

public class EngineInputLoaderTests(EngineFixture engine)
{
    private static readonly byte[] People = ParquetBytes.People();

    [Fact]
    public async Task LoadAsync_someColumns_leavesTheOthersZero()
    {
        using var file = (await Load(new BytesSource(People), ["id", "v"])).Value;
        var tail = ParquetFooter.Locate(People.AsSpan(People.Length - 8), People.Length).Value;
        var footer = ParquetFooter.Parse(People.AsSpan((int)tail.Offset, (int)tail.Length), tail.Offset).Value;
        foreach (var chunk in footer.Chunks)
        {
            var loaded = file.Read(chunk.Pages.Offset, (int)chunk.Pages.Length);
            if (chunk.Column is "id" or "v")
            {
                loaded.SequenceEqual(People.AsSpan((int)chunk.Pages.Offset, (int)chunk.Pages.Length)).Should().BeTrue();
            }
            else
            {
                loaded.ContainsAnyExcept((byte)0).Should().BeFalse(chunk.Column);
            }
        }
    }

    [Fact]
    public async Task LoadAsync_someColumns_readsEachByteAtMostOnce()
    {
        var source = new BytesSource(People);
        using var file = (await Load(source, ["g"])).Value;
        source.Reads.Sum(read => read.Length).Should().BeLessThan(People.Length / 2);
        var ordered = source.Reads.OrderBy(read => read.Offset).ToArray();
        ordered.Zip(ordered.Skip(1)).Should().OnlyContain(pair => pair.First.Offset + pair.First.Length <= pair.Second.Offset);
    }

    [Fact]
    public async Task LoadAsync_bloomFilters_areLoadedForEveryRowGroup()
    {
        using var file = (await Load(new BytesSource(People), ["g"])).Value;
        var tail = ParquetFooter.Locate(People.AsSpan(People.Length - 8), People.Length).Value;
        var filters = ParquetFooter.Parse(People.AsSpan((int)tail.Offset, (int)tail.Length), tail.Offset).Value.Chunks
            .Where(chunk => chunk is { Column: "g", BloomFilterOffset: not null }).ToArray();
        filters.Should().HaveCount(10, "the file has ten row groups");
        foreach (var (offset, length) in filters.Select(chunk => (chunk.BloomFilterOffset!.Value, (int)chunk.BloomFilterLength!.Value)))
        {
            file.Read(offset, length).SequenceEqual(People.AsSpan((int)offset, length)).Should().BeTrue();
        }
    }

    [Fact]
    public async Task LoadAsync_eachReadRefused_passesTheRefusalOnAndKeepsNoMemory()
    {
        using var pool = new AnonymousFilePool(1 << 24);
        var whole = new BytesSource(People);
        (await Load(whole, ["g"], pool)).Value.Dispose();
        for (var read = 0; read < whole.Reads.Count; read++)
        {
            var refused = await Load(new BytesSource(People) { RefusedRead = read }, ["g"], pool);
            refused.Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SealInvalid);
        }

        using var all = pool.Rent(1 << 24).Value;
        all.Length.Should().Be(1 << 24, "every lease came back");
    }

    [Fact]
    public async Task LoadAsync_severalReaders_loadTheSame()
    {
        using var one = (await Load(new BytesSource(People), ["g", "v"])).Value;
        for (var round = 0; round < 20; round++)
        {
            BytesSource[] readers = [.. Enumerable.Range(0, 4).Select(_ => new BytesSource(People))];
            using var file = (await EngineInputLoader.LoadAsync(readers, ["g", "v"], engine.Pool, TestContext.Current.CancellationToken)).Value;

            file.Read(0, (int)file.Length).SequenceEqual(one.Read(0, (int)one.Length)).Should().BeTrue();
            var reads = readers.SelectMany(reader => reader.Reads).OrderBy(read => read.Offset).ToArray();
            reads.Zip(reads.Skip(1)).Should().OnlyContain(pair => pair.First.Offset + pair.First.Length <= pair.Second.Offset, "each byte is read once");
        }
    }

    /// <summary>All wait for the one that is refused, so that each has a part of the file under way.</summary>
    [Fact]
    public async Task LoadAsync_oneOfSeveralReadersRefused_isRefusedAndKeepsNoMemory()
    {
        using var pool = new AnonymousFilePool(1 << 24);
        var refused = new TaskCompletionSource();
        ISealedSource[] readers = [new GatedSource(refused, isRefused: false), new GatedSource(refused, isRefused: true)];

        var loaded = await EngineInputLoader.LoadAsync(readers, ["g", "v"], pool, TestContext.Current.CancellationToken);

        loaded.Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.SealInvalid);
        using var all = pool.Rent(1 << 24).Value;
        all.Length.Should().Be(1 << 24, "the lease came back");
    }

    [Fact]
    public async Task LoadAsync_columnThatIsNotThere_isRefused() =>
        (await Load(new BytesSource(People), ["g", "nowhere"])).Refusals.Should().ContainSingle()
            .Which.Wanted.Should().EndWith("the columns nowhere");

    [Theory]
    [InlineData("")]
    [InlineData("PAR1")]
    [InlineData("this is not a parquet file at all")]
    [InlineData("PAR1 this neither, though it ends so PAR1")]
    public async Task LoadAsync_notParquet_isRefused(string text) =>
        (await Load(new BytesSource(Encoding.ASCII.GetBytes(text)), [])).Refusals.Should().ContainSingle()
            .Which.Code.Should().Be(RefusalCode.PartInvalid);

    [Fact]
    public async Task LoadAsync_poolFull_isRefused()
    {
        using var pool = new AnonymousFilePool(1_000);
        (await Load(new BytesSource(People), [], pool)).Refusals.Should().ContainSingle().Which.Code.Should().Be(RefusalCode.TooManyRequests);
    }

    /// <summary>Is refused a column, or waits with one until another reader was refused.</summary>
    private sealed class GatedSource(TaskCompletionSource refused, bool isRefused) : ISealedSource
    {
        private readonly BytesSource _bytes = new(People);
        private readonly long _dataEnd = ParquetFooter.Locate(People.AsSpan(People.Length - 8), People.Length).Value.Offset;

        public long PlaintextLength => _bytes.PlaintextLength;

        public async ValueTask<Refusal?> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
        {
            var isColumn = offset > 0 && offset < _dataEnd;
            if (isColumn && isRefused)
            {
                refused.TrySetResult();
                return new Refusal(RefusalCode.SealInvalid, "an authentic segment", "another");
            }

            await (isColumn ? refused.Task.WaitAsync(cancellationToken) : Task.CompletedTask);
            return await _bytes.ReadAsync(offset, destination, cancellationToken);
        }
    }

    private Task<Result<AnonymousFile>> Load(BytesSource source, string[] columns, AnonymousFilePool? pool = null) =>
        EngineInputLoader.LoadAsync([source], columns, pool ?? engine.Pool, TestContext.Current.CancellationToken);
}
