namespace CleanRoom.Privacy.History;

/// <summary>What an offered set would make of a <see cref="RowSpace"/>.</summary>
/// <param name="Split">What it makes of the atoms. All else is by atoms after the split.</param>
/// <param name="Pivots">The pivot of each row that is there.</param>
/// <param name="Residue">The new row: 1 at <paramref name="Entry"/>, 0 at all pivots.</param>
/// <param name="Entry">The pivot of the new row; -1 when the set is a combination of the rows, so that there is none.</param>
/// <param name="Factors">How often the new row is taken off each row that is there.</param>
/// <param name="Nulls">The null vectors.</param>
internal sealed record RowSpaceStep(AtomSplit Split, int[] Pivots, ulong[] Residue, int Entry, ulong[] Factors, ulong[][] Nulls);
