using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CleanRoom.Datasets.Inspect;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Client.Datasets;

/// <summary>Which column of a file a column of the contract is, where the names differ.</summary>
public static class ColumnMapping
{
    /// <summary>Returns the contract's columns that the file does not name, in the contract's order.</summary>
    public static ImmutableArray<string> Missing(Dataset dataset, IReadOnlyCollection<string> fileColumns)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return [.. dataset.Schema.Select(column => column.Name).Where(name => !fileColumns.Contains(name))];
    }

    /// <summary>Returns the file's columns that the contract does not name, in the file's order: what a missing column can be.</summary>
    public static ImmutableArray<string> Free(Dataset dataset, IEnumerable<string> fileColumns)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return [.. fileColumns.Where(name => dataset.Schema.All(column => column.Name != name))];
    }

    /// <summary>Proposes, for a person to confirm: a free column whose name is the missing one's but for case, spaces and signs, when it alone is.</summary>
    /// <returns>The file's names by the contract's.</returns>
    public static ImmutableSortedDictionary<string, string> Propose(Dataset dataset, IReadOnlyCollection<string> fileColumns)
    {
        var free = Free(dataset, fileColumns).ToLookup(Letters, StringComparer.Ordinal);
        return Missing(dataset, fileColumns)
            .GroupBy(Letters, StringComparer.Ordinal)
            .Where(same => same.Key.Length > 0 && same.Count() == 1 && free[same.Key].Count() == 1)
            .ToImmutableSortedDictionary(same => same.Single(), same => free[same.Key].Single(), StringComparer.Ordinal);
    }

    /// <summary>Returns a column of the file that is picked for several of the contract; null when each is for one.</summary>
    /// <param name="picked">The file's names.</param>
    public static string? Twice(IEnumerable<string> picked) => picked.GroupBy(theirs => theirs, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1)?.Key;

    /// <summary>Returns the beginning of a CSV file under the contract's names. The file stays as it is.</summary>
    /// <param name="source">The file.</param>
    /// <param name="names">The file's names by the contract's.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The new beginning; <see cref="RefusalCode.DatasetRejected"/> or <see cref="RefusalCode.SourceChanged"/>.</returns>
    public static async Task<Result<RenamedHeader>> RenameAsync(DatasetSource source, IReadOnlyDictionary<string, string> names, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(names);
        return Twice(names.Values) is { } twice
            ? new Refusal(RefusalCode.DatasetRejected, "every column of the file for one of the contract", $"{twice} for several")
            : (await source.ReadAsync(stream => CsvHeader.ReadAsync(stream, cancellationToken), cancellationToken)).Then(header =>
                header.Renamed(names.ToDictionary(name => name.Value, name => name.Key, StringComparer.Ordinal)).Then(bytes =>
                    Result.Accept(new RenamedHeader(header.RowsAt, bytes))));
    }

    private static string Letters(string name)
    {
        var letters = new StringBuilder();
        foreach (var rune in name.Normalize(NormalizationForm.FormC).EnumerateRunes().Where(Rune.IsLetterOrDigit))
        {
            letters.Append(Rune.ToLower(rune, CultureInfo.InvariantCulture));
        }

        return letters.ToString();
    }
}

/// <summary>A beginning that stands for the one of a file.</summary>
/// <param name="Replaces">How many bytes of the file's beginning it stands for.</param>
/// <param name="Bytes">What stands there instead.</param>
public sealed record RenamedHeader(long Replaces, byte[] Bytes);
