using CleanRoom.Attesters.ConfigfsTsm;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Attesters.Tests.ConfigfsTsm;

/// <summary>The real file access, over a plain directory that a test fills as the kernel fills an entry.</summary>
public sealed class TsmReportDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Entry_is_a_directory_made_and_removed()
    {
        var files = new TsmReportDirectory(_directory.Path);

        files.Make("one");
        Directory.Exists(At("one")).Should().BeTrue();
        files.Remove("one");

        Directory.Exists(At("one")).Should().BeFalse();
    }

    [Fact]
    public void Written_bytes_arrive_as_they_are_and_no_attribute_is_made()
    {
        var files = new TsmReportDirectory(_directory.Path);
        files.Make("one");
        File.WriteAllBytes(At("one/inblob"), []);

        files.Write("one", "inblob", [0, 255, 10]);
        var missing = () => files.Write("one", "privlevel", [1]);

        File.ReadAllBytes(At("one/inblob")).Should().Equal(0, 255, 10);
        missing.Should().Throw<FileNotFoundException>();
    }

    [Fact]
    public void Attribute_is_read_to_its_end_and_bounded_and_may_be_absent()
    {
        var files = new TsmReportDirectory(_directory.Path);
        files.Make("one");
        var content = new byte[10_000];
        Random.Shared.NextBytes(content);
        File.WriteAllBytes(At("one/outblob"), content);

        files.Read("one", "outblob", 10_000).Should().Equal(content);
        files.Read("one", "auxblob", 10_000).Should().BeNull();
        files.Invoking(it => it.Read("one", "outblob", 9_999)).Should().Throw<AttesterException>().WithMessage("*at most 9999 bytes of outblob*");
    }

    [Fact]
    public void Attribute_that_does_not_say_its_length_is_read_too() =>
        new TsmReportDirectory("/proc").Read("self", "cmdline", 100_000).Should().NotBeEmpty("files of the kernel have length zero until they are read");

    [Fact]
    public void Absent_interface_is_named() =>
        FluentActions.Invoking(() => TsmAttester.Open(At("nothing"))).Should().Throw<AttesterException>().WithMessage("*nothing: wanted a directory for reports, got none");

    private string At(string path) => Path.Combine(_directory.Path, path);
}
