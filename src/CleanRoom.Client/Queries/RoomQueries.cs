using System.Collections.Immutable;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Client.Queries;

/// <summary>A member's part in queries: ask, decide, stop. Spec: contracts/spec/0008.</summary>
public sealed class RoomQueries(RoomClient room)
{
    /// <summary>Asks what the rules say; nothing is appended and no data is read.</summary>
    /// <returns>The verdict, which this client has found to be about this question; or the refusals.</returns>
    public async Task<Result<QueryExplanation>> ExplainAsync(QueryQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var request = ApiRequest.Post(
            ApiPaths.Of(ApiRoutes.Explain, room.Collaboration),
            new ExplainQueryRequest
            {
                Analyst = room.Member.Collaborator,
                Sql = question.Sql,
                TemplateDigest = question.TemplateDigest,
                Parameters = question.Parameters,
                Receivers = question.Receivers,
            },
            ApiJsonContext.Default.ExplainQueryRequest);
        if (!(await room.RefreshAsync(cancellationToken)).TryGet(out _, out var refusals)
            || !(await room.CallAsync(request, ApiJsonContext.Default.ExplainQueryResponse, cancellationToken)).TryGet(out var explained, out refusals)
            || !DocumentCodec.Parse<Verdict>(explained.Verdict.Span).TryGet(out var verdict, out refusals))
        {
            return refusals;
        }

        return WhyNotOn(question, verdict) is { } other ? other : new QueryExplanation(verdict, explained.State);
    }

    /// <summary>Asks for real: signs the query over the current datasets and appends it with the verdict on it.</summary>
    /// <returns>The query as the ledger holds it; or <see cref="RefusalCode.QueryRefused"/> with the verdict's codes; or other refusals.</returns>
    public async Task<Result<SubmittedQuery>> SubmitAsync(QueryQuestion question, QueryTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (!(await ExplainAsync(question, cancellationToken)).TryGet(out var explained, out var refusals)
            || !InputsOf(explained.Verdict).TryGet(out var inputs, out refusals))
        {
            return refusals;
        }

        var query = new Query
        {
            Collaboration = room.Collaboration,
            ContractDigest = explained.Verdict.ContractDigest,
            Analyst = room.Member.Collaborator,
            Sql = question.Sql,
            TemplateDigest = question.TemplateDigest,
            Parameters = question.Parameters,
            Inputs = inputs,
            Receivers = question.Receivers,
            Runs = terms.Runs,
            NotBefore = terms.NotBefore,
            Expires = terms.Expires,
            Nonce = Nonces.Fresh(),
        };
        var signed = await room.SignAsync(query, cancellationToken);
        var request = ApiRequest.Statement(ApiRoutes.Queries, room.Collaboration, signed);
        if (!(await room.CallAsync(request, ApiJsonContext.Default.SubmitResponse, cancellationToken)).TryGet(out _, out refusals)
            || !(await ReviewAsync(signed.PayloadDigest, cancellationToken)).TryGet(out var review, out refusals))
        {
            return refusals;
        }

        return new SubmittedQuery(signed.PayloadDigest, review.VerdictDigest, review.Verdict);
    }

    /// <summary>Reads the ledger and returns a query with the verdict on it, for a person to decide.</summary>
    /// <returns>The review, or <see cref="RefusalCode.QueryUnknown"/>, or <see cref="RefusalCode.QueryNotApproved"/> while there is no verdict.</returns>
    public async Task<Result<QueryReview>> ReviewAsync(Digest query, CancellationToken cancellationToken)
    {
        if (!(await room.RefreshAsync(cancellationToken)).TryGet(out _, out var refusals) || !room.State.FindQuery(query).TryGet(out var found, out refusals))
        {
            return refusals;
        }

        if (QueryRules.VerdictToApprove(room.State, found) is not { } verdictDigest)
        {
            return new Refusal(RefusalCode.QueryNotApproved, $"a verdict on query {query.Abbreviated} in the ledger", "none");
        }

        return QueryRules.Needs(room.State, found, verdictDigest)
            .Then(needs => Result.Accept(new QueryReview(found, verdictDigest, room.State.Verdicts[verdictDigest], needs)));
    }

    /// <summary>Approves or refuses. Signs the verdict's digest and the checkpoint that this client has verified.</summary>
    public async Task<Result<StatementResponse>> DecideAsync(
        QueryReview review, ApprovalDecision decision, string reason, ApprovalConditions conditions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(review);
        if (!(await room.RefreshAsync(cancellationToken)).TryGet(out _, out var refusals))
        {
            return refusals;
        }

        // The review may be older than the ledger, or of another room.
        if (!room.State.Queries.TryGetValue(review.Query.Digest, out var query)
            || QueryRules.WrongVerdict(room.State, query, review.VerdictDigest) is not null
            || DocumentCodec.DigestOf(review.Verdict) != review.VerdictDigest)
        {
            return new Refusal(RefusalCode.QueryNotApproved, "a query and verdict of this room's ledger", review.Query.Digest.Abbreviated);
        }

        // Another tab, or another machine of the same person, was faster: nothing is signed twice.
        if (query.Decisions.Any(decision => decision.By.Collaborator == room.Member.Collaborator && decision.By.Member == room.Member.Member))
        {
            return new Refusal(RefusalCode.Replayed, "one decision by each member", $"a second by {room.Member.Name}");
        }

        var approval = new Approval
        {
            Collaboration = room.Collaboration,
            Subject = query.Digest,
            ContractDigest = query.Query.ContractDigest,
            VerdictDigest = review.VerdictDigest,
            Decision = decision,
            Reason = reason,
            Conditions = conditions,
            Checkpoint = room.Mirror.Note,
            Nonce = Nonces.Fresh(),
        };
        return await room.AppendAsync(approval, cancellationToken);
    }

    /// <summary>Reads the ledger and returns several queries with the verdicts on them, for a person to decide together.</summary>
    /// <returns>All of them; or the refusals of the first that there is none of.</returns>
    public async Task<Result<ImmutableArray<QueryReview>>> ReviewAllAsync(ImmutableArray<Digest> queries, CancellationToken cancellationToken)
    {
        var reviews = ImmutableArray.CreateBuilder<QueryReview>();
        foreach (var query in queries)
        {
            if (!(await ReviewAsync(query, cancellationToken)).TryGet(out var review, out var refusals))
            {
                return refusals;
            }

            reviews.Add(review);
        }

        return reviews.ToImmutable();
    }

    /// <summary>Decides several queries alike, each with a signature of its own, and stops at the first that is refused.</summary>
    /// <returns>How many were decided; or the refusals, with how many were decided before.</returns>
    public async Task<Result<int>> DecideAllAsync(
        ImmutableArray<QueryReview> reviews, ApprovalDecision decision, string reason, ApprovalConditions conditions, CancellationToken cancellationToken)
    {
        var done = 0;
        foreach (var review in reviews)
        {
            if (!(await DecideAsync(review, decision, reason, conditions, cancellationToken)).TryGet(out _, out var refusals))
            {
                return refusals.Add(new(refusals[0].Code, $"a decision on all {reviews.Length} queries", $"one on {done}, before query {review.Query.Digest.Abbreviated}"));
            }

            done++;
        }

        return done;
    }

    /// <summary>Asks what an answer would look like: the node runs the query on data made up from the contract. Nothing is appended or charged.</summary>
    /// <returns>An Arrow IPC stream and the number of made-up people; or the refusals.</returns>
    public Task<Result<TwinResponse>> TwinAsync(Digest query, CancellationToken cancellationToken) => room.CallAsync(
        ApiRequest.Get(ApiPaths.OfQuery(ApiRoutes.QueryTwin, room.Collaboration, query)), ApiJsonContext.Default.TwinResponse, cancellationToken);

    /// <summary>Stops a query of one's own, or one that reads a dataset of one's own.</summary>
    public Task<Result<StatementResponse>> CancelAsync(Digest query, string reason, CancellationToken cancellationToken) => room.AppendAsync(
        new Cancellation { Collaboration = room.Collaboration, QueryDigest = query, Reason = reason, Nonce = Nonces.Fresh() }, cancellationToken);

    /// <summary>Takes a query back, also after it was approved: its answer is not served any more.</summary>
    public Task<Result<StatementResponse>> RevokeAsync(Digest query, string reason, CancellationToken cancellationToken) =>
        room.RevokeAsync(RevocationKind.Query, query.ToString(), reason, cancellationToken);

    /// <summary>Returns the queries of the verified ledger, oldest first.</summary>
    public IReadOnlyList<QueryState> List() => [.. room.State.Queries.Values.OrderBy(query => query.Sequence)];

    private Result<ImmutableArray<QueryInput>> InputsOf(Verdict verdict)
    {
        if (verdict.Decision == VerdictDecision.Refuse)
        {
            return new Refusal(RefusalCode.QueryRefused, "a query that every owner's rules allow", string.Join(", ", verdict.Codes));
        }

        var inputs = ImmutableArray.CreateBuilder<QueryInput>();
        foreach (var dataset in verdict.Inputs.Select(input => input.Dataset))
        {
            if (room.State.CurrentDataset(dataset) is not { } current)
            {
                return new Refusal(RefusalCode.DatasetUnknown, $"a usable version of {dataset}", "none");
            }

            inputs.Add(new QueryInput { Dataset = dataset, ManifestDigest = current.Digest });
        }

        return inputs.ToImmutable();
    }

    private Refusal? WhyNotOn(QueryQuestion question, Verdict verdict)
    {
        if (room.State.Active is not { } active)
        {
            return room.State.WhyNotActive(room.Services.Now);
        }

        var sql = question.Sql ?? active.Contract.Templates.FirstOrDefault(t => DocumentCodec.DigestOf(t) == question.TemplateDigest)?.Sql;
        return sql is not null
            && verdict.ContractDigest == active.Digest
            && verdict.Analyst == room.Member.Collaborator
            && verdict.Receivers.SequenceEqual(question.Receivers, StringComparer.Ordinal)
            && verdict.TextDigest == QueryText.DigestOf(sql, question.Parameters)
                ? null
                : new(RefusalCode.QueryRefused, "a verdict on this question under the contract in force", "a verdict on another");
    }
}
