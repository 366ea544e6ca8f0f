using System.Collections.Immutable;
using CleanRoom.Protocol.Contracts.Summaries;
using CleanRoom.Protocol.Documents;

namespace CleanRoom.Protocol.Contracts;

/// <summary>Says in plain words what a contract does, for the person who signs it.</summary>
/// <remarks>The words are made from the contract alone; what the ledger adds (uploads, charges) is not in them.</remarks>
public static class ContractSummary
{
    /// <summary>Returns the summary; the loud sentence about an insecure contract, where it applies, is the first section.</summary>
    /// <param name="contract">Checked by <see cref="ContractRules.Check"/>.</param>
    public static ImmutableArray<SummarySection> InWords(Contract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var sections = ImmutableArray.CreateBuilder<SummarySection>();
        if (contract.AllowInsecure)
        {
            sections.Add(new SummarySection("WARNING: THIS CONTRACT IS INSECURE", [
                "INSECURE: this contract accepts simulated hardware and rules below the floors. "
                + "Whoever operates the machine can read everything. Never bring real data under it.",
            ]));
        }

        sections.Add(Subject(contract));
        foreach (var collaborator in contract.Collaborators)
        {
            sections.Add(CollaboratorWords.Of(contract, collaborator));
        }

        sections.Add(RoomWords.Approval(contract));
        sections.Add(RoomWords.Output(contract));
        sections.Add(RoomWords.Code(contract));
        sections.Add(RoomWords.Keys(contract));
        return sections.ToImmutable();
    }

    private static SummarySection Subject(Contract contract)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        lines.Add($"{contract.Title}, version {contract.Version}.");
        lines.Add($"The data may serve this purpose and no other: {contract.Purpose}");
        lines.Add($"It is signed by {Words.List([.. contract.Collaborators.Select(one => $"{one.Name} ({one.Id})")])}; it is active only when all have signed.");
        lines.Add($"It holds from {contract.NotBefore} until {contract.Expires}. Any one collaborator can suspend it alone and at once; it takes all to resume it.");
        lines.Add($"The legal text is agreed outside; its SHA-256 is {contract.LegalTextSha256}.");
        if (contract.Version > 1)
        {
            lines.Add(contract.CarriesOver.IsEmpty
                ? "Nothing uploaded under the version before stays open: all data must be brought again."
                : $"Of what was uploaded under the version before, only this stays open: {Words.List([.. contract.CarriesOver.Select(one => one.Dataset)])}.");
        }

        return new SummarySection("What this is", lines.ToImmutable());
    }
}

/// <summary>A part of a summary.</summary>
/// <param name="Title">A short title.</param>
/// <param name="Lines">Whole sentences.</param>
public sealed record SummarySection(string Title, ImmutableArray<string> Lines);
