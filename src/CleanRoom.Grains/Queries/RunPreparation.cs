using System.Collections.Immutable;
using CleanRoom.Cryptography;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Grains.Collaboration;
using CleanRoom.Grains.Messages;
using CleanRoom.Policy;
using CleanRoom.Policy.Caps;
using CleanRoom.Policy.Generation;
using CleanRoom.Policy.Plans;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Contracts;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Grains.Queries;

/// <summary>Makes the plan of a charged run again and checks that it is the one that was approved.</summary>
internal static class RunPreparation
{
    /// <summary>Prepares a run.</summary>
    /// <param name="assignment">What the ledger says.</param>
    /// <param name="analyzer">Makes the verdict and the plan; the analyst's text goes no further than here.</param>
    /// <param name="guestOnlyKey">Of the collaboration; what orders a person's groups in the tier dp is derived from it.</param>
    /// <param name="sizes">How large a run of partitions is.</param>
    /// <param name="correlationId">The name of the run in logs.</param>
    /// <param name="cancellationToken">Stops waiting for the analyser.</param>
    /// <returns>The run, or <see cref="RefusalCode.QueryFailed"/> when this build gives another verdict than the approved one.</returns>
    public static async Task<Result<PreparedRun>> PrepareAsync(
        RunAssignment assignment, QueryAnalyzer analyzer, SecretBytes guestOnlyKey, RunSizes sizes, string correlationId, CancellationToken cancellationToken)
    {
        var contract = DocumentCodec.Parse<Contract>(assignment.Contract).Value;
        var query = DocumentCodec.Parse<Query>(assignment.Query).Value;
        var ingests = assignment.Ingests.Select(bytes => DocumentCodec.Parse<IngestStatement>(bytes).Value).ToList();
        var analysis = await analyzer.AnalyzeAsync(
            contract, Digest.Parse(assignment.ContractDigest), RunPlanning.RequestOf(query), cancellationToken);
        var verdict = DocumentCodec.DigestOf(analysis.Verdict).ToString();
        if (analysis.Plan is not { } plan || verdict != assignment.VerdictDigest)
        {
            return new Refusal(RefusalCode.QueryFailed, $"the approved verdict {assignment.VerdictDigest}", verdict);
        }

        // A version of another form would join with nobody, and nobody would notice. The fold lets none in.
        var mixed = ingests.Select(ingest => RekeyedProfiles.WhyAnotherForm(contract, contract.Datasets.Single(dataset => dataset.SqlName == ingest.Dataset), ingest))
            .FirstOrDefault(wrong => wrong is not null);
        if (mixed is not null)
        {
            return mixed;
        }

        using var salt = RunSeeds.BoundingSalt(guestOnlyKey, Digest.Parse(assignment.ChargeLeaf));
        var engine = EngineQuery.Of(plan, contract, plan.Noise is null ? [] : [.. salt.Span], ingests, sizes, countsRows: false);
        var caps = RowCaps.Of(plan, contract, ingests);
        return new PreparedRun(
            contract,
            query,
            plan,
            engine.Partitions,
            Assign(engine),
            caps is null ? null : new RunByRows(caps, Assign(EngineQuery.Of(plan, contract, [], ingests, sizes, countsRows: true))));

        ImmutableArray<PartitionAssignment> Assign(EngineQueries queries) =>
            [.. queries.Runs.Select(run => Partition(contract, plan, query.Collaboration, run, ingests, correlationId))];
    }

    private static PartitionAssignment Partition(Contract contract, QueryPlan plan, string collaboration, EngineQuery engine, List<IngestStatement> ingests, string correlationId) => new()
    {
        Collaboration = collaboration,
        Sql = engine.Sql,
        Inputs = [.. engine.Inputs.Select(input => Input(contract, plan, ingests.Single(ingest => ingest.Dataset == input.Dataset), input))],
        CorrelationId = correlationId,
    };

    private static PartitionInput Input(Contract contract, QueryPlan plan, IngestStatement ingest, EngineQueryInput input)
    {
        var derived = ingest.Derived[input.Partition];
        var unit = contract.Datasets.Single(dataset => dataset.SqlName == ingest.Dataset).Policy.Unit?.Column;
        return new()
        {
            Dataset = ingest.Dataset,
            ManifestDigest = ingest.ManifestDigest.ToString(),
            Partition = derived.Partition,
            Name = derived.Name,
            PlaintextBytes = derived.PlaintextBytes,
            Columns = [.. input.Columns],
            Unit = unit is not null && input.Columns.Contains(unit) ? unit : null,
            Bounds = [.. FilterBounds.Of(plan, ingest.Dataset).Select(bound => new PartitionBounds(bound.Column, bound.Least, bound.Greatest))],
        };
    }
}
