using System.Collections.Immutable;

namespace CleanRoom.Policy.Templates;

/// <summary>A template's text with values in place of its parameters.</summary>
/// <param name="Template">The template's text.</param>
/// <param name="Bound">The text with literals.</param>
/// <param name="Values">The canonical text of every value.</param>
internal sealed record TemplateText(string Template, string Bound, ImmutableHashSet<string> Values);
