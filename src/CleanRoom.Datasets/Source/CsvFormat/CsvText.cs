using System.Text;
using System.Text.Unicode;
using CleanRoom.Datasets.Problems;

namespace CleanRoom.Datasets.Source.CsvFormat;

/// <summary>What holds for the bytes of every cell. Spec: contracts/spec/0007 s.3.1.</summary>
internal static class CsvText
{
    /// <summary>Says whether bytes need no further look: ASCII without U+0000.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> bytes) => Ascii.IsValid(bytes) && !bytes.Contains((byte)0);

    /// <summary>Marks a record whose cells are no UTF-8 or hold U+0000.</summary>
    public static void Check(SourceRow row)
    {
        // Cell by cell: a sequence broken over two cells would pass as one in the joined bytes.
        for (var i = 0; i < row.CellCount; i++)
        {
            var cell = row.Cell(i).Span;
            if (!Utf8.IsValid(cell))
            {
                row.AddFault(new RowFault(ProblemKind.BadUtf8, i, "valid utf-8", "other bytes"));
            }
            else if (cell.Contains((byte)0))
            {
                row.AddFault(new RowFault(ProblemKind.NulCharacter, i, "text without u+0000", "u+0000"));
            }
        }
    }

    /// <summary>Marks a record that has another number of fields than the header.</summary>
    public static void CheckFields(SourceRow row, long fields, int columns)
    {
        if (fields != columns)
        {
            row.AddFault(new RowFault(ProblemKind.RaggedRow, -1, $"{columns} fields, as in the header", $"{fields} fields"));
        }
    }
}
