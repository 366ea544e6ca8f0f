using CleanRoom.Storage;
using CleanRoom.Storage.Objects;
using CleanRoom.TestKit.Storage;
using Microsoft.Extensions.Time.Testing;

namespace CleanRoom.Node.Tests.Storage;

public sealed class DirectoryObjectStoreTests : ObjectStoreCompliance, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));

    private string Unfinished => _directory.File("objects/unfinished");

    [Fact]
    public async Task Put_that_fails_or_is_refused_leaves_no_file()
    {
        var store = Open();
        await PutAsync(store, Content(10));
        await PutAsync(store, Content(10));
        await PutAsync(store, Content(11));
        await store.PutAsync(ObjectContainer.Derived, Name, new MemoryStream(Content(MaxObjectBytes + 1)), Token);
        var broken = () => store.PutAsync(ObjectContainer.Derived, Name, new BreakingStream(Content(10), 5), Token);
        await broken.Should().ThrowAsync<EndOfStreamException>();

        Directory.GetFiles(_directory.Path, "*", SearchOption.AllDirectories)
            .Should().Equal(Path.Combine(_directory.Path, "objects", "uploads", Name.ToString()));
    }

    [Fact]
    public async Task Open_after_close_finds_the_objects()
    {
        await PutAsync(Open(), Content(10));

        (await ReadAsync(Open())).Should().Equal(Content(10));
    }

    [Fact]
    public void Open_removes_what_a_dead_process_left_and_spares_what_is_being_written()
    {
        _ = Open();
        var (dead, alive) = (Path.Combine(Unfinished, "dead"), Path.Combine(Unfinished, "alive"));
        File.WriteAllText(dead, "half");
        File.WriteAllText(alive, "half");
        File.SetLastWriteTimeUtc(dead, _time.GetUtcNow().UtcDateTime.AddHours(-25));
        File.SetLastWriteTimeUtc(alive, _time.GetUtcNow().UtcDateTime.AddHours(-1));

        _ = Open();

        Directory.GetFiles(Unfinished).Should().Equal(alive);
    }

    [Fact]
    public async Task List_passes_over_files_that_are_not_objects()
    {
        var store = Open();
        await PutAsync(store, Content(10));
        await File.WriteAllTextAsync(_directory.File("objects/uploads/.DS_Store"), "theirs", Token);

        (await store.ListAsync(ObjectContainer.Uploads, Token).ToListAsync(Token)).Should().Equal(new ObjectInfo(Name, 10));
    }

    [Fact]
    public async Task Put_into_a_directory_that_is_gone_is_named()
    {
        var store = Open();
        Directory.Delete(Unfinished);

        var put = () => PutAsync(store, Content(10));

        (await put.Should().ThrowAsync<StorageException>()).Which.Message.Should().StartWith("wanted to ");
    }

    [Fact]
    public void Open_where_a_file_is_in_the_way_is_named()
    {
        File.WriteAllText(_directory.File("objects"), "a file");

        var open = Open;

        open.Should().Throw<StorageException>();
    }

    [Fact]
    public void Directories_are_the_owners_only()
    {
        _ = Open();

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(_directory.File("objects/uploads"))
                .Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public void Dispose() => _directory.Dispose();

    protected override Task<IObjectStore> NewStoreAsync() => Task.FromResult<IObjectStore>(Open());

    private DirectoryObjectStore Open() => DirectoryObjectStore.Open(
        new DirectoryObjectStoreOptions { Path = _directory.File("objects"), MaxObjectBytes = MaxObjectBytes }, _time);
}
