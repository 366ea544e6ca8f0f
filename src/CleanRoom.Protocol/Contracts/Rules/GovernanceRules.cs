using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts.Rules;

/// <summary>Who approves, and what leaves when. Spec: contracts/spec/0002 s.6, s.8.</summary>
internal static class GovernanceRules
{
    private const int MaxQuorum = 100;
    private const int MaxRuns = 1_000_000;
    private const int MaxRows = 1_000_000;
    private const int MaxRetentionDays = 36_500;
    private const int LeastScheduleMs = 100;
    private const int MostScheduleMs = 3_600_000;

    public static void Check(Contract contract, Findings findings)
    {
        findings.Declared(contract.Approval.Contract, "approval.contract");
        CheckQuorum(contract, findings);
        CheckStanding(contract, findings);
        CheckOutput(contract.Output, findings);
    }

    private static void CheckQuorum(Contract contract, Findings findings)
    {
        var quorum = contract.Approval.Quorum;
        CollaboratorRules.KnownIds(contract, [.. quorum.Select(entry => entry.Collaborator)], "approval.quorum", findings);
        foreach (var entry in quorum)
        {
            findings.InRange(entry.Members, 1, MaxQuorum, $"approval.quorum[{Names.Show(entry.Collaborator)}].members");
        }
    }

    private static void CheckStanding(Contract contract, Findings findings)
    {
        var templates = contract.Templates.Select(DocumentCodec.DigestOf).ToHashSet();
        var standing = contract.Approval.Standing;
        findings.Distinct(
            standing.Select(entry => (entry.Collaborator, entry.TemplateDigest)),
            "approval.standing", entry => $"{Names.Show(entry.Collaborator)} for {entry.TemplateDigest.Abbreviated}");
        foreach (var entry in standing)
        {
            var path = $"approval.standing[{Names.Show(entry.Collaborator)}]";
            CollaboratorRules.KnownIds(contract, [entry.Collaborator], $"{path}.collaborator", findings);
            findings.Require(
                templates.Contains(entry.TemplateDigest),
                $"{path}.templateDigest", "the digest of a template of this contract", entry.TemplateDigest.Abbreviated);
            findings.Require(!entry.Analysts.IsEmpty, $"{path}.analysts", "at least one collaborator", "none");
            CollaboratorRules.KnownIds(contract, entry.Analysts, $"{path}.analysts", findings);
            findings.InRange(entry.MaxRuns, 1, MaxRuns, $"{path}.maxRuns");
        }
    }

    private static void CheckOutput(OutputRules output, Findings findings)
    {
        findings.Require(!output.Formats.IsEmpty, "output.formats", "at least one", "none");
        findings.Distinct(output.Formats, "output.formats", format => format.ToString().ToLowerInvariant());
        foreach (var format in output.Formats)
        {
            findings.Declared(format, "output.formats");
        }

        findings.InRange(output.MaxRows, 1, MaxRows, "output.maxRows");
        findings.InRange(output.RetentionDays, 1, MaxRetentionDays, "output.retentionDays");
        if (output.AnswerEveryMs is { } schedule)
        {
            findings.InRange(schedule, LeastScheduleMs, MostScheduleMs, "output.answerEveryMs");
        }
    }
}
