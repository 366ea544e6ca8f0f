using System.CommandLine;
using System.Text;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Inspect;

namespace CleanRoom.Cli.Commands.Dataset;

/// <summary><c>cleanroom dataset inspect FILE</c>: schema, counts and first rows. Nothing leaves the machine.</summary>
internal static class DatasetInspectCommand
{
    private const int PreviewRows = 5;

    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "CSV or Parquet." };
        var command = new Command("inspect", "Prints schema, counts and the first rows as JSON. Nothing leaves this machine.") { file };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var source = parsed.GetRequiredValue(file);
            if (!source.Exists)
            {
                Console.Error.WriteLine($"cleanroom: wanted a file; got nothing at {source.FullName}");
                return ExitCodes.Usage;
            }

            await using var stream = source.OpenRead();
            var inspection = await DatasetInspector.RunAsync(stream, PreviewRows, progress: null, cancellationToken);
            Console.Out.WriteLine(Encoding.UTF8.GetString(IngestReportCodec.Encode(inspection)));
            return ExitCodes.Ok;
        });
        return command;
    }
}
