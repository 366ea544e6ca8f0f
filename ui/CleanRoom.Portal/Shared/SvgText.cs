using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace CleanRoom.Portal.Shared;

/// <summary>Words in a drawing. An element of its own, since <c>text</c> means something else in the code of a page.</summary>
public sealed class SvgText : ComponentBase
{
    /// <summary>Gets or sets the place across.</summary>
    [Parameter, EditorRequired]
    public int X { get; set; }

    /// <summary>Gets or sets the place of the baseline, from above.</summary>
    [Parameter, EditorRequired]
    public int Y { get; set; }

    /// <summary>Gets or sets where the place is in the words: start, middle or end.</summary>
    [Parameter]
    public string Anchor { get; set; } = "start";

    /// <summary>Gets or sets the words.</summary>
    [Parameter, EditorRequired]
    public string Words { get; set; } = string.Empty;

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "x", X.ToString(CultureInfo.InvariantCulture));
        builder.AddAttribute(2, "y", Y.ToString(CultureInfo.InvariantCulture));
        builder.AddAttribute(3, "text-anchor", Anchor);
        builder.AddContent(4, Words);
        builder.CloseElement();
    }
}
