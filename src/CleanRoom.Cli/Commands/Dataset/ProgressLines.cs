using CleanRoom.Cli.Hosting;
using CleanRoom.Client.Datasets;
using CleanRoom.Datasets.Check;

namespace CleanRoom.Cli.Commands.Dataset;

/// <summary>Tells progress on the error stream, a line for every tenth.</summary>
internal sealed class ProgressLines(CliHost host, string what) : IProgress<UploadProgress>, IProgress<IngestProgress>
{
    private const int Step = 10;

    private int _told;

    public void Report(UploadProgress value) => Tell(value.BytesDone, value.Bytes);

    public void Report(IngestProgress value) => Tell(value.BytesRead, value.BytesTotal ?? 0);

    private void Tell(long done, long total)
    {
        var percent = total == 0 ? 0 : (int)(done * 100 / total);
        if (percent / Step > _told / Step)
        {
            _told = percent;
            host.Say($"{what}: {percent}%");
        }
    }
}
