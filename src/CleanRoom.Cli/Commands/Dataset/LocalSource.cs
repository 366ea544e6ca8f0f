using CleanRoom.Cli.Hosting;
using CleanRoom.Client.Datasets;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Commands.Dataset;

/// <summary>A file on this machine as a source.</summary>
internal static class LocalSource
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Looks at a file.</summary>
    /// <returns>The source, or <see cref="RefusalCode.DocumentInvalid"/> when there is none that can be read, or it is a pipe or a device.</returns>
    public static Result<DatasetSource> Of(FileInfo file)
    {
        try
        {
            using var readable = Open(file);
            if (InputFiles.WhyNotRegular(readable) is { } refusal)
            {
                return refusal;
            }

            file.Refresh();
            return new DatasetSource(readable.Length, Timestamp.From(file.LastWriteTimeUtc), _ => ValueTask.FromResult<Stream>(Open(file)));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "a file that can be read", $"none at {file.FullName}");
        }
    }

    private static FileStream Open(FileInfo file) => new(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, useAsync: true);
}
