using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Differences;

/// <summary>Compares who approves and what leaves when.</summary>
internal static class GovernanceDifferences
{
    public static void Compare(Contract before, Contract after, Changes changes)
    {
        changes.Replaced(
            "approval.contract", "who signs a contract", before.Approval.Contract, after.Approval.Contract, ChangeKind.Loosens, Changes.Word);
        CompareQuorum(before, after, changes);
        CompareStanding(before, after, changes);
        CompareOutput(before.Output, after.Output, changes);
    }

    private static void CompareQuorum(Contract before, Contract after, Changes changes)
    {
        var (old, now) = (before.Approval.Quorum, after.Approval.Quorum);
        foreach (var id in old.Concat(now).Select(entry => entry.Collaborator).Distinct(StringComparer.Ordinal))
        {
            changes.For(id, id, string.Empty).Ordered(
                "approval.quorum", "the number of its members that must approve a query",
                Members(old, id), Members(now, id), ChangeKind.Tightens, " people");
        }

        if (!old.SequenceEqual(now) && old.Concat(now).All(entry => Members(old, entry.Collaborator) == Members(now, entry.Collaborator)))
        {
            changes.Add(ChangeKind.Neutral, "approval.quorum", "the new version writes the same quorums in another way");
        }
    }

    private static int Members(IEnumerable<Quorum> quorums, string id) =>
        quorums.FirstOrDefault(entry => entry.Collaborator == id)?.Members ?? 1;

    private static void CompareStanding(Contract before, Contract after, Changes changes)
    {
        var (old, now) = (before.Approval.Standing, after.Approval.Standing);
        foreach (var entry in now)
        {
            var own = changes.For(entry.Collaborator, entry.Collaborator, string.Empty);
            var what = $"its standing approval for {TemplateName(after, entry.TemplateDigest)}";
            if (old.FirstOrDefault(one => SameSubject(one, entry)) is not { } then)
            {
                own.Add(ChangeKind.Loosens, "approval.standing", $"{entry.Collaborator} gives {what} to {Words.List([.. entry.Analysts])}, {entry.MaxRuns} runs");
                continue;
            }

            own.Set("approval.standing", $"those whom {what} covers", then.Analysts, entry.Analysts, ChangeKind.Loosens, Changes.Quote);
            own.Ordered("approval.standing", $"the runs that {what} covers", then.MaxRuns, entry.MaxRuns, ChangeKind.Loosens);
        }

        foreach (var gone in old.Where(one => !now.Any(entry => SameSubject(one, entry))))
        {
            changes.For(gone.Collaborator, gone.Collaborator, string.Empty).Add(
                ChangeKind.Tightens, "approval.standing",
                $"{gone.Collaborator} takes back its standing approval for {TemplateName(before, gone.TemplateDigest)}");
        }

        if (old.Length == now.Length && old.Zip(now).Any(pair => !SameSubject(pair.First, pair.Second))
            && old.All(one => now.Any(entry => SameSubject(one, entry))))
        {
            changes.Add(ChangeKind.Neutral, "approval.standing", "the new version writes the standing approvals in another order");
        }
    }

    private static bool SameSubject(StandingApproval left, StandingApproval right) =>
        left.Collaborator == right.Collaborator && left.TemplateDigest == right.TemplateDigest;

    private static string TemplateName(Contract contract, Digest digest) =>
        contract.Templates.FirstOrDefault(template => DocumentCodec.DigestOf(template) == digest) is { } template
            ? $"the template {Changes.Quote(template.Name)}"
            : $"the unknown template {digest.Abbreviated}";

    private static void CompareOutput(OutputRules before, OutputRules after, Changes changes)
    {
        changes.Set("output.formats", "the formats of an answer", before.Formats, after.Formats, ChangeKind.Neutral, Changes.Word);
        changes.Ordered("output.maxRows", "the largest number of rows of an answer", before.MaxRows, after.MaxRows, ChangeKind.Loosens);
        changes.Ordered("output.retentionDays", "the time that an answer is kept", before.RetentionDays, after.RetentionDays, ChangeKind.Loosens, " days");
        changes.Optional(
            "output.answerEveryMs", "the schedule that hides how long a query took",
            before.AnswerEveryMs, after.AnswerEveryMs, ChangeKind.Tightens, ChangeKind.Tightens, " ms");
    }
}
