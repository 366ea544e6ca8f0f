using System.Collections.Immutable;

namespace CleanRoom.Portal.Features.Results;

/// <summary>A row of an answer, as the table shows it.</summary>
/// <param name="Cells">In the order of the columns; null is no value.</param>
internal sealed record AnswerRow(ImmutableArray<string?> Cells);
