using CleanRoom.Datasets.Problems;
using CleanRoom.Datasets.Source.CsvFormat;
using CleanRoom.Datasets.Source.ParquetFormat;

namespace CleanRoom.Datasets.Source;

/// <summary>Opens a stream as a table. The format is told from the first bytes, never from a name.</summary>
internal static class TableOpener
{
    /// <summary>Opens the table, or says why not. Exactly one of the two is null.</summary>
    /// <param name="source">CSV: readable. Parquet: readable and seekable. Read from its beginning; stays open.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<(SourceTable? Table, DatasetProblem? Problem)> OpenAsync(Stream source, CancellationToken cancellationToken)
    {
        var start = new byte[4];
        var length = await source.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        return start.AsSpan(0, length) switch
        {
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => (null, DatasetProblem.OfFile(ProblemKind.NotUtf8, "utf-8 text", "a utf-16 byte order mark")),
            [(byte)'P', (byte)'A', (byte)'R', (byte)'1'] => await ParquetTable.OpenAsync(source, cancellationToken),
            [(byte)'P', (byte)'A', (byte)'R', (byte)'E'] => (null, DatasetProblem.OfFile(
                ProblemKind.FormatUnsupported, "parquet without modular encryption", "an encrypted footer")),
            _ => await CsvTable.OpenAsync(source, start.AsMemory(0, length), cancellationToken),
        };
    }
}
