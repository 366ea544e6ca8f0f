using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using CleanRoom.Datasets.Check;
using CleanRoom.Datasets.Conversion.Encodings;
using CleanRoom.Datasets.Problems;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Conversion;

/// <summary>Writes a small table, such as an answer, as a Parquet file of one row group: every column may hold no value.</summary>
/// <remarks>The same writer as for derived files, without rules, tokens and encodings that not every program reads. Spec: contracts/spec/0007 s.10.</remarks>
public static class PlainParquet
{
    /// <summary>Writes the columns.</summary>
    /// <param name="columns">At least one; all of the same length, which is at least 1.</param>
    /// <param name="cancellationToken">Stops between columns.</param>
    /// <returns>The file's bytes; or <see cref="RefusalCode.DocumentInvalid"/> for a cell that its column's type cannot hold exactly.</returns>
    public static async Task<Result<byte[]>> WriteAsync(ImmutableArray<PlainColumn> columns, CancellationToken cancellationToken)
    {
        var rows = columns.Select(column => column.Cells.Count).Distinct().ToList();
        if (rows is not [> 0])
        {
            return new Refusal(RefusalCode.DocumentInvalid, "columns of the same length with at least one row", rows is [0] ? "no row" : "others");
        }

        var buffers = ImmutableArray.CreateBuilder<ColumnBuffer>(columns.Length);
        foreach (var column in columns)
        {
            if (!Fill(column).TryGet(out var buffer, out var refusals))
            {
                return refusals;
            }

            buffers.Add(buffer);
        }

        using var output = new MemoryStream();
        using var encoder = new ColumnEncoder(FileReader.Anybody);
        var writer = new ParquetFileWriter(output);
        foreach (var buffer in buffers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await writer.WriteChunkAsync(encoder.Encode(buffer, rows[0], ArrayPool<byte>.Shared), cancellationToken);
        }

        writer.EndGroup(rows[0]);
        await writer.FinishAsync(buffers.MoveToImmutable(), cancellationToken);
        return output.ToArray();
    }

    private static Result<ColumnBuffer> Fill(PlainColumn column)
    {
        var schema = new SchemaColumn { Name = column.Name, Nullable = true, Unique = false };
        var policy = new ColumnPolicy { Type = column.Type, Uses = [], Scale = column.Type == ColumnType.Decimal ? column.Scale : null };
        var (rule, problem) = ColumnRule.Create(schema, policy, new CellKeyer());
        if (rule is null)
        {
            return new Refusal(RefusalCode.DocumentInvalid, problem!.Wanted, $"column {column.Name} with {column.Scale} digits after the point");
        }

        var buffer = new ColumnBuffer(rule, NoTokens.Instance);
        foreach (var text in column.Cells)
        {
            var cell = default(CheckedCell);
            var bytes = Encoding.UTF8.GetBytes(text ?? string.Empty);
            var wrong = rule.Read(bytes, (0, bytes.Length), text is null, ref cell, out var change);
            if (wrong is not null || change != CellChange.None)
            {
                return new Refusal(RefusalCode.DocumentInvalid, $"{rule.Wanted(wrong ?? ProblemKind.WrongType)} in column {column.Name} for parquet", "another value: take csv or arrow");
            }

            buffer.Add(cell);
        }

        return buffer;
    }

    private sealed class NoTokens : IIdentifierRekeyer
    {
        public static NoTokens Instance { get; } = new();

        public bool Rekeys(string profile) => false;

        public void Rekey(string profile, ReadOnlySpan<byte> identifier, Span<byte> token) => throw new NotSupportedException("nothing here is a token");
    }
}

/// <summary>A column of a small table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Scale">The digits after the point of a decimal, at most 18.</param>
/// <param name="Cells">Its cells as text, in the forms of contracts/spec/0007 s.4; null for no value.</param>
public sealed record PlainColumn(string Name, ColumnType Type, int Scale, IReadOnlyList<string?> Cells);
