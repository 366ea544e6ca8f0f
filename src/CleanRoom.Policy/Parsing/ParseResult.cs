using System.Collections.Immutable;

namespace CleanRoom.Policy.Parsing;

/// <summary>What the parse gate found.</summary>
/// <param name="MayBind">Whether binding the text is without side effects.</param>
/// <param name="OutputNames">The names of the select list as far as the text gives them; null where it does not; empty when it has a star.</param>
internal sealed record ParseResult(bool MayBind, ImmutableArray<string?> OutputNames);
