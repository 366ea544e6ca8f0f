using System.Collections.Immutable;

namespace CleanRoom.Privacy.History;

/// <summary>A history that a result is offered to, and the rule for it.</summary>
/// <param name="Audit">The state for one unit domain, snapshot and group of receivers.</param>
/// <param name="MinUnits">The threshold, at least 1: the highest of the owners whose units the domain has.</param>
/// <param name="MaxCells">The most cells over the life of the state: the lowest of these owners, and never more than <see cref="HistoryLimits.MaxCells"/>.</param>
/// <param name="Counted">How many of the cells were counted when the same plan was answered over the same dataset versions: it offers the same sets again.</param>
public sealed record HistoryRule(HistoryAudit Audit, int MinUnits, int MaxCells, int Counted = 0);

/// <summary>A set of units behind a cell.</summary>
/// <param name="Rule">The place of the history that numbers them, in the list of rules.</param>
/// <param name="Units">The units that contribute to the cell.</param>
public sealed record OfferedSet(int Rule, UnitSet Units);

/// <summary>A row of a result as it is offered.</summary>
/// <param name="Units">The sets behind the row: at least one for each rule; two protected tables of one domain that are not joined by unit give two.</param>
/// <param name="Aggregates">For each aggregate of a column the sets of those with a value in it; again at least one for each rule.</param>
public sealed record OfferedRow(ImmutableArray<OfferedSet> Units, ImmutableArray<ImmutableArray<OfferedSet>> Aggregates);

/// <summary>What becomes of a row. Reasons MUST stay in the guest.</summary>
/// <param name="Row">Whether the row leaves.</param>
/// <param name="Aggregates">Whether each aggregate leaves, else it is blanked; all as the row when that does not leave.</param>
public sealed record RowDecision(CellDecision Row, ImmutableArray<CellDecision> Aggregates);
