using System.Text;
using CleanRoom.Datasets.Source;
using CleanRoom.Datasets.Source.CsvFormat;
using CleanRoom.Engine.Tests.Support;
using CsCheck;

namespace CleanRoom.Engine.Tests.Datasets.Source;

public sealed class CsvRecordReaderTests
{
    private static readonly Gen<byte[]> Texts = Gens.OneOf<byte[]>(
        [.. "a"u8], [.. "bc"u8], [.. ","u8], [.. ","u8], [.. ","u8], [.. "\n"u8], [.. "\n"u8], [.. "\r\n"u8], [.. "\r"u8], [.. "\""u8], [.. "\""u8], [.. "\"\""u8], [.. "\"x\""u8], [0], [0xFF], [.. "é"u8], [0xC3])
        .Array[0, 60].Select(parts => parts.SelectMany(part => part).ToArray());

    [Fact]
    public async Task Read_any_bytes_in_pieces_of_any_size_gives_what_the_table_gives()
    {
        await Gen.Select(Texts, Gen.Int[1, 30]).SampleAsync(async (text, piece) =>
        {
            byte[] csv = [.. "a,b,c\n"u8, .. text];
            return (await TableAsync(csv)).SequenceEqual(await PiecesAsync(csv, piece));
        }, iter: 20_000);
    }

    /// <summary>One line for each record, and one for what ends the reading.</summary>
    private static async Task<List<string>> TableAsync(byte[] csv)
    {
        var (table, _) = await TableOpener.OpenAsync(new MemoryStream(csv), TestContext.Current.CancellationToken);
        using var opened = table;
        var lines = new List<string>();
        while (await table!.ReadAsync(TestContext.Current.CancellationToken))
        {
            var row = table.Row;
            lines.Add(row.IsFaulty
                ? string.Join(';', row.Faults)
                : string.Join('|', Enumerable.Range(0, row.CellCount).Select(i => row.IsNull(i) ? "NULL" : Encoding.UTF8.GetString(row.Cell(i).Span))));
        }

        lines.Add($"{table.Fault}");
        return lines;
    }

    private static async Task<List<string>> PiecesAsync(byte[] csv, int pieceBytes)
    {
        var (table, _) = await TableOpener.OpenAsync(new MemoryStream(csv), TestContext.Current.CancellationToken);
        using var opened = (CsvTable)table!;
        var (source, read) = opened.HandOver();
        using var pieces = new CsvPieces(source, read, opened.RowsAt, pieceBytes);
        var (reader, batch, lines, rows) = (new CsvRecordReader(3, long.MaxValue), new RecordBatch(3), new List<string>(), 0);
        var isNew = true;
        while (await pieces.ReadAsync(TestContext.Current.CancellationToken) is { } piece)
        {
            if (isNew)
            {
                reader.Begin();
                rows = lines.Count;
            }

            batch.Begin(piece.Buffer);
            var goesOn = reader.Read(piece, batch);
            if (goesOn && piece.EndsRecord)
            {
                reader.End(batch);
            }

            Add(lines, batch);
            pieces.Return(piece);
            if (reader.Fault is { } fault)
            {
                lines.Add($"{fault with { Row = fault.Row + rows }}");
                return lines;
            }

            isNew = piece.EndsRecord;
        }

        lines.Add("");
        return lines;
    }

    private static void Add(List<string> lines, RecordBatch batch)
    {
        for (var row = 0; row < batch.Rows; row++)
        {
            var faults = batch.Faults.Where(fault => fault.Row == row).Select(fault => fault.Fault).ToList();
            lines.Add(faults.Count > 0 ? string.Join(';', faults) : string.Join('|', Enumerable.Range(0, 3).Select(i => Text(batch, batch.PlaceOf(row, i)))));
        }
    }

    private static string Text(RecordBatch batch, CellPlace place) =>
        place.IsNull ? "NULL" : Encoding.UTF8.GetString(batch.SourceOf(place).AsSpan(place.Start, place.Length));
}
