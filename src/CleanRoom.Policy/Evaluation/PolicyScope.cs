using System.Collections.Immutable;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Policy.Evaluation;

/// <summary>The contract as it looks to one analyst and one set of receivers.</summary>
internal sealed class PolicyScope(Contract contract, string analyst, ImmutableArray<string> receivers)
{
    /// <summary>Thresholds below this hold only where the contract allows insecure settings. Spec: contracts/spec/0003 s.4.</summary>
    public const int LeastMinUnits = 10;

    private readonly ImmutableSortedSet<string> _rekeyed = RekeyedProfiles.Of(contract);

    /// <summary>Gets the contract.</summary>
    public Contract Contract { get; } = contract;

    /// <summary>Gets the asking collaborator.</summary>
    public string Analyst { get; } = analyst;

    /// <summary>Gets who receives the answer.</summary>
    public ImmutableArray<string> Receivers { get; } = receivers;

    /// <summary>Returns the dataset that an engine table stands for, or null.</summary>
    public Dataset? Find(string schema, string table) => Contract.Datasets.FirstOrDefault(dataset =>
        string.Equals(dataset.Owner, schema, StringComparison.Ordinal) && string.Equals(dataset.Name, table, StringComparison.Ordinal));

    /// <summary>Returns the dataset of a plan's table.</summary>
    public Dataset Of(PlanTable table) => Contract.Datasets.First(dataset => dataset.SqlName == table.Dataset);

    /// <summary>
    /// Says whether the audience is the owner alone: it asks, and nobody else receives. Only then are the owner's rules not applied to it.
    /// </summary>
    public bool IsOwn(Dataset dataset) => dataset.Owner == Analyst && Receivers.All(receiver => receiver == dataset.Owner);

    /// <summary>Says whether a column holds tokens of the room, which can be joined and counted and mean nothing else, to its owner neither.</summary>
    public bool IsRekeyed(Dataset dataset, string column) =>
        dataset.Policy.Columns.TryGetValue(column, out var policy) && policy.Normalise is { } profile && _rekeyed.Contains(profile);

    /// <summary>Says whether the owner grants a use of a column that has it in this room.</summary>
    public bool Allows(Dataset dataset, string column, ColumnUse use) => !(IsRekeyed(dataset, column) && use is not (ColumnUse.Join or ColumnUse.CountDistinct))
        && IsGranted(dataset, column, use);

    private bool IsGranted(Dataset dataset, string column, ColumnUse use) =>
        IsOwn(dataset) || (dataset.Policy.Columns.TryGetValue(column, out var policy) && policy.Uses.Contains(use));

    /// <summary>Returns the dataset's own threshold: 0 when it protects nobody from the audience.</summary>
    public int MinUnits(Dataset dataset) => dataset.Policy.Unit is null || IsOwn(dataset)
        ? 0
        : Math.Max(dataset.Policy.Threshold.MinUnits, Contract.AllowInsecure ? 1 : LeastMinUnits);
}
