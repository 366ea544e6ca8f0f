using CleanRoom.Storage;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Node.Tests.Storage;

/// <summary>What every <see cref="IObjectStore"/> must do. A new implementation derives from this and adds nothing here.</summary>
public abstract class ObjectStoreCompliance
{
    protected const int MaxObjectBytes = 400_000;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected ObjectName Name { get; } = ObjectName.Random();

    /// <summary>Returns an empty store that takes objects of <see cref="MaxObjectBytes"/>.</summary>
    protected abstract Task<IObjectStore> NewStoreAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(81_920)]
    [InlineData(MaxObjectBytes)]
    public async Task Put_keeps_the_bytes(int length)
    {
        var store = await NewStoreAsync();

        (await PutAsync(store, Content(length))).Should().Be(PutOutcome.Stored);

        (await ReadAsync(store)).Should().Equal(Content(length));
        (await store.LengthAsync(ObjectContainer.Uploads, Name, Token)).Should().Be(length);
        (await store.ExistsAsync(ObjectContainer.Uploads, Name, Token)).Should().BeTrue();
    }

    [Fact]
    public async Task Put_of_the_same_bytes_again_is_fine()
    {
        var store = await NewStoreAsync();
        await PutAsync(store, Content(200_000));

        (await PutAsync(store, Content(200_000))).Should().Be(PutOutcome.AlreadyStored);
    }

    [Theory]
    [InlineData(199_999)]
    [InlineData(200_001)]
    [InlineData(200_000)]
    public async Task Put_of_other_bytes_is_refused_and_keeps_the_first(int length)
    {
        var store = await NewStoreAsync();
        await PutAsync(store, Content(200_000));
        var other = Content(length);
        other[^1] ^= 1;

        (await PutAsync(store, other)).Should().Be(PutOutcome.ContentConflict);

        (await ReadAsync(store)).Should().Equal(Content(200_000));
    }

    [Fact]
    public async Task Put_by_many_writers_with_different_bytes_lets_exactly_one_win()
    {
        const int Writers = 16;
        var store = await NewStoreAsync();
        using var start = new Barrier(Writers);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(Token);
                return PutAsync(store, Content(100_000 + writer));
            },
            Token,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));

        outcomes.Should().ContainSingle(outcome => outcome == PutOutcome.Stored);
        outcomes.Where(outcome => outcome != PutOutcome.Stored).Should().AllBeEquivalentTo(PutOutcome.ContentConflict);
        (await ReadAsync(store)).Should().HaveCount(100_000 + Array.IndexOf(outcomes, PutOutcome.Stored));
    }

    [Fact]
    public async Task Put_of_too_many_bytes_is_refused_and_keeps_nothing()
    {
        var store = await NewStoreAsync();

        (await PutAsync(store, Content(MaxObjectBytes + 1))).Should().Be(PutOutcome.TooLarge);

        (await store.ExistsAsync(ObjectContainer.Uploads, Name, Token)).Should().BeFalse();
    }

    [Fact]
    public async Task Put_from_a_stream_that_breaks_keeps_nothing_and_can_be_repeated()
    {
        var store = await NewStoreAsync();

        var put = () => store.PutAsync(ObjectContainer.Uploads, Name, new BreakingStream(Content(200_000), 100_000), Token);

        await put.Should().ThrowAsync<EndOfStreamException>("the caller's own failure comes back as it is");
        (await store.ExistsAsync(ObjectContainer.Uploads, Name, Token)).Should().BeFalse();
        (await PutAsync(store, Content(200_000))).Should().Be(PutOutcome.Stored);
    }

    [Fact]
    public async Task Put_with_a_cancelled_token_keeps_nothing()
    {
        var store = await NewStoreAsync();

        var put = () => store.PutAsync(ObjectContainer.Uploads, Name, new MemoryStream(Content(10)), new CancellationToken(canceled: true));

        await put.Should().ThrowAsync<OperationCanceledException>();
        (await store.ExistsAsync(ObjectContainer.Uploads, Name, Token)).Should().BeFalse();
    }

    [Fact]
    public async Task Containers_do_not_share_names()
    {
        var store = await NewStoreAsync();
        await PutAsync(store, Content(10));

        (await store.ExistsAsync(ObjectContainer.Results, Name, Token)).Should().BeFalse();
        (await store.PutAsync(ObjectContainer.Results, Name, new MemoryStream(Content(20)), Token)).Should().Be(PutOutcome.Stored);
        (await ReadAsync(store)).Should().Equal(Content(10));
    }

    [Fact]
    public async Task Container_that_is_none_is_a_caller_bug()
    {
        var store = await NewStoreAsync();

        var put = () => store.PutAsync(ObjectContainer.None, Name, new MemoryStream(), Token);

        await put.Should().ThrowAsync<ArgumentOutOfRangeException>();
    }

    [Theory]
    [InlineData(0, 1_000, 1_000)]
    [InlineData(150_000, 65_536, 50_000)]
    [InlineData(200_000, 10, 0)]
    [InlineData(900_000, 10, 0)]
    [InlineData(5, 0, 0)]
    public async Task ReadRange_returns_fewer_bytes_only_at_the_end(long offset, int wanted, int got)
    {
        var store = await NewStoreAsync();
        await PutAsync(store, Content(200_000));
        var buffer = new byte[wanted];

        (await store.ReadRangeAsync(ObjectContainer.Uploads, Name, offset, buffer, Token)).Should().Be(got);

        buffer[..got].Should().Equal(Content(200_000).Skip((int)offset).Take(got));
    }

    [Fact]
    public async Task Reads_of_an_object_that_is_not_there_say_so()
    {
        var store = await NewStoreAsync();
        Func<Task>[] reads =
        [
            () => store.OpenReadAsync(ObjectContainer.Uploads, Name, Token),
            () => store.ReadRangeAsync(ObjectContainer.Uploads, Name, 0, new byte[1], Token),
            () => store.LengthAsync(ObjectContainer.Uploads, Name, Token),
        ];

        foreach (var read in reads)
        {
            (await read.Should().ThrowAsync<StorageException>()).Which.Failure.Should().Be(StorageFailure.NotFound);
        }

        (await store.ExistsAsync(ObjectContainer.Uploads, Name, Token)).Should().BeFalse();
    }

    [Fact]
    public async Task OpenRead_gives_a_stream_that_can_seek()
    {
        var store = await NewStoreAsync();
        await PutAsync(store, Content(100_000));
        await using var stream = await store.OpenReadAsync(ObjectContainer.Uploads, Name, Token);
        var buffer = new byte[10];

        stream.Position = 99_990;
        await stream.ReadExactlyAsync(buffer, Token);

        stream.Length.Should().Be(100_000);
        buffer.Should().Equal(Content(100_000)[^10..]);
    }

    [Fact]
    public async Task Delete_removes_and_may_be_repeated()
    {
        var store = await NewStoreAsync();
        await PutAsync(store, Content(10));

        await store.DeleteAsync(ObjectContainer.Uploads, Name, Token);
        await store.DeleteAsync(ObjectContainer.Uploads, Name, Token);

        (await store.ExistsAsync(ObjectContainer.Uploads, Name, Token)).Should().BeFalse();
    }

    [Fact]
    public async Task List_names_the_objects_of_one_container()
    {
        var store = await NewStoreAsync();
        var second = ObjectName.Random();
        await PutAsync(store, Content(10));
        await store.PutAsync(ObjectContainer.Uploads, second, new MemoryStream(Content(20)), Token);
        await store.PutAsync(ObjectContainer.Derived, ObjectName.Random(), new MemoryStream(Content(30)), Token);

        var listed = await store.ListAsync(ObjectContainer.Uploads, Token).ToListAsync(Token);

        listed.Should().BeEquivalentTo([new ObjectInfo(Name, 10), new ObjectInfo(second, 20)]);
    }

    protected static byte[] Content(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)((i * 31) ^ (i >> 8));
        }

        return bytes;
    }

    protected Task<PutOutcome> PutAsync(IObjectStore store, byte[] content) =>
        store.PutAsync(ObjectContainer.Uploads, Name, new MemoryStream(content), Token);

    protected async Task<byte[]> ReadAsync(IObjectStore store)
    {
        await using var stream = await store.OpenReadAsync(ObjectContainer.Uploads, Name, Token);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Token);
        return copy.ToArray();
    }
}
