using System.Collections.Immutable;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Inspect;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Datasets;

/// <summary>What the owner sees of a file before anything of it leaves: its first rows, and what the contract's rules say of its beginning.</summary>
/// <param name="Preview">The first rows, or why there are none.</param>
/// <param name="Problems">In sentences; empty when the beginning passes. The whole file is checked before it is sealed.</param>
public sealed record FirstLook(Result<DatasetPreview> Preview, ImmutableArray<string> Problems)
{
    /// <summary>What is checked at once: enough for the rows that are shown, and little enough not to be waited for.</summary>
    private const long CheckedBytes = 16 << 10;

    private const int MostProblems = 10;

    private static readonly CheckOptions _options = new() { Bytes = CheckedBytes };

    /// <summary>Looks at a file. Nothing is kept of it, and nothing is sent.</summary>
    /// <param name="source">The file.</param>
    /// <param name="dataset">The dataset of the contract that it is to be.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<FirstLook> AtAsync(DatasetSource source, Dataset dataset, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(dataset);
        var preview = await source.ReadAsync(stream => DatasetPreview.ReadAsync(stream, DatasetInspector.PreviewRows, cancellationToken), cancellationToken);
        if (!preview.IsAccepted)
        {
            return new FirstLook(preview, []);
        }

        var checkedStart = await source.ReadAsync(
            async stream => Result.Accept(await DatasetChecker.RunAsync(stream, dataset, _options, progress: null, cancellationToken)), cancellationToken);
        return new FirstLook(preview, checkedStart.TryGet(out var report, out var refusals)
            ? report.Accepted ? [] : [.. ReportWords.Of(dataset.SqlName, report).Take(MostProblems)]
            : [.. refusals.Select(refusal => refusal.ToString())]);
    }
}
