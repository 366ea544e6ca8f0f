using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using CleanRoom.Datasets.Source;
using CleanRoom.Datasets.Source.CsvFormat;
using CleanRoom.Protocol;

namespace CleanRoom.Datasets.Inspect;

/// <summary>The header of a CSV file, and the same file's header under the names of a contract. The rows behind it stay as they are. Spec: contracts/spec/0007 s.3.1.</summary>
/// <param name="Columns">In file order.</param>
/// <param name="RowsAt">Where the rows begin, in bytes.</param>
public sealed record CsvHeader(ImmutableArray<string> Columns, long RowsAt)
{
    /// <summary>Reads the header and nothing else.</summary>
    /// <param name="source">From its beginning; stays open. Trust: collaborator-controlled.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The header, or <see cref="RefusalCode.DatasetRejected"/>, for a Parquet file too: its names stand at its end, beside where its rows are.</returns>
    /// <exception cref="IOException">The source cannot be read.</exception>
    public static async Task<Result<CsvHeader>> ReadAsync(Stream source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        var (table, problem) = await TableOpener.OpenAsync(source, cancellationToken);
        using var opened = table;
        return table is CsvTable csv
            ? new CsvHeader(csv.Columns, csv.RowsAt)
            : new Refusal(RefusalCode.DatasetRejected, problem?.Wanted ?? "a csv file", problem?.Got ?? "another format");
    }

    /// <summary>Returns the bytes that stand before <see cref="RowsAt"/> once columns are renamed, without a byte order mark.</summary>
    /// <param name="names">New names by old; a column that is not in it keeps its own.</param>
    /// <returns>The bytes, or <see cref="RefusalCode.DatasetRejected"/>: a name that is no column's, or names that are none for a table.</returns>
    public Result<byte[]> Renamed(IReadOnlyDictionary<string, string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Keys.FirstOrDefault(name => !Columns.Contains(name)) is { } stranger)
        {
            return new Refusal(RefusalCode.DatasetRejected, $"a column of the file: {string.Join(", ", Columns)}", stranger);
        }

        var renamed = Columns.Select(name => names.GetValueOrDefault(name, name)).ToList();
        if (HeaderRules.Check(renamed) is { } problem)
        {
            return new Refusal(RefusalCode.DatasetRejected, problem.Wanted, problem.Column is { } column ? $"{column}: {problem.Got}" : problem.Got);
        }

        var bytes = new ArrayBufferWriter<byte>();
        var writer = new CsvWriter(bytes);
        foreach (var name in renamed)
        {
            writer.Field(Encoding.UTF8.GetBytes(name));
        }

        writer.EndRecord();
        return bytes.WrittenSpan.ToArray();
    }
}
