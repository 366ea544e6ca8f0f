using System.Collections.Immutable;
using CleanRoom.Datasets.Problems;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Check;

/// <summary>Judges what only all records together show, and collects all problems in the order in which they stand in the file.</summary>
/// <remarks>Blocks MUST come in the order of their records. Not safe for concurrent calls.</remarks>
internal sealed class DatasetTally
{
    private const int RowsAhead = 32;

    private readonly ImmutableArray<ColumnRule> _rules;
    private readonly BoundedCounter?[] _unique;
    private readonly BoundedSet _rowsSeen;
    private readonly UnitMeter? _units;
    private readonly int _unitColumn;
    private readonly CheckOptions _options;
    private readonly ProblemLog _log;
    private readonly List<PlacedProblem> _found = [];
    private readonly HashSet<int> _bad = [];
    private long _rounded;
    private long _normalised;

    /// <summary>Makes an empty one.</summary>
    public DatasetTally(DatasetPlan plan, CheckOptions options, ProblemLog log)
    {
        (_rules, _unitColumn, _options, _log) = (plan.Rules, plan.UnitColumn, options, log);
        _unique = [.. _rules.Select(rule => rule.IsUnique ? new BoundedCounter(options.DistinctEntries) : null)];
        _rowsSeen = new BoundedSet(options.DistinctEntries);
        _units = _unitColumn < 0 ? null : new UnitMeter(_rules[_unitColumn].Name, plan.MaxRowsPerUnit, options.DistinctEntries);
    }

    /// <summary>Gets the number of records.</summary>
    public long Rows { get; private set; }

    /// <summary>Takes the next records.</summary>
    public void Take(RowBlock block)
    {
        for (var i = 0; i < _unique.Length; i++)
        {
            if (_unique[i] is { } seen)
            {
                TakeUnique(block.Unique(i)!, seen, i);
            }
        }

        if (_units is not null)
        {
            TakeUnits(block, _units);
        }

        TakeFingerprints(block);
        (_rounded, _normalised) = (_rounded + block.Rounded, _normalised + block.Normalised);
        TakeProblems(block);
        if (block.Fault is { } fault)
        {
            _log.Add(fault with { Row = fault.Row + Rows });
        }

        Rows += block.Rows;
        _found.Clear();
        _bad.Clear();
    }

    /// <summary>Ends the check with what only the whole file shows.</summary>
    public IngestReport Finish(SourceFormat format, long bytesRead)
    {
        if (Rows == 0 && _log.IsEmpty)
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

        var (duplicates, isExact) = _rowsSeen.Finish();
        return ReportOf(_log, format, bytesRead) with
        {
            Rows = Rows,
            RoundedCells = _rounded,
            NormalisedCells = _normalised,
            DuplicateRows = duplicates,
            DuplicateRowsExact = isExact,
            MaxRowsPerUnit = _units?.Largest ?? 0,
            DistinctUnits = _units?.Distinct ?? 0,
            NullUnitRows = _units?.NullRows ?? 0,
            SentinelUnitRows = _units?.SentinelRows ?? 0,
        };
    }

    /// <summary>Makes the report of a file whose records could not be checked.</summary>
    public static IngestReport ReportOf(ProblemLog log, SourceFormat? format, long bytesRead) => new()
    {
        Accepted = log.IsEmpty,
        Format = format,
        Rows = 0,
        Bytes = bytesRead,
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

    private void TakeUnique(UniqueValues values, BoundedCounter seen, int column)
    {
        foreach (var (row, key, text) in values.All)
        {
            if (seen.Add(key) > 1)
            {
                _bad.Add(row);
                _found.Add(new PlacedProblem(row, column, new DatasetProblem
                {
                    Kind = ProblemKind.DuplicateValue,
                    Row = row,
                    Column = _rules[column].Name,
                    Wanted = _rules[column].Wanted(ProblemKind.DuplicateValue),
                    Got = "the value of an earlier row",
                    Value = text,
                }));
            }
        }
    }

    private void TakeUnits(RowBlock block, UnitMeter units)
    {
        var findings = block.Findings;
        var keys = block.Units;
        for (var i = 0; i < findings.Length; i++)
        {
            if (i % RowsAhead == 0)
            {
                units.Touch(keys[i..Math.Min(i + RowsAhead, keys.Length)]);
            }

            if ((findings[i] & RowFindings.HasUnit) != 0)
            {
                if (units.Add(keys[i], i) is { } problem)
                {
                    _bad.Add(i);
                    _found.Add(new PlacedProblem(i, PlacedProblem.Unit, problem));
                }
            }
            else if ((findings[i] & RowFindings.HasNullUnit) != 0)
            {
                units.AddNull();
            }
            else if ((findings[i] & RowFindings.HasNobody) != 0)
            {
                units.AddSentinel();
            }
        }
    }

    private void TakeFingerprints(RowBlock block)
    {
        var findings = block.Findings;
        var prints = block.Fingerprints;
        for (var i = 0; i < findings.Length; i++)
        {
            if ((findings[i] & RowFindings.IsGood) != 0 && (_bad.Count == 0 || !_bad.Contains(i)))
            {
                _rowsSeen.Add(prints[i]);
            }
        }
    }

    /// <summary>Logs what was found in the records by themselves and beside each other, in the order of records and columns.</summary>
    private void TakeProblems(RowBlock block)
    {
        // By column until here; the sort is stable, and no two have the same place.
        var found = _found.Count == 0 ? [] : _found.OrderBy(problem => problem.Row).ThenBy(problem => problem.Column).ToList();
        var next = 0;
        foreach (var kept in block.Kept)
        {
            for (; next < found.Count && found[next].IsBefore(kept); next++)
            {
                Log(found[next].Problem);
            }

            Log(kept.Problem);
        }

        for (; next < found.Count; next++)
        {
            Log(found[next].Problem);
        }

        // Those of a kind beyond the kept ones were only counted.
        foreach (var (kind, count) in block.Counts)
        {
            _log.Count(kind, count - Math.Min(count, ProblemLog.KeptPerKind));
        }
    }

    private void Log(DatasetProblem problem) => _log.Add(problem with { Row = problem.Row + 1 + Rows });
}
