using CleanRoom.Storage;
using CleanRoom.Storage.Objects;

namespace CleanRoom.Node.Tests.Storage;

/// <summary>What every store on a server must do beyond <see cref="ObjectStoreCompliance"/>. Each test has a prefix of its own.</summary>
public abstract class RemoteObjectStoreCompliance : ObjectStoreCompliance
{
    private static int _prefixes;

    protected string Prefix { get; } = $"tests/room-{Interlocked.Increment(ref _prefixes)}";

    [Fact]
    public async Task Put_by_many_writers_of_the_same_bytes_is_fine_for_all()
    {
        var store = await NewStoreAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PutAsync(store, Content(300_000))));

        outcomes.Should().ContainSingle(outcome => outcome == PutOutcome.Stored);
        outcomes.Where(outcome => outcome != PutOutcome.Stored).Should().AllBeEquivalentTo(PutOutcome.AlreadyStored);
        (await ReadAsync(store)).Should().Equal(Content(300_000));
    }

    [Fact]
    public async Task Rooms_of_different_prefixes_do_not_see_each_other()
    {
        var store = await NewStoreAsync();
        await PutAsync(store, Content(10));

        var other = await OpenAsync(Prefix + "-2");

        (await other.ExistsAsync(ObjectContainer.Uploads, Name, Token)).Should().BeFalse();
        (await other.ListAsync(ObjectContainer.Uploads, Token).ToListAsync(Token)).Should().BeEmpty();
        (await PutAsync(other, Content(20))).Should().Be(PutOutcome.Stored);
    }

    [Fact]
    public async Task List_gives_more_objects_than_a_page_holds()
    {
        const int Objects = 1_003;
        var store = await NewStoreAsync();
        await Parallel.ForAsync(0, Objects, Token, async (_, token) =>
            await store.PutAsync(ObjectContainer.Results, ObjectName.Random(), new MemoryStream([1]), token));

        (await store.ListAsync(ObjectContainer.Results, Token).Distinct().CountAsync(Token)).Should().Be(Objects);
    }

    [Fact]
    public async Task Object_that_shrinks_while_it_is_read_is_named_as_damage()
    {
        var store = await NewStoreAsync();
        await PutAsync(store, Content(MaxObjectBytes));
        await using var stream = await store.OpenReadAsync(ObjectContainer.Uploads, Name, Token);
        await store.DeleteAsync(ObjectContainer.Uploads, Name, Token);
        await PutAsync(store, Content(10));

        var read = () => stream.ReadExactlyAsync(new byte[MaxObjectBytes], Token).AsTask();

        (await read.Should().ThrowAsync<StorageException>()).Which.Failure.Should().Be(StorageFailure.Damaged);
    }

    [Fact]
    public async Task Calls_to_a_server_that_is_gone_are_named()
    {
        var store = await OpenAndKillAsync();
        Func<Task>[] calls =
        [
            () => PutAsync(store, Content(10)),
            () => store.OpenReadAsync(ObjectContainer.Uploads, Name, Token),
            () => store.ReadRangeAsync(ObjectContainer.Uploads, Name, 0, new byte[1], Token),
            () => store.ExistsAsync(ObjectContainer.Uploads, Name, Token),
            () => store.DeleteAsync(ObjectContainer.Uploads, Name, Token),
            () => store.ListAsync(ObjectContainer.Uploads, Token).ToListAsync(Token).AsTask(),
        ];

        foreach (var call in calls)
        {
            var failure = (await call.Should().ThrowAsync<StorageException>()).Which;
            failure.Failure.Should().Be(StorageFailure.Failed);
            failure.Message.Should().EndWith("got no connection to the object store, or one that broke");
        }
    }

    protected sealed override Task<IObjectStore> NewStoreAsync() => OpenAsync(Prefix);

    /// <summary>Opens a store that takes objects of <see cref="ObjectStoreCompliance.MaxObjectBytes"/>.</summary>
    protected abstract Task<IObjectStore> OpenAsync(string prefix);

    /// <summary>Opens a store at a server of its own, and kills the server.</summary>
    protected abstract Task<IObjectStore> OpenAndKillAsync();
}
