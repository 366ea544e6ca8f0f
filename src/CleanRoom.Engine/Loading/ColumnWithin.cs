namespace CleanRoom.Engine.Loading;

/// <summary>A column of whole numbers, and between which of them it lies in every row that the query uses.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="Least">The least, as stored.</param>
/// <param name="Greatest">The greatest, as stored.</param>
public sealed record ColumnWithin(string Column, long Least, long Greatest);
