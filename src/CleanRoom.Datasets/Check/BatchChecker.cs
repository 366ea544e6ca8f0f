using System.Collections.Immutable;
using System.Text;
using CleanRoom.Datasets.Problems;
using CleanRoom.Datasets.Source;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Datasets.Check;

/// <summary>Checks records as far as each can be judged without the others, column by column. Not safe for concurrent calls; there may be many.</summary>
internal sealed class BatchChecker
{
    private const int QuotedCharacters = 64;

    // The level of a cell with a problem, beside 0 for NULL and 1 for a value.
    private const byte Bad = 2;

    private readonly ImmutableArray<string> _columns;
    private readonly ImmutableArray<ColumnRule> _rules;
    private readonly ImmutableArray<int> _places;
    private readonly int _unitColumn;
    private readonly CellKeyer _keyer;
    private readonly RowFingerprint _fingerprint;
    private readonly bool _showsValues;
    private readonly List<(int Row, int Column, ProblemKind Kind)> _problems = [];
    private long[] _numbers = [];
    private byte[] _levels = [];

    /// <summary>Makes one.</summary>
    /// <param name="columns">The names of the source's columns.</param>
    /// <param name="plan">The same for all that check one dataset.</param>
    /// <param name="options">How to check.</param>
    public BatchChecker(ImmutableArray<string> columns, DatasetPlan plan, CheckOptions options)
    {
        (_columns, _places, _unitColumn, _keyer, _fingerprint) = (columns, plan.Places, plan.UnitColumn, plan.Keyer, plan.Fingerprint);
        _rules = [.. plan.Rules.Select(rule => rule.Fork())];
        _showsValues = options.ShowValues;
    }

    /// <summary>Checks records and adds them to a block.</summary>
    /// <param name="batch">The records.</param>
    /// <param name="block">Gets them.</param>
    /// <param name="keepsCells">False if no cells are wanted any more.</param>
    public void Check(RecordBatch batch, RowBlock block, bool keepsCells)
    {
        if (batch.Rows == 0)
        {
            return;
        }

        if (_numbers.Length < batch.Rows)
        {
            (_numbers, _levels) = (new long[2 * batch.Rows], new byte[2 * batch.Rows]);
        }

        var first = block.Rows;
        block.Extend(batch.Rows);
        var cells = keepsCells && batch.Faults.Count == 0 ? block.Cells : null;
        cells?.Begin(batch.Rows);
        for (var i = 0; i < _rules.Length; i++)
        {
            CheckColumn(i, batch, block, first, cells);
        }

        AddProblems(batch, block, first);
    }

    private void CheckColumn(int column, RecordBatch batch, RowBlock block, int first, ICellStore? cells)
    {
        switch (_rules[column].Type)
        {
            case ColumnType.Boolean:
                CheckNumbers<BooleanForm>(column, batch, block, first, cells);
                break;
            case ColumnType.Int32:
                CheckNumbers<Int32Form>(column, batch, block, first, cells);
                break;
            case ColumnType.Int64:
                CheckNumbers<Int64Form>(column, batch, block, first, cells);
                break;
            case ColumnType.Decimal:
                CheckNumbers<DecimalForm>(column, batch, block, first, cells);
                break;
            case ColumnType.Date:
                CheckNumbers<DateForm>(column, batch, block, first, cells);
                break;
            case ColumnType.Timestamp:
                CheckNumbers<TimestampForm>(column, batch, block, first, cells);
                break;
            default:
                CheckCells(column, batch, block, first, cells);
                break;
        }
    }

    private void CheckNumbers<TForm>(int column, RecordBatch batch, RowBlock block, int first, ICellStore? cells)
        where TForm : struct, INumberForm
    {
        var (rule, place) = (_rules[column], _places[column]);
        var sums = block.Fingerprints[first..];
        var (numbers, levels) = (_numbers, _levels);
        var (judges, rounded) = (rule.JudgesValues, 0);
        for (var i = 0; i < batch.Rows; i++)
        {
            var text = batch.PlaceOf(i, place);
            if (text.IsNull)
            {
                (numbers[i], levels[i]) = (0, rule.IsNullable ? (byte)0 : AddProblem(i, column, ProblemKind.NullNotAllowed));
                _fingerprint.AddNull(ref sums[i], column);
                continue;
            }

            var fit = TForm.Read(batch.SourceOf(text).AsSpan(text.Start, text.Length), rule.Scale, out var number, out var isRounded);
            rounded += isRounded ? 1 : 0;
            (numbers[i], levels[i]) = (number, 1);
            if (fit != LexicalFit.Accepted)
            {
                levels[i] = AddProblem(i, column, fit == LexicalFit.WrongForm ? ProblemKind.WrongType : ProblemKind.OutsideTypeRange);
            }
            else if (judges && rule.Judge(new CheckedCell { Number = number }) is { } kind)
            {
                levels[i] = AddProblem(i, column, kind);
            }

            _fingerprint.Add(ref sums[i], column, (ulong)number);
        }

        block.Rounded += rounded;
        if (rule.IsUnique || column == _unitColumn)
        {
            for (var i = 0; i < batch.Rows; i++)
            {
                Note(column, i, batch, block, first, levels[i], new CheckedCell { IsNull = levels[i] == 0, Number = numbers[i] }, (ulong)numbers[i]);
            }
        }

        if (_problems.Count == 0)
        {
            cells?.AddNumbers(column, numbers.AsSpan(0, batch.Rows), levels.AsSpan(0, batch.Rows));
        }
    }

    private void CheckCells(int column, RecordBatch batch, RowBlock block, int first, ICellStore? cells)
    {
        var (rule, place) = (_rules[column], _places[column]);
        var sums = block.Fingerprints[first..];
        var isNoted = rule.IsUnique || column == _unitColumn;
        for (var i = 0; i < batch.Rows; i++)
        {
            var text = batch.PlaceOf(i, place);
            var cell = default(CheckedCell);
            var problem = rule.Read(text.IsNull ? [] : batch.SourceOf(text), text.IsNull ? (0, 0) : (text.Start, text.Length), text.IsNull, ref cell, out var change);
            if (change == CellChange.Normalised)
            {
                block.Normalised++;
            }

            var (level, key) = (cell.IsNull ? (byte)0 : (byte)1, UInt128.Zero);
            if (problem is { } kind)
            {
                level = AddProblem(i, column, kind);
            }
            else if (cell.IsNull)
            {
                _fingerprint.AddNull(ref sums[i], column);
            }
            else
            {
                key = _keyer.Key(rule.Type, cell);
                _fingerprint.Add(ref sums[i], column, key);
            }

            if (isNoted)
            {
                Note(column, i, batch, block, first, level, cell, key);
            }

            if (_problems.Count == 0)
            {
                cells?.Add(column, i, cell);
            }
        }
    }

    /// <summary>Notes a cell that is judged beside others: of a unique column, or the unit.</summary>
    private void Note(int column, int row, RecordBatch batch, RowBlock block, int first, byte level, in CheckedCell cell, UInt128 key)
    {
        if (level == 1 && block.Unique(column) is { } values)
        {
            values.Add(first + row, key, _showsValues ? Quote(batch, row, column) : null);
        }

        if (column == _unitColumn && level != Bad)
        {
            block.Units[first + row] = key;
            block.Findings[first + row] |= level == 0 ? RowFindings.HasNullUnit
                : Sentinels.IsNobody(_rules[column].Type, cell) ? RowFindings.HasNobody
                : RowFindings.HasUnit;
        }
    }

    private byte AddProblem(int row, int column, ProblemKind kind)
    {
        _problems.Add((row, column, kind));
        return Bad;
    }

    /// <summary>Adds what is wrong to the block, in the order of records and columns; it was found in that of columns.</summary>
    private void AddProblems(RecordBatch batch, RowBlock block, int first)
    {
        if (_problems.Count == 0 && batch.Faults.Count == 0)
        {
            return;
        }

        _problems.Sort(static (left, right) => left.Row != right.Row ? left.Row.CompareTo(right.Row) : left.Column.CompareTo(right.Column));
        var next = 0;
        foreach (var (row, fault) in batch.Faults)
        {
            for (; next < _problems.Count && _problems[next].Row < row; next++)
            {
                AddProblem(batch, block, first, _problems[next]);
            }

            // A faulty record has no cells, so that nothing is wrong with them.
            for (; next < _problems.Count && _problems[next].Row == row; next++)
            {
            }

            block.Findings[first + row] = RowFindings.None;
            block.AddProblem(first + row, PlacedProblem.WholeRow, fault.Kind, (Fault: fault, Columns: _columns), static at => new DatasetProblem
            {
                Kind = at.Fault.Kind,
                Row = null,
                Column = SourceTable.ColumnOf(at.Columns, at.Fault),
                Wanted = at.Fault.Wanted,
                Got = at.Fault.Got,
            });
        }

        for (; next < _problems.Count; next++)
        {
            AddProblem(batch, block, first, _problems[next]);
        }

        _problems.Clear();
    }

    private void AddProblem(RecordBatch batch, RowBlock block, int first, (int Row, int Column, ProblemKind Kind) problem)
    {
        block.Findings[first + problem.Row] &= ~RowFindings.IsGood;
        block.AddProblem(
            first + problem.Row, problem.Column, problem.Kind, (This: this, Batch: batch, Problem: problem), static at => at.This.Describe(at.Batch, at.Problem));
    }

    private DatasetProblem Describe(RecordBatch batch, (int Row, int Column, ProblemKind Kind) problem)
    {
        var (rule, text) = (_rules[problem.Column], batch.PlaceOf(problem.Row, _places[problem.Column]));
        return new DatasetProblem
        {
            Kind = problem.Kind,
            Row = null,
            Column = rule.Name,
            Wanted = rule.Wanted(problem.Kind),
            Got = text.IsNull ? "null" : problem.Kind switch
            {
                ProblemKind.SentinelIdentifier => "a value that stands for nobody",
                ProblemKind.OutsideClamp or ProblemKind.OutsideDomain or ProblemKind.OutsideTypeRange => "a value outside",
                _ => $"{text.Length} bytes of another form",
            },
            Value = _showsValues && !text.IsNull ? Quote(batch, problem.Row, problem.Column) : null,
        };
    }

    private string Quote(RecordBatch batch, int row, int column)
    {
        var place = batch.PlaceOf(row, _places[column]);
        var value = Encoding.UTF8.GetString(batch.SourceOf(place).AsSpan(place.Start, Math.Min(place.Length, 4 * QuotedCharacters)));
        return value[..Math.Min(value.Length, QuotedCharacters)];
    }
}
