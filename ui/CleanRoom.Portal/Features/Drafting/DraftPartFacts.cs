using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Client.Contracts.Drafting;
using CleanRoom.Portal.Texts;

namespace CleanRoom.Portal.Features.Drafting;

/// <summary>A part of the form: one is shown at a time.</summary>
/// <param name="Key">What tells it from the others: a word, or the place of a dataset.</param>
/// <param name="Title">What it is called.</param>
internal sealed record DraftPartFacts(string Key, string Title)
{
    public const string Basics = "basics";
    public const string Collaborators = "collaborators";
    public const string Templates = "templates";
    public const string Approval = "approval";
    public const string Code = "code";

    private const string Datasets = "/datasets";

    /// <summary>Gets a value that says whether it is a dataset's.</summary>
    public bool IsDataset => Key.StartsWith(Datasets, StringComparison.Ordinal);

    /// <summary>Lists the parts of a draft.</summary>
    public static ImmutableArray<DraftPartFacts> Of(ContractDraft draft) =>
    [
        new(Basics, PortalText.Of("form.part.basics")),
        new(Collaborators, PortalText.Of("form.part.collaborators")),
        .. Enumerable.Range(0, draft.Count(Datasets)).Select(i => string.Create(CultureInfo.InvariantCulture, $"{Datasets}/{i}"))
            .Select(at => new DraftPartFacts(at, PortalText.Of("form.part.dataset", draft.Text($"{at}/owner"), draft.Text($"{at}/name")))),
        new(Templates, PortalText.Of("form.part.templates")),
        new(Approval, PortalText.Of("form.part.approval")),
        new(Code, PortalText.Of("form.part.code")),
    ];

    /// <summary>Returns the key of the part in which a place is edited.</summary>
    public static string Of(string place) => JsonPointer.Split(place) switch
    {
        ["collaborators", ..] => Collaborators,
        ["datasets", var index, ..] => $"{Datasets}/{index}",
        ["datasets"] => Collaborators,
        ["templates", ..] => Templates,
        ["approval" or "output", ..] => Approval,
        ["attestation" or "allowInsecure", ..] => Code,
        _ => Basics,
    };
}
