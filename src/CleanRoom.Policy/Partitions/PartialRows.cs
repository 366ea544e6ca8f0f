using System.Collections.Immutable;
using System.Numerics;
using CleanRoom.Policy.Gate;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Privacy.History;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Partitions;

/// <summary>Adds the rows of partial runs up to those that one run over everything would have given. Exact: there is nothing to round.</summary>
/// <remarks>Pure. Spec: contracts/spec/0008 s.14.</remarks>
public static class PartialRows
{
    /// <summary>Adds them up.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="partitions">Its runs.</param>
    /// <param name="partials">The rows of each run in order, each row with the columns of <see cref="GeneratedLayout"/>. Trust: engine-controlled.</param>
    /// <returns>Rows with these columns; in the tier list as many as all runs gave, else one for each group.</returns>
    /// <exception cref="ArgumentException">
    /// There is another number of runs; a row has other columns; a run gave a group twice, people beyond its numbering or of another run, or rows that do
    /// not agree on what is the same in all of them.
    /// </exception>
    public static ImmutableArray<ImmutableArray<CellValue>> Add(
        QueryPlan plan, PlanPartitions partitions, ImmutableArray<ImmutableArray<ImmutableArray<CellValue>>> partials)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(partitions);
        ArgumentOutOfRangeException.ThrowIfNotEqual(partials.Length, partitions.Runs, nameof(partials));
        var layout = GeneratedLayout.Of(plan);
        ImmutableArray<ImmutableArray<ImmutableArray<CellValue>>> all = [.. partials.Select(rows => GateRows.Checked(layout, rows).ToImmutableArray())];
        return plan.Tier == PolicyTier.List ? Listed(layout, all) : new Adder(plan, partitions, layout, all).Rows();
    }

    /// <summary>Rows stay as they are, but that each says how many people all runs have seen.</summary>
    private static ImmutableArray<ImmutableArray<CellValue>> Listed(
        ImmutableArray<GeneratedColumn> layout, ImmutableArray<ImmutableArray<ImmutableArray<CellValue>>> partials)
    {
        var totals = GeneratedLayout.Places(layout, GeneratedKind.Units).ToDictionary(
            column => column,
            column => (CellValue)new CellValue.Number(partials.Aggregate(BigInteger.Zero, (sum, rows) => sum + Agreed(rows, column)), 0));
        return
        [
            .. partials.SelectMany(rows => rows).Select(row =>
                row.Select((value, column) => totals.TryGetValue(column, out var total) ? total : value).ToImmutableArray()),
        ];
    }

    /// <summary>Returns the one number in a column of a run; 0 of a run without rows.</summary>
    private static BigInteger Agreed(ImmutableArray<ImmutableArray<CellValue>> rows, int column) => rows.Select(row => row[column]).Distinct().ToList() switch
    {
        [] => 0,
        [CellValue.Number { Scale: 0, Unscaled.Sign: >= 0 } number] => number.Unscaled,
        _ => throw new ArgumentException("wanted one number of units in every row of a run", nameof(rows)),
    };

    /// <summary>Adds groups up.</summary>
    private sealed class Adder
    {
        private readonly QueryPlan _plan;
        private readonly ImmutableArray<GeneratedColumn> _layout;
        private readonly ImmutableArray<ImmutableArray<ImmutableArray<CellValue>>> _partials;
        private readonly ImmutableArray<int> _numbered;
        private readonly Dictionary<int, ImmutableArray<long>> _first = []; // By table: each run's first number of a person.
        private readonly Dictionary<int, ImmutableArray<long>> _end = []; // By table: the number after each run's last.
        private readonly Dictionary<int, CellValue> _people = []; // By column: how many people the numbering has.

        public Adder(
            QueryPlan plan,
            PlanPartitions partitions,
            ImmutableArray<GeneratedColumn> layout,
            ImmutableArray<ImmutableArray<ImmutableArray<CellValue>>> partials)
        {
            (_plan, _layout, _partials) = (plan, layout, partials);
            _numbered = GeneratedLayout.Places(layout, GeneratedKind.Numbered);
            foreach (var column in _numbered)
            {
                Number(column, partitions.Split.ContainsKey(plan.Tables[layout[column].Table].Dataset));
            }
        }

        public ImmutableArray<ImmutableArray<CellValue>> Rows()
        {
            var groups = new Dictionary<GroupOf, List<(int Run, ImmutableArray<CellValue> Row)>>();
            for (var run = 0; run < _partials.Length; run++)
            {
                foreach (var row in _partials[run].Where(IsCell))
                {
                    var group = new GroupOf(row[.._plan.Groups.Length]);
                    if (!groups.TryGetValue(group, out var rows))
                    {
                        groups[group] = rows = [];
                    }

                    if (rows is [.., var last] && last.Run == run)
                    {
                        throw new ArgumentException("wanted each group once in a run, got one twice", nameof(run));
                    }

                    rows.Add((run, row));
                }
            }

            return groups.Count == 0 && !_numbered.IsEmpty ? [WithoutCells()] : [.. groups.Values.Select(Sum)];
        }

        /// <summary>With an audit, a run without cells has a row that says how many people there are, and nothing else.</summary>
        private bool IsCell(ImmutableArray<CellValue> row) =>
            _numbered.IsEmpty || Enumerable.Range(0, _layout.Length).Any(column => _layout[column].Kind != GeneratedKind.Numbered && row[column] is not CellValue.Null);

        private ImmutableArray<CellValue> WithoutCells() =>
            [.. Enumerable.Range(0, _layout.Length).Select(column => _people.GetValueOrDefault(column, CellValue.Null.Instance))];

        /// <summary>Learns where each run's people stand among all: behind those of the runs before, or where they are if each run has them all.</summary>
        private void Number(int column, bool isSplit)
        {
            ImmutableArray<long> counts = [.. _partials.Select(rows => rows.IsEmpty
                ? throw new ArgumentException("wanted a row of every run, got a run without", nameof(column))
                : (long)BigInteger.Min(Agreed(rows, column), HistoryLimits.MaxUnits + 1))];
            if (!isSplit && counts.Distinct().Count() > 1)
            {
                throw new ArgumentException("wanted the same number of units from every run", nameof(column));
            }

            var first = counts.Select((_, run) => isSplit ? counts.Take(run).Sum() : 0).ToImmutableArray();
            var dataset = _plan.Tables[_layout[column].Table].Dataset;
            foreach (var table in Enumerable.Range(0, _plan.Tables.Length).Where(table => _plan.Tables[table].Dataset == dataset))
            {
                _first[table] = first;
                _end[table] = [.. first.Zip(counts, (from, count) => from + count)];
            }

            _people[column] = new CellValue.Number(isSplit ? counts.Sum() : counts[0], 0);
        }

        private ImmutableArray<CellValue> Sum(List<(int Run, ImmutableArray<CellValue> Row)> rows) =>
        [
            .. _layout.Select((column, index) => column.Kind switch
            {
                GeneratedKind.Key => rows[0].Row[index],
                GeneratedKind.Numbered => _people[index],
                GeneratedKind.UnitNumbers or GeneratedKind.ContributorNumbers => People(rows, index),
                GeneratedKind.LargestUnit => Ranked(rows, index, 0),
                GeneratedKind.SecondUnit => Ranked(rows, index - 1, 1),
                _ => Total(rows.Select(row => row.Row[index])),
            }),
        ];

        /// <summary>A sum of numbers; absent ones add nothing, and a sum of none is absent.</summary>
        private static CellValue Total(IEnumerable<CellValue> values) => Numbers(values).Aggregate((CellValue)CellValue.Null.Instance, (sum, value) =>
            sum is CellValue.Number { Scale: var scale, Unscaled: var before }
                ? scale == value.Scale ? new CellValue.Number(before + value.Unscaled, scale) : throw new ArgumentException("wanted numbers of one scale", nameof(values))
                : value);

        /// <summary>The largest or second largest of all runs' largest two.</summary>
        private static CellValue Ranked(List<(int Run, ImmutableArray<CellValue> Row)> rows, int largest, int place)
        {
            var all = Numbers(rows.SelectMany(row => new[] { row.Row[largest], row.Row[largest + 1] })).OrderByDescending(number => number.Unscaled).ToList();
            return all.Select(number => number.Scale).Distinct().Count() > 1 ? throw new ArgumentException("wanted numbers of one scale", nameof(rows))
                : place < all.Count ? all[place] : CellValue.Null.Instance;
        }

        private static IEnumerable<CellValue.Number> Numbers(IEnumerable<CellValue> values) => values.Where(value => value is not CellValue.Null)
            .Select(value => value as CellValue.Number ?? throw new ArgumentException("wanted numbers", nameof(values)));

        /// <summary>The people of all runs, by their numbers among all.</summary>
        private CellValue People(List<(int Run, ImmutableArray<CellValue> Row)> rows, int column)
        {
            var table = _layout[column].Table;
            var numbers = new List<uint>();
            foreach (var (run, row) in rows)
            {
                if (row[column] is CellValue.People { Numbers: var people })
                {
                    var first = _first[table][run];
                    if (first + people.End > Math.Min(_end[table][run], HistoryLimits.MaxUnits))
                    {
                        throw new ArgumentException("wanted numbers of units within the run's numbering", nameof(rows));
                    }

                    numbers.AddRange(people.ToArray().Select(number => (uint)(first + number)));
                }
            }

            var all = UnitSet.Of([.. numbers]);
            return numbers.Count == 0 ? CellValue.Null.Instance
                : all.Cardinality == numbers.Count ? new CellValue.People(all)
                : throw new ArgumentException("wanted each unit in one run, got one in two", nameof(rows));
        }
    }

    /// <summary>The keys of a group, equal by their values.</summary>
    private readonly record struct GroupOf(ImmutableArray<CellValue> Keys)
    {
        public bool Equals(GroupOf other) => Keys.AsSpan().SequenceEqual(other.Keys.AsSpan());

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (var key in Keys)
            {
                hash.Add(key);
            }

            return hash.ToHashCode();
        }
    }
}
