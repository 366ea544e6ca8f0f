using System.Collections.Immutable;
using System.Text;
using CleanRoom.Datasets.Problems;
using CleanRoom.Datasets.Source;

namespace CleanRoom.Datasets.Check;

/// <summary>Checks records one by one, as far as each can be judged without the others. Not safe for concurrent calls; there may be many.</summary>
internal sealed class RowChecker
{
    private const int QuotedCharacters = 64;

    private readonly ImmutableArray<string> _columns;
    private readonly ImmutableArray<ColumnRule> _rules;
    private readonly ImmutableArray<int> _places;
    private readonly int _unitColumn;
    private readonly CellKeyer _keyer;
    private readonly RowFingerprint _fingerprint;
    private readonly bool _showsValues;
    private readonly CheckedCell[] _cells;

    /// <summary>Makes one.</summary>
    /// <param name="columns">The names of the source's columns.</param>
    /// <param name="plan">The same for all that check one dataset.</param>
    /// <param name="options">How to check.</param>
    public RowChecker(ImmutableArray<string> columns, DatasetPlan plan, CheckOptions options)
    {
        (_columns, _places, _unitColumn, _keyer, _fingerprint) = (columns, plan.Places, plan.UnitColumn, plan.Keyer, plan.Fingerprint);
        _rules = [.. plan.Rules.Select(rule => rule.Fork())];
        _showsValues = options.ShowValues;
        _cells = new CheckedCell[_rules.Length];
    }

    /// <summary>Checks a record and adds it to a block.</summary>
    /// <param name="row">The record.</param>
    /// <param name="block">Gets it.</param>
    /// <param name="keepsCells">False if no cells are wanted any more.</param>
    public void Check(SourceRow row, RowBlock block, bool keepsCells)
    {
        if (row.IsFaulty)
        {
            AddFaults(row, block);
            return;
        }

        var (findings, unit, sum) = (RowFindings.IsGood, UInt128.Zero, UInt128.Zero);
        for (var i = 0; i < _rules.Length; i++)
        {
            var (rule, isNull) = (_rules[i], row.IsNull(_places[i]));
            ref var cell = ref _cells[i];
            var problem = rule.Read(row.Source, row.PlaceOf(_places[i]), isNull, ref cell, out var change);
            if (change != CellChange.None)
            {
                block.Rounded += change == CellChange.Rounded ? 1 : 0;
                block.Normalised += change == CellChange.Normalised ? 1 : 0;
            }

            if (problem is { } kind)
            {
                findings &= ~RowFindings.IsGood;
                block.AddProblem(kind, i, (This: this, Row: row, Rule: i, Kind: kind, Number: block.Rows), static at => at.This.Describe(at.Row, at.Rule, at.Kind, at.Number));
                continue;
            }

            var key = isNull ? UInt128.Zero : _keyer.Key(rule.Type, cell);
            _fingerprint.Add(ref sum, i, isNull, key);
            if (!isNull && block.Unique(i) is { } values)
            {
                values.Add(block.Rows, key, _showsValues ? Quote(row, i) : null);
            }

            if (i == _unitColumn)
            {
                (findings, unit) = (findings | UnitOf(rule, cell), key);
            }
        }

        if (keepsCells && findings.HasFlag(RowFindings.IsGood))
        {
            block.Cells?.Add(_cells);
        }

        block.Add(findings, unit, RowFingerprint.Finish(sum));
    }

    private static RowFindings UnitOf(ColumnRule rule, in CheckedCell cell) => cell.IsNull ? RowFindings.HasNullUnit
        : Sentinels.IsNobody(rule.Type, cell) ? RowFindings.HasNobody
        : RowFindings.HasUnit;

    private void AddFaults(SourceRow row, RowBlock block)
    {
        foreach (var fault in row.Faults)
        {
            block.AddProblem(fault.Kind, PlacedProblem.WholeRow, (Fault: fault, Columns: _columns, Number: block.Rows), static at => new DatasetProblem
            {
                Kind = at.Fault.Kind,
                Row = at.Number,
                Column = SourceTable.ColumnOf(at.Columns, at.Fault),
                Wanted = at.Fault.Wanted,
                Got = at.Fault.Got,
            });
        }

        block.Add(RowFindings.None, default, default);
    }

    private DatasetProblem Describe(SourceRow row, int column, ProblemKind kind, int number) => new()
    {
        Kind = kind,
        Row = number,
        Column = _rules[column].Name,
        Wanted = _rules[column].Wanted(kind),
        Got = row.IsNull(_places[column]) ? "null" : kind switch
        {
            ProblemKind.SentinelIdentifier => "a value that stands for nobody",
            ProblemKind.OutsideClamp or ProblemKind.OutsideDomain or ProblemKind.OutsideTypeRange => "a value outside",
            _ => $"{row.PlaceOf(_places[column]).Length} bytes of another form",
        },
        Value = _showsValues && !row.IsNull(_places[column]) ? Quote(row, column) : null,
    };

    private string Quote(SourceRow row, int column)
    {
        var text = row.Cell(_places[column]).Span;
        var value = Encoding.UTF8.GetString(text[..Math.Min(text.Length, 4 * QuotedCharacters)]);
        return value[..Math.Min(value.Length, QuotedCharacters)];
    }
}
