using System.Collections.Immutable;
using CleanRoom.Policy.Plans;

namespace CleanRoom.Policy.Gate;

/// <summary>What may leave. An answer of which everything was withheld looks like an answer about nothing.</summary>
/// <param name="Columns">Name and type of each column.</param>
/// <param name="Rows">The rows in their order.</param>
public sealed record ReleasedTable(ImmutableArray<ReleasedColumn> Columns, ImmutableArray<ImmutableArray<CellValue>> Rows);

/// <summary>A column of an answer.</summary>
public sealed record ReleasedColumn(string Name, CellType Type);
