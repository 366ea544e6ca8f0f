using System.Collections.Immutable;
using CleanRoom.Client.Contracts.Drafting;
using CleanRoom.Portal.Shared;
using Microsoft.AspNetCore.Components;

namespace CleanRoom.Portal.Features.Drafting.Fields;

/// <summary>A field over one place of the draft. It writes there and nowhere else, and shows the problems of that place.</summary>
public abstract class DraftField : PortalComponent
{
    /// <summary>Gets the element that takes the focus.</summary>
    protected ElementReference Input { get; set; }

    /// <summary>Gets or sets the draft.</summary>
    [CascadingParameter] public DraftForm Form { get; set; } = null!; // Cascaded by the page that shows fields.

    /// <summary>Gets or sets the place.</summary>
    [Parameter, EditorRequired] public string Place { get; set; } = string.Empty;

    /// <summary>Gets or sets what the field is called.</summary>
    [Parameter, EditorRequired] public string Label { get; set; } = string.Empty;

    /// <summary>Gets or sets a sentence that helps; null for none.</summary>
    [Parameter] public string? Help { get; set; }

    [Inject] internal DraftDesk Desk { get; set; } = null!; // Injected before anything is called.

    /// <summary>Gets the problems of the place.</summary>
    protected ImmutableArray<DraftProblem> Problems => Form.At(Place);

    /// <summary>Gets the id of the input.</summary>
    protected string Id => IdOf(Place);

    /// <summary>Gets the ids of the sentences about the field.</summary>
    protected string? DescribedBy =>
        (Help is null ? null : $"{Id}-help", Problems.IsEmpty ? null : $"{Id}-problem") is var (help, problem) && (help ?? problem) is not null
            ? string.Join(' ', new[] { help, problem }.Where(one => one is not null))
            : null;

    /// <summary>Gets what <c>aria-invalid</c> is.</summary>
    protected string? Invalid => Problems.IsEmpty ? null : "true";

    /// <summary>Returns the id of the field at a place.</summary>
    public static string IdOf(string place) => "draft" + string.Concat(place.Select(c => char.IsAsciiLetterOrDigit(c) ? c : c == '/' ? '-' : '_'));

    /// <summary>Writes at the place, or takes away what is there.</summary>
    protected Task WriteAsync(Protocol.Json.JsonValue? value) =>
        Desk.EditAsync(draft => value is null ? draft.Without(Place) : draft.With(Place, value));

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (Desk.Wanted == Place && Input.Context is not null)
        {
            Desk.Focused();
            await Input.FocusAsync();
        }
    }
}
