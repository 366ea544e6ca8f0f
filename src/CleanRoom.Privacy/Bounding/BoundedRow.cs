using System.Globalization;

namespace CleanRoom.Privacy.Bounding;

/// <summary>One joined and filtered row, as far as one aggregate needs it.</summary>
/// <param name="Unit">The canonical text of the PrivacyUnit; rows without one are left out by the caller.</param>
/// <param name="Group">The canonical text of the group's key.</param>
/// <param name="Value">The value as a scaled integer; null for NULL.</param>
public sealed record BoundedRow(string Unit, string Group, Int128? Value)
{
    /// <summary>Gets the canonical text by which different values are told apart: the integer's digits where nothing else is given; null for NULL.</summary>
    public string? Item { get; init; } = Value?.ToString(CultureInfo.InvariantCulture);
}
