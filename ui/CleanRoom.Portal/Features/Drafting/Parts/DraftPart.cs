using System.Collections.Immutable;
using CleanRoom.Portal.Shared;
using Microsoft.AspNetCore.Components;

namespace CleanRoom.Portal.Features.Drafting.Parts;

/// <summary>A part of the form.</summary>
public abstract class DraftPart : PortalComponent
{
    /// <summary>Gets or sets the draft.</summary>
    [CascadingParameter] public DraftForm Form { get; set; } = null!; // Cascaded by the page.

    [Inject] internal DraftDesk Desk { get; set; } = null!; // Injected before anything is called.

    /// <summary>Gets the collaborators, by id.</summary>
    protected ImmutableArray<KeyValuePair<string, string>> Collaborators =>
    [
        .. Enumerable.Range(0, Form.Draft.Count("/collaborators")).Select(i => Form.Draft.Text($"/collaborators/{i}/id"))
            .Where(id => !string.IsNullOrEmpty(id)).Distinct(StringComparer.Ordinal).Select(id => KeyValuePair.Create(id!, id!)), // Not null: it is not empty.
    ];

    /// <summary>Returns the indices of an array in the draft.</summary>
    protected IEnumerable<int> Indices(string place) => Enumerable.Range(0, Form.Draft.Count(place));
}
