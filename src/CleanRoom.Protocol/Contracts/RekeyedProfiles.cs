using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts;

/// <summary>Which identifiers a room stores as tokens of its own. Spec: contracts/spec/0007 s.11.</summary>
public static class RekeyedProfiles
{
    /// <summary>Returns the profiles whose columns hold tokens: those of the contract but those of which a column may be listed, whose value must leave as it is.</summary>
    /// <remarks>A matter of the profile, not of the column: both sides of a join must have one form.</remarks>
    public static ImmutableSortedSet<string> Of(Contract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var columns = contract.Datasets.SelectMany(dataset => dataset.Policy.Columns.Values).Where(column => column.Normalise is not null).ToList();
        return columns.Select(column => column.Normalise!)
            .Except(columns.Where(column => column.Uses.Contains(ColumnUse.List)).Select(column => column.Normalise!))
            .ToImmutableSortedSet(StringComparer.Ordinal);
    }

    /// <summary>Returns those of one dataset, ascending.</summary>
    public static ImmutableArray<string> Of(Contract contract, Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return [.. Of(contract).Intersect(dataset.Policy.Columns.Values.Select(column => column.Normalise).OfType<string>())];
    }

    /// <summary>Says whether a column holds tokens.</summary>
    public static bool Contains(Contract contract, Dataset dataset, string column)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return dataset.Policy.Columns.TryGetValue(column, out var policy) && policy.Normalise is { } profile && Of(contract).Contains(profile);
    }

    /// <summary>Returns why a dataset version that was taken in does not hold its identifiers in the form of the contract; null when it does.</summary>
    public static Refusal? WhyAnotherForm(Contract contract, Dataset dataset, IngestStatement ingest)
    {
        ArgumentNullException.ThrowIfNull(ingest);
        var (wanted, got) = (Of(contract, dataset), ingest.Rekeyed ?? []);
        return wanted.SequenceEqual(got, StringComparer.Ordinal)
            ? null
            : new Refusal(RefusalCode.DatasetRejected, $"{dataset.SqlName} with tokens for {Words(wanted)}", $"a version with tokens for {Words(got)}: bring it anew");
    }

    private static string Words(ImmutableArray<string> profiles) => profiles.IsEmpty ? "no profile" : string.Join(", ", profiles);
}
