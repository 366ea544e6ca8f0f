using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CleanRoom.Client.Queries;
using CleanRoom.Client.Results;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Documents;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Cli.Commands.Demo.Story;

/// <summary>The third part: a question that is refused and says why, and questions that are asked, approved and run.</summary>
internal sealed class Question(StorySetting setting)
{
    private static readonly TimeSpan _life = TimeSpan.FromDays(1);

    private TimeProvider Time => setting.Services.Time;

    private Timestamp Now => Timestamp.From(Time.GetUtcNow());

    /// <summary>Asks for rows of single people, and shows that the rules refuse, and why.</summary>
    public async Task ExplainRefusalAsync(Person analyst, QueryQuestion question, CancellationToken cancellationToken)
    {
        setting.Narrator.Step("A question that would show single people is refused before any data is touched, and says why");
        setting.Narrator.Say($"{analyst.Identity.Name} asks: {question.Sql}");
        var explained = await Calls.PatientlyAsync(
            setting.Services, () => new RoomQueries(analyst.Room).ExplainAsync(question, cancellationToken), cancellationToken);
        var verdict = explained.Verdict;
        if (verdict.Decision != VerdictDecision.Refuse)
        {
            throw new StoryRefused([new Refusal(RefusalCode.QueryRefused, "a refusal", $"{verdict.Decision}")]);
        }

        foreach (var owner in verdict.Owners.Where(owner => owner.Decision == VerdictDecision.Refuse))
        {
            setting.Narrator.Say($"{owner.Party} refuses ({string.Join(", ", owner.Codes)}): {string.Join(" ", owner.Reasons)}");
            setting.Narrator.Say($"What would pass: {owner.SmallestChange}");
        }

        setting.Narrator.Fact("verdict", "refuse");
        setting.Narrator.Fact("codes", new JsonArray([.. verdict.Codes.Select(code => (JsonNode)code)]));
    }

    /// <summary>Asks, lets every owner whose approval the contract demands decide, and waits for the answer.</summary>
    public async Task<Digest> AskAsync(
        string title, Person analyst, QueryQuestion question, ImmutableArray<Institution> institutions, CancellationToken cancellationToken)
    {
        setting.Narrator.Step(title);
        setting.Narrator.Say($"{analyst.Identity.Name} asks: {question.Sql ?? TextOf(analyst, question)}");
        var terms = new QueryTerms(Runs: 1, NotBefore: Now, Expires: Now.Plus(_life));
        var submitted = await Calls.PatientlyAsync(
            setting.Services, () => new RoomQueries(analyst.Room).SubmitAsync(question, terms, cancellationToken), cancellationToken);
        setting.Narrator.Fact("query", submitted.QueryDigest.ToString());
        setting.Narrator.Fact("verdict", submitted.Verdict.Decision == VerdictDecision.Allow ? "allow" : "needs-approval");
        await ApproveAsync(submitted, institutions, cancellationToken);
        await setting.At(StoryMoment.Approved);
        await FollowAsync(analyst, submitted.QueryDigest, cancellationToken);
        await setting.At(StoryMoment.Answered);
        return submitted.QueryDigest;
    }

    private static string TextOf(Person analyst, QueryQuestion question) => analyst.Room.State.Active!.Contract.Templates
        .Single(template => DocumentCodec.DigestOf(template) == question.TemplateDigest).Sql
        + $" ({string.Join(", ", question.Parameters.Select(parameter => $"${parameter.Key} = {parameter.Value}"))})";

    private async Task ApproveAsync(SubmittedQuery submitted, ImmutableArray<Institution> institutions, CancellationToken cancellationToken)
    {
        var needed = submitted.Verdict.Approvers;
        if (needed.IsEmpty)
        {
            setting.Narrator.Say("No owner's approval is needed.");
        }

        foreach (var institution in institutions.Where(one => needed.Contains(one.Id)))
        {
            var queries = new RoomQueries(institution.Steward.Room);
            var review = await Calls.PatientlyAsync(setting.Services, () => queries.ReviewAsync(submitted.QueryDigest, cancellationToken), cancellationToken);
            var need = review.Needs.Single(one => one.Collaborator == institution.Id);
            if (need.Standing is { } standing)
            {
                setting.Narrator.Say($"{institution.Name} has approved {standing.MaxRuns} runs of this template in advance, by signing the contract.");
                continue;
            }

            await ShowTwinAsync(queries, submitted.QueryDigest, institution, cancellationToken);
            var conditions = new ApprovalConditions { MaxRuns = 1, Expires = Now.Plus(_life) };
            await Calls.PatientlyAsync(
                setting.Services, () => queries.DecideAsync(review, ApprovalDecision.Approve, "within our purpose", conditions, cancellationToken), cancellationToken);
            setting.Narrator.Say($"{institution.Steward.Identity.Name} reads the verdict (columns, thresholds, receivers), and approves one run of it.");
        }

        setting.Narrator.Fact("approvers", new JsonArray([.. needed.Select(one => (JsonNode)one)]));
    }

    /// <summary>What an approver sees before it decides: an answer about people who do not exist.</summary>
    private async Task ShowTwinAsync(RoomQueries queries, Digest query, Institution institution, CancellationToken cancellationToken)
    {
        var twin = await Calls.PatientlyAsync(setting.Services, () => queries.TwinAsync(query, cancellationToken), cancellationToken);
        var table = ArrowTable.Read(twin.Arrow.Memory);
        setting.Narrator.Say(
            $"{institution.Steward.Identity.Name} asks what an answer would look like. The room makes up {twin.People} people from the contract alone, so the numbers mean nothing:");
        setting.Narrator.Sketch(table, twin.People);
    }

    private async Task FollowAsync(Person analyst, Digest query, CancellationToken cancellationToken)
    {
        const string label = "charge, decrypt what is needed, run, gate, seal";
        setting.Narrator.Progress(label, 0);
        var runs = new RoomRuns(analyst.Room);
        while (true)
        {
            var status = await Calls.PatientlyAsync(setting.Services, () => FollowOnceAsync(runs, query, label, cancellationToken), cancellationToken);
            switch (status.Status)
            {
                case QueryStatus.Completed:
                    setting.Narrator.Progress(label, 100);
                    return;
                case QueryStatus.Failed or QueryStatus.Refused or QueryStatus.Stopped:
                    throw new StoryRefused([new Refusal(RefusalCode.QueryFailed, "an answer", $"{status.Status}: {status.Reason}")]);
            }
        }
    }

    /// <summary>Follows until the events end, which is the query's end or the node's.</summary>
    private async Task<Result<QueryStatusView>> FollowOnceAsync(RoomRuns runs, Digest query, string label, CancellationToken cancellationToken)
    {
        var last = new QueryStatusView(QueryStatus.Approved, string.Empty);
        await foreach (var next in runs.FollowAsync(query, cancellationToken))
        {
            if (!next.TryGet(out var status, out var refusals))
            {
                return refusals;
            }

            last = new QueryStatusView(status.Status, status.Reason);
            setting.Narrator.Progress(label, Math.Min(99, status.Percent));
        }

        return last;
    }

    private sealed record QueryStatusView(QueryStatus Status, string Reason);
}
