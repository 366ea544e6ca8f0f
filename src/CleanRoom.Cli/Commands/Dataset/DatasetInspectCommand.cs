using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CleanRoom.Cli.Hosting;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Inspect;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Commands.Dataset;

/// <summary><c>cleanroom dataset inspect FILE</c>: schema, counts and first rows. Nothing leaves the machine.</summary>
internal static class DatasetInspectCommand
{
    private const int PreviewRows = 5;

    private static readonly Argument<FileInfo> _file = new("file") { Description = "CSV or Parquet." };

    public static Command Create(CliHost host) => Verb.Create(
        host, "inspect", "Prints schema, counts and the first rows. Nothing leaves this machine.", [_file],
        (context, cancel) => LocalSource.Of(context.Require(_file)).TryGet(out var source, out var refusals)
            ? RunAsync(source, cancel)
            : Task.FromResult<Result<VerbAnswer>>(refusals));

    private static async Task<Result<VerbAnswer>> RunAsync(Client.Datasets.DatasetSource source, CancellationToken cancellationToken)
    {
        await using var stream = await source.Open(cancellationToken);
        var found = await DatasetInspector.RunAsync(stream, PreviewRows, progress: null, cancellationToken);
        return new VerbAnswer(
            JsonNode.Parse(IngestReportCodec.Encode(found))!, // An object.
            [
                string.Create(CultureInfo.InvariantCulture, $"{found.Format?.ToString().ToLowerInvariant() ?? "no table"}: {found.Rows} rows, {found.Bytes} bytes"),
                .. found.Columns.Select(column =>
                    $"  {column.Name}: {column.Type.ToString().ToLowerInvariant()}, {(column.DistinctExact ? string.Empty : "at least ")}{column.Distinct} "
                    + $"different values, {column.Nulls} missing, {column.Min ?? "nothing"} to {column.Max ?? "nothing"}"),
                .. found.Problems.Select(problem => $"  problem: {problem}"),
                .. found.Preview.Select(row => "  " + string.Join(" | ", row.Select(cell => cell ?? "-"))),
            ]);
    }
}
