using CleanRoom.Engine.Memory;

namespace CleanRoom.Engine.Loading;

/// <summary>Columns in clear.</summary>
/// <param name="File">The lease.</param>
/// <param name="IsWhole">Whether all row groups are there.</param>
public sealed record LoadedColumns(AnonymousFile File, bool IsWhole);
