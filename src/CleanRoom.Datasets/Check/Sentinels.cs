using System.Collections.Frozen;
using System.Text;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Check;

/// <summary>Values that stand for "nobody" and would otherwise be taken for one person. Spec: contracts/spec/0007 s.5; policy of units.</summary>
internal static class Sentinels
{
    private static readonly FrozenSet<Digest> Digests =
    [
        default,
        Digest.Of([]),
        Digest.Of("null"u8),
        Digest.Of("unknown"u8),
    ];

    private static readonly FrozenSet<string> Words = Digests.Select(digest => digest.ToString())
        .Concat(["", "0", "null", "unknown"])
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly int LongestWord = Words.Max(word => word.Length);

    /// <summary>Says whether a value that is not NULL stands for nobody.</summary>
    public static bool Contains(ColumnType type, in CheckedCell cell) => type switch
    {
        ColumnType.Int32 or ColumnType.Int64 or ColumnType.Decimal => cell.Number == 0,
        ColumnType.Uuid => cell.Wide == 0,
        ColumnType.Sha256 => Digests.Contains(new Digest(cell.Bytes.Span)),
        ColumnType.String => cell.Bytes.Length <= LongestWord && Words.Contains(Encoding.UTF8.GetString(cell.Bytes.Span)),
        _ => false,
    };
}
