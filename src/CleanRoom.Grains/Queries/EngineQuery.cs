using System.Collections.Immutable;
using CleanRoom.Engine.Running;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Grains.Queries;

/// <summary>What an engine is given of a plan: the SQL that runs, and which columns of which datasets it reads, in the order of the inputs.</summary>
/// <remarks>One place for real runs and for made-up answers, so that both run the same. Spec: contracts/spec/0008 s.10.</remarks>
/// <param name="Sql">The generated SQL.</param>
/// <param name="Inputs">Each dataset, by SQL name, with the columns that the SQL references.</param>
internal sealed record EngineQuery(string Sql, ImmutableArray<KeyValuePair<string, ImmutableSortedSet<string>>> Inputs)
{
    /// <summary>Generates it: columns of tokens are read as what is stored.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="contract">Its contract.</param>
    /// <param name="salt">What orders a person's groups in the tier dp; empty in others.</param>
    public static EngineQuery Of(QueryPlan plan, Contract contract, ImmutableArray<byte> salt)
    {
        var stored = RekeyedPlan.Of(plan, contract);
        var inputs = PlanColumns.Of(stored).ToImmutableArray();
        var relations = inputs.Select((input, position) => KeyValuePair.Create(input.Key, EngineInput.ViewName(position)));
        var options = new GenerationOptions { Relations = relations.ToImmutableSortedDictionary(StringComparer.Ordinal), Salt = salt };
        return new EngineQuery(SqlGenerator.Generate(stored, options).Text, inputs);
    }
}
