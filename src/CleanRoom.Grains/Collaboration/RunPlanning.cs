using System.Collections.Immutable;
using CleanRoom.Grains.Messages;
using CleanRoom.Policy;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Grains.Collaboration;

/// <summary>What follows from a state for a run or an ingest. Pure.</summary>
internal static class RunPlanning
{
    /// <summary>Returns the analyser's question for a query.</summary>
    public static AnalysisRequest RequestOf(Query query) => new()
    {
        Analyst = query.Analyst,
        Sql = query.Sql,
        TemplateDigest = query.TemplateDigest,
        Parameters = query.Parameters,
        Receivers = query.Receivers,
    };

    /// <summary>Returns the analyser's question for an explain request.</summary>
    public static Result<AnalysisRequest> RequestOf(ExplainRequest request)
    {
        Digest? template = null;
        if (request.TemplateDigest is { } text)
        {
            if (!Digest.TryParse(text, out var digest))
            {
                return new Refusal(RefusalCode.DocumentInvalid, "a template digest of 64 lower-case hex digits", $"{text.Length} characters");
            }

            template = digest;
        }

        return new AnalysisRequest
        {
            Analyst = request.Analyst,
            Sql = request.Sql,
            TemplateDigest = template,
            Parameters = request.Parameters,
            Receivers = request.Receivers,
        };
    }

    /// <summary>Refuses a query that lists other inputs than its plan reads; the fold refuses its approvals for the same reason.</summary>
    public static Refusal? WhyInputsDiffer(Query query, Verdict verdict)
    {
        var reads = verdict.Inputs.Select(input => input.Dataset).Order(StringComparer.Ordinal).ToList();
        var listed = query.Inputs.Select(input => input.Dataset).Order(StringComparer.Ordinal).ToList();
        return reads.SequenceEqual(listed, StringComparer.Ordinal)
            ? null
            : new(RefusalCode.QueryRefused, $"inputs {string.Join(", ", reads)}", string.Join(", ", listed));
    }

    /// <summary>Lists dataset versions that wait to be taken in.</summary>
    public static IEnumerable<Digest> OpenIngests(CollaborationState state) => state.Datasets.Values
        .Where(dataset => dataset is { Grant: not null, Ingest: null, WithdrawnSequence: null })
        .Select(dataset => dataset.Digest);

    /// <summary>Lists queries whose run is open, or whose first run may begin.</summary>
    public static IEnumerable<Digest> OpenRuns(CollaborationState state, Timestamp now) => state.Queries.Values
        .Where(query => query.Query.NotBefore <= now
            && QueryStatuses.StatusOf(state, query, now) is QueryStatus.Running or QueryStatus.Approved)
        .Select(query => query.Digest);

    /// <summary>Lists queries whose run is open and may not go on.</summary>
    public static IEnumerable<Digest> StoppedRuns(CollaborationState state, Timestamp now) => state.Queries.Values
        .Where(query => query.Runs is [.., { IsEnded: false }]
            && (state.WhyNotActive(now) ?? QueryRules.WhyEnded(state, query, now)) is not null)
        .Select(query => query.Digest);

    /// <summary>Lists dataset versions that nobody may read any more.</summary>
    public static IEnumerable<DatasetState> ForgottenDatasets(CollaborationState state) =>
        state.Datasets.Values.Where(dataset => dataset.WithdrawnSequence is not null);

    /// <summary>
    /// Returns a value that changes whenever a right to read data may have ended: whatever is kept in clear of the collaboration is let go then. It changes too
    /// often rather than too rarely.
    /// </summary>
    public static TakenBack TakenBack(CollaborationState state, Timestamp now) => new(
        state.WhyNotActive(now)?.Code,
        state.ActiveContract,
        ForgottenDatasets(state).Count(),
        state.RevokedMeasurements.Count,
        state.Members.Values.Count(member => member.RevokedSequence is not null),
        state.Queries.Values.Count(query => query.Stopped is not null));

    /// <summary>Lists stored answers whose retention is over.</summary>
    public static IEnumerable<(Digest Query, string ResultName)> ForgottenResults(CollaborationState state, Timestamp now) =>
        from query in state.Queries.Values
        from run in query.Runs
        where run.Result is not null && QueryRules.WhyExpired(state, query, run, now) is not null
        select (query.Digest, run.Result!.Blob.Name);

    /// <summary>Returns the charge of the next run, without proofs of the owners' budget logs; null when no verdict has all approvals.</summary>
    public static Charge? NextCharge(CollaborationState state, QueryState query, Timestamp now)
    {
        var verdict = QueryRules.VerdictsOn(state, query).Where(digest => QueryRules.WhyNotApproved(state, query, digest, now) is null)
            .Select(digest => (Digest?)digest).FirstOrDefault();
        return verdict is not { } found
            ? null
            : new Charge
            {
                Collaboration = state.Collaboration,
                QueryDigest = query.Digest,
                VerdictDigest = found,
                Run = query.Runs.Length + 1,
                Costs = state.Verdicts[found].Budget,
                BudgetLogs = [],
            };
    }

    /// <summary>Returns what the open run needs.</summary>
    public static Result<RunAssignment> Assign(CollaborationState state, QueryState query, Timestamp now)
    {
        var run = query.Runs[^1];
        if ((state.WhyNotActive(now) ?? QueryRules.WhyEnded(state, query, now)) is { } stopped)
        {
            return stopped;
        }

        var contract = state.Contracts[query.Query.ContractDigest];
        return new RunAssignment
        {
            ContractDigest = contract.Digest.ToString(),
            Contract = DocumentCodec.Encode(contract.Contract),
            Query = DocumentCodec.Encode(query.Query),
            VerdictDigest = run.Charge.VerdictDigest.ToString(),
            ChargeSequence = run.ChargeSequence,
            ChargeLeaf = state.Log.Leaves[(int)run.ChargeSequence].ToString(),
            Ingests = [.. query.Query.Inputs.Select(input => DocumentCodec.Encode(state.Datasets[input.ManifestDigest].Ingest!))],
            Receivers = [.. query.Query.Receivers.SelectMany(receiver => ReadersOf(state, receiver, now))],
            Histories = Histories(state, query, run),
        };
    }

    private static ImmutableArray<HistoryAssignment> Histories(CollaborationState state, QueryState query, RunState run)
    {
        var audited = state.Verdicts[run.Charge.VerdictDigest].Inputs.Where(input => input.Cells > 0).Select(input => input.Dataset).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. query.Query.Inputs.Where(input => audited.Contains(input.Dataset)).Select(input => new HistoryAssignment
            {
                Dataset = input.Dataset,
                ManifestDigest = input.ManifestDigest.ToString(),
                Counted = QueryRules.CellsCounted(state, query, run, input.Dataset),
                Newest = state.Histories.GetValueOrDefault(input.ManifestDigest) is { } newest
                    ? new HistoryState(newest.Commitment.ToString(), newest.Blob.Name, newest.Blob.Bytes, newest.Blob.Digest.ToString())
                    : null,
            }),
        ];
    }

    /// <summary>Returns what taking in a dataset version needs.</summary>
    public static Result<IngestAssignment> AssignIngest(CollaborationState state, Digest manifestDigest, Timestamp now)
    {
        if (!state.Datasets.TryGetValue(manifestDigest, out var dataset) || dataset is not { Grant: { } grant, Ingest: null, WithdrawnSequence: null })
        {
            return new Refusal(RefusalCode.DatasetUnknown, "a granted dataset version that is not taken in yet", manifestDigest.Abbreviated);
        }

        if (state.WhyNotActive(now) is { } inactive)
        {
            return inactive;
        }

        return new IngestAssignment
        {
            Contract = DocumentCodec.Encode(state.Active!.Contract),
            Manifest = DocumentCodec.Encode(dataset.Manifest),
            Grant = DocumentCodec.Encode(grant),
            ReportReaders = [.. ReadersOf(state, dataset.Owner, now, MemberRole.Owner)],
        };
    }

    private static IEnumerable<ReceiverKey> ReadersOf(
        CollaborationState state, string collaborator, Timestamp now, MemberRole role = MemberRole.Receiver) => state.MembersOf(collaborator, now)
        .Where(member => member.Has(role) && member.Delegation.ReceiveKey is not null)
        .OrderBy(member => member.Name, StringComparer.Ordinal)
        .Select(member => new ReceiverKey(collaborator, member.Delegation.Member, member.Delegation.ReceiveKey!.Value.ToArray()));
}

/// <summary>What a state has taken back so far, in numbers: <see cref="RunPlanning.TakenBack"/>.</summary>
internal sealed record TakenBack(RefusalCode? NotActive, Digest? Contract, int Datasets, int Measurements, int Members, int Queries);
