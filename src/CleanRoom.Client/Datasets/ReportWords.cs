using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CleanRoom.Datasets.Check;
using CleanRoom.Protocol;

namespace CleanRoom.Client.Datasets;

/// <summary>Shows what a check of a dataset found, to its owner.</summary>
public static class ReportWords
{
    private const int MostProblems = 20;

    /// <summary>Returns the report in lines.</summary>
    public static IEnumerable<string> Of(string dataset, IngestReport report) =>
    [
        $"{dataset}: {(report.Accepted ? "accepted" : "refused")}, {report.Rows} rows of {report.DistinctUnits} units, "
        + $"at most {report.MaxRowsPerUnit} rows of one, {report.RoundedCells} cells rounded to the declared scale, {report.DuplicateRows} duplicate rows",
        .. report.ProblemCounts.Select(kind => $"  {kind.Value} of {kind.Key}"),
        .. report.Problems.Take(MostProblems).Select(problem => $"  {problem}"),
    ];

    /// <summary>Returns the report as JSON.</summary>
    public static JsonNode Json(IngestReport report) => JsonNode.Parse(IngestReportCodec.Encode(report))!; // An object.

    /// <summary>Returns the refusals of a refused dataset: each problem that is shown.</summary>
    public static ImmutableArray<Refusal> Refusals(string dataset, IngestReport report) =>
    [
        .. report.Problems.Take(MostProblems).Select(problem => new Refusal(RefusalCode.DatasetRejected, $"{dataset}: {problem.Wanted}", problem.Row is null
            ? problem.Got
            : $"{problem.Got} in row {problem.Row}{(problem.Column is { } column ? $", column {column}" : string.Empty)}")),
    ];
}
