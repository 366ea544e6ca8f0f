using CleanRoom.Datasets.Problems;

namespace CleanRoom.Datasets.Check;

/// <summary>What is known of consecutive records without the others: what <see cref="DatasetTally"/> needs to judge them in their order.</summary>
/// <remarks>Filled by one thread, then read by another. Used again for other records.</remarks>
internal sealed class RowBlock
{
    private readonly List<PlacedProblem> _kept = [];
    private readonly SortedDictionary<ProblemKind, long> _counts = [];
    private readonly UniqueValues?[] _unique;
    private RowFindings[] _findings = [];
    private UInt128[] _fingerprints = [];
    private UInt128[] _units = [];

    /// <summary>Makes an empty block.</summary>
    /// <param name="isUnique">Says of each column whether it is unique.</param>
    /// <param name="cells">Keeps the cells; null if nobody wants them.</param>
    public RowBlock(IEnumerable<bool> isUnique, ICellStore? cells)
    {
        _unique = [.. isUnique.Select(unique => unique ? new UniqueValues() : null)];
        Cells = cells;
    }

    /// <summary>Gets the cells; those of all records only if none has a problem.</summary>
    public ICellStore? Cells { get; }

    /// <summary>Gets the number of records.</summary>
    public int Rows { get; private set; }

    /// <summary>Gets what each record is.</summary>
    public Span<RowFindings> Findings => _findings.AsSpan(0, Rows);

    /// <summary>Gets the fingerprints; of no meaning for a record with a problem.</summary>
    public Span<UInt128> Fingerprints => _fingerprints.AsSpan(0, Rows);

    /// <summary>Gets the units; of no meaning for a record that has none.</summary>
    public Span<UInt128> Units => _units.AsSpan(0, Rows);

    /// <summary>Gets the first problems of each kind, in their order.</summary>
    public IReadOnlyList<PlacedProblem> Kept => _kept;

    /// <summary>Gets the number of problems by kind.</summary>
    public IReadOnlyDictionary<ProblemKind, long> Counts => _counts;

    /// <summary>Gets the number of cells that were rounded.</summary>
    public long Rounded { get; set; }

    /// <summary>Gets the number of cells that were brought to their normal form.</summary>
    public long Normalised { get; set; }

    /// <summary>Gets where the source was when the block ended, in bytes.</summary>
    public long BytesRead { get; set; }

    /// <summary>Gets why reading ended behind these records; null if it goes on. Its row is that of the block.</summary>
    public DatasetProblem? Fault { get; set; }

    /// <summary>Gets the values of a unique column; null of another.</summary>
    public UniqueValues? Unique(int column) => _unique[column];

    /// <summary>Forgets all records.</summary>
    public void Clear()
    {
        _kept.Clear();
        _counts.Clear();
        foreach (var values in _unique)
        {
            values?.Clear();
        }

        Cells?.Clear();
        (Rows, Rounded, Normalised, BytesRead, Fault) = (0, 0, 0, 0, null);
    }

    /// <summary>Adds records: good ones, without units, whose fingerprints are 0.</summary>
    public void Extend(int rows)
    {
        var wanted = Rows + rows;
        if (wanted > _findings.Length)
        {
            var length = Math.Max(wanted, 2 * _findings.Length);
            Array.Resize(ref _findings, length);
            Array.Resize(ref _fingerprints, length);
            Array.Resize(ref _units, length);
        }

        _findings.AsSpan(Rows, rows).Fill(RowFindings.IsGood);
        _fingerprints.AsSpan(Rows, rows).Clear();
        Rows = wanted;
    }

    /// <summary>Counts a problem; its text is made only if it may be kept. Problems MUST come in the order of records and columns.</summary>
    public void AddProblem<TState>(int row, int column, ProblemKind kind, TState state, Func<TState, DatasetProblem> describe)
    {
        var count = _counts.GetValueOrDefault(kind) + 1;
        _counts[kind] = count;
        if (count <= ProblemLog.KeptPerKind)
        {
            _kept.Add(new PlacedProblem(row, column, describe(state) with { Row = row }));
        }
    }
}

/// <summary>The values of a unique column in a block, with the records that have them.</summary>
internal sealed class UniqueValues
{
    private readonly List<(int Row, UInt128 Key, string? Text)> _values = [];

    /// <summary>Gets the record's place in the block, the 128 bits of its value, and the beginning of its text where it is wanted.</summary>
    public IReadOnlyList<(int Row, UInt128 Key, string? Text)> All => _values;

    /// <summary>Adds a value.</summary>
    public void Add(int row, UInt128 key, string? text) => _values.Add((row, key, text));

    /// <summary>Forgets all.</summary>
    public void Clear() => _values.Clear();
}
