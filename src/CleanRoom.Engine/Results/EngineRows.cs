using System.Collections.Immutable;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using CleanRoom.Protocol;

namespace CleanRoom.Engine.Results;

/// <summary>The rows of a run as plain values.</summary>
/// <param name="Columns">Names and types, in order.</param>
/// <param name="Rows">One list of values a row, as long as <paramref name="Columns"/>; null where the value is absent.</param>
public sealed record EngineRows(ImmutableArray<EngineColumn> Columns, ImmutableArray<ImmutableArray<object?>> Rows)
{
    private const int MaxColumns = 1_024;

    /// <summary>Reads an Arrow IPC stream of flat columns.</summary>
    /// <param name="arrowIpc">The stream. Trust: attacker-controlled; it comes from an engine.</param>
    /// <param name="maxRows">The most rows; more are refused.</param>
    /// <returns>The rows, or <see cref="RefusalCode.QueryFailed"/>.</returns>
    public static Result<EngineRows> Read(ReadOnlyMemory<byte> arrowIpc, int maxRows)
    {
        if (!ArrowFraming.IsBounded(arrowIpc.Span))
        {
            return Refused;
        }

        try
        {
            return ReadStream(arrowIpc, maxRows);
        }
#pragma warning disable CA1031 // Apache.Arrow throws many types, System.Exception among them, on bytes that are no stream.
        catch (Exception exception) when (exception is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            return Refused;
        }
    }

    private static Refusal Refused => new(RefusalCode.QueryFailed, "a completed run", "a failed run");

    private static Result<EngineRows> ReadStream(ReadOnlyMemory<byte> arrowIpc, int maxRows)
    {
        using var reader = new ArrowStreamReader(arrowIpc);
        if (reader.Schema is not { } schema || schema.FieldsList.Count is 0 or > MaxColumns)
        {
            return Refused;
        }

        var columns = ImmutableArray.CreateBuilder<EngineColumn>(schema.FieldsList.Count);
        foreach (var field in schema.FieldsList)
        {
            if (EngineColumn.Of(field) is not { } column)
            {
                return Refused;
            }

            columns.Add(column);
        }

        var rows = ImmutableArray.CreateBuilder<ImmutableArray<object?>>();
        while (reader.ReadNextRecordBatch() is { } batch)
        {
            using (batch)
            {
                if (batch.Length < 0 || batch.Length > maxRows - rows.Count || batch.ColumnCount != columns.Count)
                {
                    return Refused;
                }

                for (var row = 0; row < batch.Length; row++)
                {
                    rows.Add(ReadRow(batch, columns, row));
                }
            }
        }

        return new EngineRows(columns.ToImmutable(), rows.ToImmutable());
    }

    private static ImmutableArray<object?> ReadRow(RecordBatch batch, ImmutableArray<EngineColumn>.Builder columns, int row)
    {
        var values = ImmutableArray.CreateBuilder<object?>(columns.Count);
        for (var column = 0; column < columns.Count; column++)
        {
            values.Add(ArrowValues.Read(batch.Column(column), columns[column], row));
        }

        return values.MoveToImmutable();
    }
}
