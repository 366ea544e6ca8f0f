using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Client.Results;

/// <summary>Reads columns of an opened answer.</summary>
public interface IAnswerReader
{
    /// <summary>Returns the values of one column as texts in the form of contracts/spec/0008 s.6, one for each row; null is no value.</summary>
    /// <param name="payload">The answer: an Arrow IPC stream.</param>
    /// <param name="column">From 0.</param>
    /// <returns>The values, or <see cref="RefusalCode.DocumentInvalid"/> for a column that the answer has not.</returns>
    Result<ImmutableArray<string?>> Column(ReadOnlyMemory<byte> payload, int column);
}
