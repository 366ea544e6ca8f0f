using System.Collections.Immutable;
using CleanRoom.Protocol.Budgets;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Fold;

/// <summary>Charge, result, receipt, failure: the rows that a node writes for a run, each exactly once.</summary>
internal static class RunFold
{
    public static Result<CollaborationState> Apply(FoldInput input, Charge charge)
    {
        if (ChargeRules.WhyNotCharged(input.State, charge, input.Time) is { } refusal)
        {
            return refusal;
        }

        var query = input.State.Queries[charge.QueryDigest];
        return input.SigningNode()
            .Then(_ => BudgetProofs.Check(input.State, query.Query, charge, input.Services.Signatures))
            .Then(logs => Result.Accept(WithRuns(
                input.State with { BudgetLogs = logs }, query, query.Runs.Add(new RunState(charge, input.Sequence, input.Time)))));
    }

    public static Result<CollaborationState> Apply(FoldInput input, RunResult result) =>
        OpenRun(input, result.Collaboration, result.QueryDigest, result.ChargeSequence).Then(open =>
        {
            if ((input.State.WhyNotActive(input.Time) ?? QueryRules.WhyEnded(input.State, open.Query, input.Time)) is { } ended)
            {
                return ended;
            }

            if ((WrongWraps(input, open.Query, result) ?? WrongHistory(input.State, open, result) ?? ReleaseRules.WhyWrong(input.State, open.Query, open.Run, result)) is { } wrong)
            {
                return wrong;
            }

            var answered = open.Run with { Result = result, ResultSequence = input.Sequence, ResultAt = input.Time };
            return input.SigningNode().Then(_ => Result.Accept(WithRuns(
                input.State with { Histories = input.State.Histories.SetItems(result.History.Select(record => KeyValuePair.Create(record.ManifestDigest, record))) },
                open.Query,
                open.Query.Runs.Replace(open.Run, answered))));
        });

    public static Result<CollaborationState> Apply(FoldInput input, RunFailure failure) =>
        OpenRun(input, failure.Collaboration, failure.QueryDigest, failure.ChargeSequence)
            .Then(open => input.SigningNode().Then(_ => Result.Accept(WithRuns(
                input.State, open.Query, open.Query.Runs.Replace(open.Run, open.Run with { Failure = failure })))));

    public static Result<CollaborationState> Apply(FoldInput input, Receipt receipt)
    {
        var predicate = receipt.Predicate;
        if (input.WrongCollaboration(predicate.Collaboration) is { } wrong)
        {
            return wrong;
        }

        if (!input.State.Queries.TryGetValue(predicate.QueryDigest, out var query)
            || query.Runs.FirstOrDefault(run => run.ResultSequence == predicate.ResultSequence) is not { Receipt: null } run)
        {
            return new Refusal(RefusalCode.ReceiptInvalid, "a result of this ledger without a receipt", $"row {predicate.ResultSequence}");
        }

        return input.SigningNode().Then<CollaborationState>(node =>
        {
            var expected = ReceiptContent.For(query, run, node.Attestation);
            if (!DocumentCodec.Encode(expected).AsSpan().SequenceEqual(input.Row.Envelope.Payload.Span))
            {
                return new Refusal(RefusalCode.ReceiptInvalid, "the receipt that follows from query, charge and result", "another");
            }

            var updated = run with
            {
                Receipt = input.Row.Envelope, ReceiptSequence = input.Sequence, Endorsements = input.EndorsementsInForce(node),
            };
            return WithRuns(input.State, query, query.Runs.Replace(run, updated));
        });
    }

    private static Result<OpenRunOf> OpenRun(FoldInput input, string collaboration, Digest queryDigest, long chargeSequence)
    {
        if (input.WrongCollaboration(collaboration) is { } wrong)
        {
            return wrong;
        }

        return input.State.Queries.TryGetValue(queryDigest, out var query)
            && query.Runs.FirstOrDefault(run => run.ChargeSequence == chargeSequence) is { IsEnded: false } run
            ? new OpenRunOf(query, run)
            : new Refusal(RefusalCode.SequenceConflict, "a charged run that has not ended", $"charge row {chargeSequence}");
    }

    private static CollaborationState WithRuns(CollaborationState state, QueryState query, ImmutableArray<RunState> runs) =>
        state with { Queries = state.Queries.SetItem(query.Digest, query with { Runs = runs }) };

    private static Refusal? WrongWraps(FoldInput input, QueryState query, RunResult result)
    {
        if (result.Wraps.FirstOrDefault(wrap => !IsReceiver(input, query, wrap)) is { } stranger)
        {
            return new(RefusalCode.NotPermitted, "wraps for the query's receivers alone", $"{stranger.Collaborator}/{stranger.Member}");
        }

        if (result.Wraps.IsEmpty || result.Wraps.DistinctBy(wrap => (wrap.Collaborator, wrap.Member)).Count() != result.Wraps.Length)
        {
            return new(RefusalCode.DocumentInvalid, "at least one wrap, and one for each receiver", $"{result.Wraps.Length} wraps");
        }

        return result.Wraps.Select(wrap => SealedKeyForm.WhyMalformed(wrap.Enc, wrap.Ciphertext)).FirstOrDefault(malformed => malformed is not null);
    }

    /// <summary>An answer remembers itself in every history that its verdict names, each following the newest: none is forgotten, none forks.</summary>
    private static Refusal? WrongHistory(CollaborationState state, OpenRunOf open, RunResult result)
    {
        var audited = state.Verdicts[open.Run.Charge.VerdictDigest].Inputs.Where(input => input.Cells > 0).Select(input => input.Dataset).ToHashSet();
        var wanted = open.Query.Query.Inputs.Where(input => audited.Contains(input.Dataset)).Select(input => input.ManifestDigest).ToHashSet();
        if (result.History.Length != wanted.Count || !wanted.SetEquals(result.History.Select(record => record.ManifestDigest)))
        {
            return new(RefusalCode.DocumentInvalid, $"one history for each of the {wanted.Count} audited inputs", $"{result.History.Length} histories");
        }

        var fork = result.History.FirstOrDefault(record => state.Histories.GetValueOrDefault(record.ManifestDigest)?.Commitment != record.Previous);
        return fork is null
            ? null
            : new(
                RefusalCode.SequenceConflict,
                $"a history that follows {state.Histories.GetValueOrDefault(fork.ManifestDigest)?.Commitment.Abbreviated ?? "none"}",
                $"one that follows {fork.Previous?.Abbreviated ?? "none"}");
    }

    private static bool IsReceiver(FoldInput input, QueryState query, ResultWrap wrap) =>
        query.Query.Receivers.Contains(wrap.Collaborator)
        && input.State.MembersOf(wrap.Collaborator, input.Time)
            .Any(member => member.Delegation.Member == wrap.Member && member.Has(MemberRole.Receiver));

    private sealed record OpenRunOf(QueryState Query, RunState Run);
}
