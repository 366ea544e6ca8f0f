using System.Collections.Immutable;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts;

/// <summary>Makes a contract of one's own from an example.</summary>
public static class ContractTemplates
{
    /// <summary>Replaces everything in an example that belongs to somebody: id, root keys, life span, accepted code.</summary>
    /// <param name="example">Its texts, datasets, rules and templates are taken over as they are.</param>
    /// <param name="filling">The values of the new collaboration.</param>
    /// <returns>A version 1 that <see cref="ContractRules.Check"/> accepts, or every reason why there is none.</returns>
    public static Result<Contract> Fill(Contract example, ContractFilling filling)
    {
        ArgumentNullException.ThrowIfNull(example);
        ArgumentNullException.ThrowIfNull(filling);
        var refusals = Mismatches(example, filling);
        if (!refusals.IsEmpty)
        {
            return refusals;
        }

        var contract = example with
        {
            Id = filling.Id,
            Version = 1,
            Previous = null,
            CarriesOver = [],
            Collaborators = [.. example.Collaborators.Select(one => one with { RootKey = filling.RootKeys[one.Id] })],
            Attestation = filling.Attestation,
            AllowInsecure = filling.AllowInsecure,
            NotBefore = filling.NotBefore,
            Expires = filling.Expires,
        };
        refusals = ContractRules.Check(contract);
        return refusals.IsEmpty ? contract : refusals;
    }

    private static ImmutableArray<Refusal> Mismatches(Contract example, ContractFilling filling)
    {
        var wanted = example.Collaborators.Select(one => one.Id).ToHashSet(StringComparer.Ordinal);
        var missing = wanted.Where(id => !filling.RootKeys.ContainsKey(id))
            .Select(id => new Refusal(RefusalCode.ContractInvalid, $"a root key for {Rules.Names.Show(id)}", "none"));
        var unknown = filling.RootKeys.Keys.Where(id => !wanted.Contains(id))
            .Select(id => new Refusal(RefusalCode.ContractInvalid, "root keys for collaborators of the example only", Rules.Names.Show(id)));
        return [.. missing, .. unknown];
    }
}

/// <summary>What <see cref="ContractTemplates.Fill"/> puts into an example.</summary>
public sealed record ContractFilling
{
    /// <summary>Gets the new contract's id: 32 lower-case hex digits, random.</summary>
    public required string Id { get; init; }

    /// <summary>Gets collaborator id to root key; exactly the example's collaborators.</summary>
    public required ImmutableSortedDictionary<string, Bytes> RootKeys { get; init; }

    public required AttestationPolicy Attestation { get; init; }

    public required bool AllowInsecure { get; init; }

    public required Timestamp NotBefore { get; init; }

    public required Timestamp Expires { get; init; }
}
