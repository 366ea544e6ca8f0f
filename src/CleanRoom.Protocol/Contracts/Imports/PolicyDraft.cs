using System.Collections.Immutable;
using CleanRoom.Protocol.Contracts.Rules;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Imports;

/// <summary>A policy that grows by grants, with a note for each rule. It never grants what the contract's own rules would refuse.</summary>
internal sealed class PolicyDraft
{
    private const int FloorMinUnits = 10;

    private readonly List<ImportNote> _notes = [];
    private readonly Dictionary<string, ImmutableArray<ColumnUse>> _uses = new(StringComparer.Ordinal);

    public PolicyDraft(Contract contract, Dataset dataset)
    {
        (Contract, Dataset, Policy) = (contract, dataset, dataset.Policy);
        foreach (var (name, column) in dataset.Policy.Columns)
        {
            _uses[name] = column.Uses;
        }
    }

    /// <summary>Gets the draft contract.</summary>
    public Contract Contract { get; }

    /// <summary>Gets the dataset.</summary>
    public Dataset Dataset { get; }

    /// <summary>Gets or sets everything but the columns.</summary>
    public DatasetPolicy Policy { get; set; }

    /// <summary>Takes all grants back, before a peer's list of columns is read. The unit column stays joinable: units meet on it.</summary>
    public void DropGrants()
    {
        foreach (var name in _uses.Keys.ToList())
        {
            _uses[name] = name == Policy.Unit?.Column ? [ColumnUse.Join] : [];
        }
    }

    /// <summary>Takes one use back everywhere but from the unit column's join.</summary>
    public void Drop(ColumnUse use)
    {
        foreach (var name in _uses.Keys.Where(name => use != ColumnUse.Join || name != Policy.Unit?.Column).ToList())
        {
            _uses[name] = _uses[name].Remove(use);
        }
    }

    /// <summary>Takes everything from a column that a rule hides.</summary>
    public void Hide(string column)
    {
        if (_uses.ContainsKey(column) && column != Policy.Unit?.Column)
        {
            _uses[column] = [];
        }
    }

    /// <summary>Finds a column of the schema by the peer's spelling, which ignores case; null when there is none.</summary>
    public string? Find(string column) => _uses.Keys.FirstOrDefault(name => string.Equals(name, column, StringComparison.OrdinalIgnoreCase));

    /// <summary>Grants a use of a column and says so, or says why not.</summary>
    /// <param name="rule">The peer's rule.</param>
    /// <param name="column">The column in the peer's spelling.</param>
    /// <param name="use">The use.</param>
    /// <param name="words">What holds here, where it is more than the grant itself.</param>
    /// <param name="outcome">Kept, or stricter where the peer's rule allowed more.</param>
    public void Grant(string rule, string column, ColumnUse use, string? words = null, ImportOutcome outcome = ImportOutcome.Kept)
    {
        if (Find(column) is not { } name)
        {
            Note(ImportOutcome.NotKept, rule, $"{Names.Show(column)} is no column of {Dataset.SqlName}");
            return;
        }

        if (WhyNot(name, use) is { } reason)
        {
            Note(ImportOutcome.NotKept, rule, reason);
            return;
        }

        if (!_uses[name].Contains(use))
        {
            _uses[name] = _uses[name].Add(use);
        }

        Note(outcome, rule, words ?? $"{name} has the use {Word(use)}");
    }

    /// <summary>Raises the threshold to what a rule asks for; it never falls.</summary>
    public void RequireUnits(string rule, int minimum)
    {
        if (Policy.Unit is not { } unit)
        {
            Note(ImportOutcome.NotKept, rule, $"{Dataset.SqlName} names no unit: say in the contract whose rows these are");
            return;
        }

        var floor = Contract.AllowInsecure ? 1 : FloorMinUnits;
        var least = Math.Max(Math.Max(minimum, floor), Policy.Threshold.MinUnits);
        Policy = Policy with { Threshold = Policy.Threshold with { MinUnits = least } };
        Note(
            least > minimum ? ImportOutcome.Stricter : ImportOutcome.Kept,
            rule,
            $"every row of an answer has at least {least} different {unit.Column}, counted by the room and not by the query");
    }

    /// <summary>Adds a note.</summary>
    public void Note(ImportOutcome outcome, string rule, string words) => _notes.Add(new ImportNote(outcome, rule, words));

    /// <summary>Returns the policy and the notes.</summary>
    public RuleImport Finish() => new(
        Policy with
        {
            Columns = Policy.Columns.ToImmutableSortedDictionary(
                entry => entry.Key, entry => entry.Value with { Uses = [.. _uses[entry.Key].Distinct().Order()] }, StringComparer.Ordinal),
        },
        [.. _notes]);

    private static string Word(ColumnUse use) => use == ColumnUse.CountDistinct ? "count-distinct" : use.ToString().ToLowerInvariant();

    /// <summary>What the rules of contracts would say of the grant alone; null when nothing.</summary>
    private string? WhyNot(string name, ColumnUse use)
    {
        var before = Problems();
        var uses = _uses[name];
        _uses[name] = [.. uses.Append(use).Distinct()];
        var added = Problems().Except(before).FirstOrDefault();
        _uses[name] = uses;

        // A rule is written "path: what it wants"; the path is of no use in a note that names the column.
        return added is null ? null : $"a contract wants {added.Wanted[(added.Wanted.IndexOf(": ", StringComparison.Ordinal) + 2)..]}; {name} is {added.Got}";
    }

    private ImmutableArray<Refusal> Problems() => ContractRules.Check(
        Contract with { Datasets = Contract.Datasets.Replace(Dataset, Dataset with { Policy = Finish().Policy }) });
}
