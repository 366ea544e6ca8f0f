using System.Collections.Immutable;
using System.Text;
using CleanRoom.Datasets.Problems;
using CleanRoom.Datasets.Source;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Check;

/// <summary>Checks one record after the other against a contract's dataset.</summary>
internal sealed class RowChecker
{
    private const int QuotedCharacters = 64;

    private readonly SourceTable _table;
    private readonly ProblemLog _log;
    private readonly CheckOptions _options;
    private readonly ImmutableArray<ColumnRule> _rules;
    private readonly ImmutableArray<int> _places;
    private readonly BoundedCounter?[] _unique;
    private readonly CheckedCell[] _cells;
    private readonly CellKeyer _keyer;
    private readonly RowFingerprint _fingerprint;
    private readonly BoundedCounter _rowsSeen;
    private readonly UnitMeter? _units;
    private readonly int _unitColumn;
    private long _rows;
    private long _rounded;
    private long _normalised;
    private long _duplicates;

    private RowChecker(SourceTable table, DatasetPlan plan, CheckOptions options, ProblemLog log)
    {
        (_table, _log, _options) = (table, log, options);
        (_rules, _places, _unitColumn, _keyer) = (plan.Rules, plan.Places, plan.UnitColumn, plan.Keyer);
        _cells = new CheckedCell[_rules.Length];
        _unique = [.. _rules.Select(rule => rule.IsUnique ? new BoundedCounter(options.DistinctEntries) : null)];
        _rowsSeen = new BoundedCounter(options.DistinctEntries);
        _fingerprint = new RowFingerprint(_keyer);
        _units = _unitColumn < 0 ? null : new UnitMeter(_rules[_unitColumn].Name, plan.MaxRowsPerUnit, options.DistinctEntries);
    }

    /// <summary>Gets the rules in the contract's column order.</summary>
    public ImmutableArray<ColumnRule> Rules => _rules;

    /// <summary>Gets the unit's place among the columns; -1 without a unit.</summary>
    public int UnitColumn => _unitColumn;

    /// <summary>Gets the cells of the record that was checked last, in the contract's column order.</summary>
    public ReadOnlySpan<CheckedCell> Cells => _cells;

    /// <summary>Matches the table's columns with the contract's; null when they do not match, and then the log says why.</summary>
    public static RowChecker? Create(SourceTable table, Dataset contract, CheckOptions options, ProblemLog log) =>
        DatasetPlan.Create(table, contract, log) is { } plan ? new RowChecker(table, plan, options, log) : null;

    /// <summary>Checks the record that the table read last.</summary>
    /// <returns>True if it is without a problem; then <see cref="Cells"/> holds it.</returns>
    public bool Check()
    {
        _rows++;
        var row = _table.Row;
        if (row.Faults.Count > 0)
        {
            foreach (var fault in row.Faults)
            {
                _log.Add(fault.Kind, (fault, row.Number, Column: _table.ColumnOf(fault)), static at => new DatasetProblem
                {
                    Kind = at.fault.Kind,
                    Row = at.Number,
                    Column = at.Column,
                    Wanted = at.fault.Wanted,
                    Got = at.fault.Got,
                });
            }

            return false;
        }

        var isGood = CheckCells(row, out var isUnitGood);
        isGood &= isUnitGood && MeasureUnit(row);
        if (isGood && _rowsSeen.Add(_fingerprint.Of(_rules, _cells)) > 1)
        {
            _duplicates++;
        }

        return isGood;
    }

    /// <summary>Ends the check with what only the whole file shows.</summary>
    public IngestReport Finish()
    {
        if (_rows == 0 && _log.IsEmpty)
        {
            _log.Add(DatasetProblem.OfFile(ProblemKind.NoRows, "at least one record after the header", "none"));
        }

        for (var i = 0; i < _rules.Length && _options.Bytes == long.MaxValue; i++)
        {
            if (_unique[i] is { IsFull: true } || (i == _unitColumn && _units is { IsExact: false }))
            {
                _log.Add(DatasetProblem.OfColumn(
                    ProblemKind.TooManyDistinct, _rules[i].Name, $"at most {_options.DistinctEntries} different values", "more"));
            }
        }

        return ReportOf(_log, _table) with
        {
            Rows = _rows,
            RoundedCells = _rounded,
            NormalisedCells = _normalised,
            DuplicateRows = _duplicates,
            DuplicateRowsExact = !_rowsSeen.IsFull,
            MaxRowsPerUnit = _units?.Largest ?? 0,
            DistinctUnits = _units?.Distinct ?? 0,
            NullUnitRows = _units?.NullRows ?? 0,
            SentinelUnitRows = _units?.SentinelRows ?? 0,
        };
    }

    /// <summary>Makes the report of a file whose records could not be checked.</summary>
    public static IngestReport ReportOf(ProblemLog log, SourceTable? table) => new()
    {
        Accepted = log.IsEmpty,
        Format = table?.Format,
        Rows = 0,
        Bytes = table?.BytesRead ?? 0,
        RoundedCells = 0,
        NormalisedCells = 0,
        DuplicateRows = 0,
        DuplicateRowsExact = true,
        MaxRowsPerUnit = 0,
        DistinctUnits = 0,
        NullUnitRows = 0,
        SentinelUnitRows = 0,
        ProblemCounts = log.Counts,
        Problems = log.Kept,
    };

    private bool CheckCells(SourceRow row, out bool isUnitGood)
    {
        var isGood = isUnitGood = true;
        for (var i = 0; i < _rules.Length; i++)
        {
            var rule = _rules[i];
            var problem = rule.Read(row.Cell(_places[i]), row.IsNull(_places[i]), ref _cells[i], out var change);
            _rounded += change == CellChange.Rounded ? 1 : 0;
            _normalised += change == CellChange.Normalised ? 1 : 0;
            if (problem is null && _unique[i] is { } seen && !_cells[i].IsNull && seen.Add(_keyer.Key(rule.Type, _cells[i])) > 1)
            {
                problem = ProblemKind.DuplicateValue;
            }

            if (problem is { } kind)
            {
                isGood = false;
                isUnitGood &= i != _unitColumn || kind == ProblemKind.DuplicateValue;
                _log.Add(kind, (This: this, Row: row, Rule: i, Kind: kind), static at => at.This.Describe(at.Row, at.Rule, at.Kind));
            }
        }

        return isGood;
    }

    private bool MeasureUnit(SourceRow row)
    {
        if (_units is null)
        {
            return true;
        }

        ref readonly var cell = ref _cells[_unitColumn];
        var type = _rules[_unitColumn].Type;
        if (cell.IsNull)
        {
            _units.AddNull();
        }
        else if (Sentinels.IsNobody(type, cell))
        {
            _units.AddSentinel();
        }
        else if (_units.Add(_keyer.Key(type, cell), row.Number) is { } problem)
        {
            _log.Add(problem);
            return false;
        }

        return true;
    }

    private DatasetProblem Describe(SourceRow row, int column, ProblemKind kind)
    {
        var text = row.Cell(_places[column]).Span;
        var value = Encoding.UTF8.GetString(text[..Math.Min(text.Length, 4 * QuotedCharacters)]);
        return new DatasetProblem
        {
            Kind = kind,
            Row = row.Number,
            Column = _rules[column].Name,
            Wanted = _rules[column].Wanted(kind),
            Got = row.IsNull(_places[column]) ? "null" : kind switch
            {
                ProblemKind.DuplicateValue => "the value of an earlier row",
                ProblemKind.SentinelIdentifier => "a value that stands for nobody",
                ProblemKind.OutsideClamp or ProblemKind.OutsideDomain or ProblemKind.OutsideTypeRange => "a value outside",
                _ => $"{text.Length} bytes of another form",
            },
            Value = _options.ShowValues && !row.IsNull(_places[column]) ? value[..Math.Min(value.Length, QuotedCharacters)] : null,
        };
    }
}
