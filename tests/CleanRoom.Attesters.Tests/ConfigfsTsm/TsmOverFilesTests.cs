using System.Security.Cryptography;
using CleanRoom.Attesters.ConfigfsTsm;
using CleanRoom.TestKit.Storage;

namespace CleanRoom.Attesters.Tests.ConfigfsTsm;

/// <summary>The attester over real files: the kernel's part is played between the calls, in a plain directory.</summary>
public sealed class TsmOverFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Report_is_read_from_the_files_and_nothing_stays_behind()
    {
        var reportData = SHA512.HashData("a question"u8);

        var made = await TsmAttester.Open(new KernelsPart(_directory.Path), privilegeLevel: 1).AttestAsync(reportData, TestContext.Current.CancellationToken);

        made.Evidence.ToArray().Should().Equal([(byte)'1', .. reportData]);
        Directory.GetFileSystemEntries(_directory.Path).Should().BeEmpty();
    }

    private sealed class KernelsPart(string path) : ITsmReportFiles
    {
        private readonly TsmReportDirectory _files = new(path);
        private int _generation;

        public string Name => _files.Name;

        public void Make(string entry)
        {
            _files.Make(entry);
            File.WriteAllText(At(entry, "provider"), "tdx_guest\n");
            File.WriteAllText(At(entry, "generation"), $"{_generation}\n");
            File.WriteAllBytes(At(entry, "inblob"), []);
            File.WriteAllBytes(At(entry, "privlevel"), []);
        }

        public void Write(string entry, string attribute, ReadOnlySpan<byte> value)
        {
            _files.Write(entry, attribute, value);
            File.WriteAllText(At(entry, "generation"), $"{++_generation}\n");
            File.WriteAllBytes(At(entry, "outblob"), [.. File.ReadAllBytes(At(entry, "privlevel")), .. File.ReadAllBytes(At(entry, "inblob"))]);
        }

        public byte[]? Read(string entry, string attribute, int maxBytes) => _files.Read(entry, attribute, maxBytes);

        public void Remove(string entry)
        {
            // In configfs the attributes go with their entry.
            foreach (var file in Directory.GetFiles(At(entry, string.Empty)))
            {
                File.Delete(file);
            }

            _files.Remove(entry);
        }

        private string At(string entry, string attribute) => Path.Combine(path, entry, attribute);
    }
}
