using CleanRoom.Attesters.Endorsements;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tests.Endorsements;

public sealed class EndorsementCacheTests : IDisposable
{
    private static readonly EndorsementRequest _chain = AmdKds.VcekChain(AmdProduct.Milan);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("endorsements");
    private readonly InstantTime _time = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Entry_is_read_as_it_was_written_by_another_cache()
    {
        var kept = Made(_chain) with { IssuerChain = new Bytes(Answers.Chain) };
        Cache().TryWrite(kept).Should().BeTrue();

        Cache().Read(_chain).Should().Be(kept);
        Cache().Read(AmdKds.VcekChain(AmdProduct.Genoa)).Should().BeNull();
    }

    [Fact]
    public void Every_changed_byte_makes_the_entry_absent()
    {
        Cache().TryWrite(Made(_chain));
        var file = _folder.GetFiles("*" + EndorsementCache.Extension).Should().ContainSingle().Which.FullName;
        var good = File.ReadAllBytes(file);
        for (var i = 0; i < good.Length; i++)
        {
            var bad = good.ToArray();
            bad[i] ^= 1;
            File.WriteAllBytes(file, bad);
            Cache().Read(_chain).Should().BeNull($"byte {i}");
        }

        File.WriteAllBytes(file, good[..^1]);
        Cache().Read(_chain).Should().BeNull();
        File.WriteAllBytes(file, [.. good, (byte)' ']);
        Cache().Read(_chain).Should().BeNull();
    }

    [Fact]
    public void Entry_under_the_name_of_another_request_is_absent()
    {
        var other = AmdKds.VcekChain(AmdProduct.Genoa);
        Cache().TryWrite(Made(_chain));
        _folder.GetFiles("*" + EndorsementCache.Extension).Single().MoveTo(Path.Combine(_folder.FullName, other.Key + EndorsementCache.Extension));

        Cache().Read(other).Should().BeNull();
    }

    [Fact]
    public void File_that_is_too_large_is_absent()
    {
        using (var stream = File.Create(Path.Combine(_folder.FullName, _chain.Key + EndorsementCache.Extension)))
        {
            stream.SetLength(EndorsementCacheEntry.MaxBytes + 1L);
        }

        Cache().Read(_chain).Should().BeNull();
    }

    [Fact]
    public void Oldest_entries_go_beyond_the_count()
    {
        var cache = Cache(entries: 2);
        EndorsementRequest[] requests = [AmdKds.VcekChain(AmdProduct.Milan), AmdKds.VcekChain(AmdProduct.Genoa), AmdKds.VcekChain(AmdProduct.Turin)];
        for (var i = 0; i < requests.Length; i++)
        {
            cache.TryWrite(Made(requests[i])).Should().BeTrue();
            File.SetLastWriteTimeUtc(Path.Combine(_folder.FullName, requests[i].Key + EndorsementCache.Extension), _time.Now.AddHours(i).UtcDateTime);
        }

        requests.Select(request => cache.Read(request) is not null).Should().Equal(false, true, true);
    }

    [Fact]
    public void Oldest_entries_go_beyond_the_bytes()
    {
        var one = EndorsementCacheEntry.Encode(Made(_chain)).Length;
        var cache = Cache(bytes: one + 10);
        cache.TryWrite(Made(_chain)).Should().BeTrue();
        cache.TryWrite(Made(AmdKds.VcekChain(AmdProduct.Genoa))).Should().BeTrue();

        cache.Read(_chain).Should().BeNull();
        Cache(bytes: one - 1).TryWrite(Made(_chain)).Should().BeFalse();
    }

    [Fact]
    public void Writer_that_meets_another_does_not_write()
    {
        using (new FileStream(Path.Combine(_folder.FullName, "lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            Cache().TryWrite(Made(_chain)).Should().BeFalse();
        }

        Cache().TryWrite(Made(_chain)).Should().BeTrue();
    }

    [Fact]
    public void What_an_interrupted_writer_left_is_cleared()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "torn.endorsement.new"), "half");

        Cache().TryWrite(Made(_chain));

        _folder.GetFiles("*.new").Should().BeEmpty();
    }

    [Fact]
    public void Writers_at_once_leave_whole_entries()
    {
        AmdProduct[] products = [AmdProduct.Milan, AmdProduct.Genoa, AmdProduct.Turin];
        Parallel.For(0, 60, i => Cache(entries: 2).TryWrite(Made(AmdKds.VcekChain(products[i % products.Length]))));

        _folder.GetFiles("*" + EndorsementCache.Extension).Length.Should().BeInRange(1, 2);
        products.Count(product => Cache().Read(AmdKds.VcekChain(product)) is not null)
            .Should().Be(_folder.GetFiles("*" + EndorsementCache.Extension).Length);
    }

    [Fact]
    public async Task Fresh_entry_is_not_asked_for_again()
    {
        using var maker = new FakeMaker(_ => FakeMaker.Ok(Answers.Chain));
        using var http = new HttpEndorsementSource(maker, _time);
        var source = new CachedEndorsementSource(Cache(), http, _time);

        await source.GetAsync(_chain, TestContext.Current.CancellationToken);
        _time.Now += _chain.Lifetime - TimeSpan.FromMilliseconds(1);
        (await source.GetAsync(_chain, TestContext.Current.CancellationToken)).IsAccepted.Should().BeTrue();

        maker.Asked.Should().ContainSingle();
    }

    [Theory]
    [InlineData(30)]
    [InlineData(-1)]
    public async Task Stale_entry_never_stands_in(int days)
    {
        using var http = new HttpEndorsementSource(new FakeMaker(_ => FakeMaker.Ok(Answers.Chain), _ => throw new HttpRequestException("no route")), _time);
        var source = new CachedEndorsementSource(Cache(), http, _time);
        await source.GetAsync(_chain, TestContext.Current.CancellationToken);

        _time.Now += TimeSpan.FromDays(days);

        (await source.GetAsync(_chain, TestContext.Current.CancellationToken)).Refusals.Should().ContainSingle()
            .Which.Code.Should().Be(RefusalCode.Unavailable);
    }

    [Fact]
    public async Task Offline_a_stale_entry_is_for_the_verifier_to_judge()
    {
        var stale = Made(_chain) with { Expires = Timestamp.From(_time.Now) };
        Cache().TryWrite(stale);
        var source = new OfflineEndorsementSource(Cache());

        (await source.GetAsync(_chain, TestContext.Current.CancellationToken)).Value.Should().Be(stale);
        (await source.GetAsync(AzureThim.AmdCertification, TestContext.Current.CancellationToken)).IsAccepted.Should().BeFalse();
    }

    private EndorsementCache Cache(int entries = 256, long bytes = 1 << 20) =>
        new(new EndorsementCacheOptions { Folder = _folder, MaxEntries = entries, MaxTotalBytes = bytes });

    private Endorsement Made(EndorsementRequest request) => new()
    {
        Request = request,
        Content = new Bytes(Answers.Chain),
        IssuerChain = new Bytes([]),
        Fetched = Timestamp.From(_time.Now),
        Expires = Timestamp.From(_time.Now.AddDays(1)),
    };
}
