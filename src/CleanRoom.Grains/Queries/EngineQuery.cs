using System.Collections.Immutable;
using CleanRoom.Engine.Running;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Partitions;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Grains.Queries;

/// <summary>What an engine is given of a plan: the SQL that runs, and which columns of which partitions it reads, in the order of the inputs.</summary>
/// <remarks>One place for real runs and for made-up answers, so that both run the same. Spec: contracts/spec/0008 s.10, s.14.</remarks>
/// <param name="Sql">The generated SQL.</param>
/// <param name="Inputs">Each partition that is read, with the columns that the SQL references.</param>
internal sealed record EngineQuery(string Sql, ImmutableArray<EngineQueryInput> Inputs)
{
    /// <summary>Generates the one run over datasets of one partition each: columns of tokens are read as what is stored.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="contract">Its contract.</param>
    /// <param name="salt">What orders a person's groups in the tier dp; empty in others.</param>
    public static EngineQuery Of(QueryPlan plan, Contract contract, ImmutableArray<byte> salt) =>
        Of(RekeyedPlan.Of(plan, contract), salt, StoredFacts.None, isPartial: false, countsRows: false, _ => [0]);

    /// <summary>Generates the runs over datasets of several partitions.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="contract">Its contract.</param>
    /// <param name="salt">What orders a person's groups in the tier dp; empty in others.</param>
    /// <param name="ingests">How each dataset was taken in.</param>
    /// <param name="sizes">How large a run is.</param>
    /// <param name="countsRows">Whether rows are counted and not people: <see cref="GenerationOptions.CountsRows"/>.</param>
    public static EngineQueries Of(
        QueryPlan plan, Contract contract, ImmutableArray<byte> salt, IReadOnlyCollection<IngestStatement> ingests, RunSizes sizes, bool countsRows)
    {
        var partitions = ingests.ToDictionary(ingest => ingest.Dataset, ingest => ingest.Derived.Length, StringComparer.Ordinal);
        var facts = StoredFacts.Of(contract, ingests);
        var stored = RekeyedPlan.Of(plan, contract);
        var most = PlanPartitions.Of(stored, partitions);
        return most?.InAtMost(sizes.Wanted(most, stored, contract, ingests)) is { } runs
            ? new EngineQueries(runs, [.. Enumerable.Range(0, runs.Runs).Select(run => Of(stored, salt, facts, isPartial: true, countsRows, dataset => runs.Read(run, dataset, partitions[dataset])))])
            : new EngineQueries(null, [Of(stored, salt, facts, isPartial: false, countsRows, dataset => Enumerable.Range(0, partitions[dataset]))]);
    }

    private static EngineQuery Of(
        QueryPlan stored, ImmutableArray<byte> salt, StoredFacts facts, bool isPartial, bool countsRows, Func<string, IEnumerable<int>> read)
    {
        var columns = PlanColumns.Of(stored);
        var inputs = columns
            .SelectMany(input => read(input.Key).Select(partition => new EngineQueryInput(input.Key, partition, input.Value)))
            .ToImmutableArray();
        var views = inputs
            .Select((input, position) => (input.Dataset, View: EngineInput.ViewName(position)))
            .GroupBy(input => input.Dataset, input => input.View, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(dataset => dataset.Key, dataset => dataset.ToImmutableArray(), StringComparer.Ordinal);
        var options = new GenerationOptions
        {
            Relations = views.ToImmutableSortedDictionary(dataset => dataset.Key, dataset => JoinedParts.Relation(dataset.Value, columns[dataset.Key]), StringComparer.Ordinal),
            Parts = views.Where(dataset => dataset.Value.Length > 1).ToImmutableSortedDictionary(StringComparer.Ordinal),
            IsPartial = isPartial,
            CountsRows = countsRows,
            Facts = facts,
            Salt = salt,
        };
        return new EngineQuery(SqlGenerator.Generate(stored, options).Text, inputs);
    }
}

/// <summary>A partition of a dataset that an engine reads.</summary>
/// <param name="Dataset">The dataset's SQL name.</param>
/// <param name="Partition">Which of its partitions.</param>
/// <param name="Columns">The columns that the SQL references.</param>
internal sealed record EngineQueryInput(string Dataset, int Partition, ImmutableSortedSet<string> Columns);

/// <summary>The runs of a plan.</summary>
/// <param name="Partitions">How their rows are added up; null for one run, whose rows are those of the plan.</param>
/// <param name="Runs">One or more.</param>
internal sealed record EngineQueries(PlanPartitions? Partitions, ImmutableArray<EngineQuery> Runs);
