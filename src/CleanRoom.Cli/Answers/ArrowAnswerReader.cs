using System.Collections.Immutable;
using CleanRoom.Client.Results;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Answers;

/// <summary>Reads columns of answers for the checks of the client.</summary>
internal sealed class ArrowAnswerReader : IAnswerReader
{
    /// <summary>Gets the only instance that is needed.</summary>
    public static ArrowAnswerReader Instance { get; } = new();

    /// <inheritdoc/>
    public Result<ImmutableArray<string?>> Column(ReadOnlyMemory<byte> payload, int column)
    {
        var table = ArrowTable.Read(payload);
        return column >= 0 && column < table.Columns.Length
            ? ImmutableArray.CreateRange(table.Rows, row => row[column])
            : new Refusal(RefusalCode.DocumentInvalid, $"an answer with a column {column}", $"{table.Columns.Length} columns");
    }
}
