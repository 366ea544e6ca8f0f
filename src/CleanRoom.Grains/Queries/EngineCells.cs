using System.Collections.Immutable;
using System.Numerics;
using CleanRoom.Engine.Results;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Privacy.History;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Grains.Queries;

/// <summary>Takes an engine's rows over into the gate's values: the columns that were generated, with their types, or nothing.</summary>
/// <remarks>The engine is trusted for nothing: a wrong column, type or scale fails the run. Binary fractions never pass.</remarks>
internal static class EngineCells
{
    private const int Sha256Bytes = 32;

    /// <summary>Converts, or refuses with <see cref="RefusalCode.QueryFailed"/>.</summary>
    public static Result<ImmutableArray<ImmutableArray<CellValue>>> Of(QueryPlan plan, EngineRows rows)
    {
        var layout = GeneratedLayout.Of(plan);
        if (!rows.Columns.Select(column => column.Name).SequenceEqual(layout.Select(column => column.Name), StringComparer.Ordinal))
        {
            return Refused;
        }

        var converted = ImmutableArray.CreateBuilder<ImmutableArray<CellValue>>(rows.Rows.Length);
        foreach (var row in rows.Rows)
        {
            var cells = ImmutableArray.CreateBuilder<CellValue>(layout.Length);
            for (var i = 0; i < layout.Length; i++)
            {
                if (Cell(layout[i], row[i]) is not { } cell)
                {
                    return Refused;
                }

                cells.Add(cell);
            }

            converted.Add(cells.MoveToImmutable());
        }

        return converted.MoveToImmutable();
    }

    /// <summary>Gets the one refusal, whatever is wrong with the rows.</summary>
    public static Refusal Refused => new(RefusalCode.QueryFailed, "a completed run", "a failed run");

    private static CellValue? Cell(GeneratedColumn column, object? value) => (column.Kind, value) switch
    {
        (GeneratedKind.UnitNumbers or GeneratedKind.ContributorNumbers, ReadOnlyMemory<uint> numbers) => new CellValue.People(UnitSet.Of(numbers.Span)),
        _ => Cell(column.Type, value),
    };

    private static CellValue? Cell(CellType type, object? value) => (type.Type, value) switch
    {
        (_, null) => CellValue.Null.Instance,
        (ColumnType.Boolean, bool truth) => new CellValue.Boolean(truth),
        (ColumnType.Int32 or ColumnType.Int64 or ColumnType.Decimal, long number) => new CellValue.Number(number, 0),
        (ColumnType.Int32 or ColumnType.Int64 or ColumnType.Decimal, BigInteger number) => new CellValue.Number(number, 0),
        (ColumnType.Decimal, ScaledDecimal number) when number.Scale <= type.Scale => new CellValue.Number(number.Unscaled, number.Scale),
        (ColumnType.String or ColumnType.Sha256, string text) => new CellValue.Text(text),
        (ColumnType.Sha256, ReadOnlyMemory<byte> { Length: Sha256Bytes } digest) => new CellValue.Text(Convert.ToHexStringLower(digest.Span)),
        (ColumnType.Date, DateOnly date) => new CellValue.Date(date),
        (ColumnType.Timestamp, DateTime moment) => new CellValue.Timestamp(DateTime.SpecifyKind(moment, DateTimeKind.Unspecified)),
        (ColumnType.Timestamp, DateOnly date) => new CellValue.Timestamp(date.ToDateTime(TimeOnly.MinValue)),
        (ColumnType.Uuid, string text) when Guid.TryParseExact(text, "D", out var uuid) => new CellValue.Uuid(uuid),
        _ => null,
    };
}
