using System.Collections.Frozen;
using System.Text;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Check;

/// <summary>Values that stand for "nobody" and would otherwise be taken for one person. Spec: contracts/spec/0007 s.5; policy of units.</summary>
internal static class Sentinels
{
    // Exactly what generated SQL takes for nobody (contracts/spec/0003 s.4): a unit that only one of the two counts would
    // escape either the cap of rows or the threshold.
    private static readonly FrozenSet<Digest> NobodyDigests = [default, Digest.Of([])];

    private static readonly FrozenSet<string> NobodyWords = NobodyDigests.Select(digest => digest.ToString())
        .Concat(["", "0"])
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<Digest> PlaceholderDigests = [.. NobodyDigests, Digest.Of("null"u8), Digest.Of("unknown"u8)];

    private static readonly FrozenSet<string> PlaceholderWords = PlaceholderDigests.Select(digest => digest.ToString())
        .Concat(["", "0", "null", "unknown"])
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Most texts have no such length, and need not be made into a string.
    private static readonly FrozenSet<int> WordLengths = PlaceholderWords.Select(word => word.Length).ToFrozenSet();

    /// <summary>Says whether a unit that is not NULL is nobody: its rows count for no threshold.</summary>
    public static bool IsNobody(ColumnType type, in CheckedCell cell) => Contains(type, cell, NobodyDigests, NobodyWords);

    /// <summary>Says whether an identifier under a profile stands for a missing one; these are refused.</summary>
    public static bool IsPlaceholder(ColumnType type, in CheckedCell cell) => Contains(type, cell, PlaceholderDigests, PlaceholderWords);

    private static bool Contains(ColumnType type, in CheckedCell cell, FrozenSet<Digest> digests, FrozenSet<string> words) => type switch
    {
        ColumnType.Int32 or ColumnType.Int64 or ColumnType.Decimal => cell.Number == 0,
        ColumnType.Uuid => cell.Wide == 0,
        ColumnType.Sha256 => digests.Contains(new Digest(cell.Bytes)),
        ColumnType.String => WordLengths.Contains(cell.Bytes.Length) && words.Contains(Encoding.UTF8.GetString(cell.Bytes)),
        _ => false,
    };
}
