using System.Collections.Immutable;

namespace CleanRoom.Privacy.Bounding;

/// <summary>How much one PrivacyUnit may contribute to an answer.</summary>
/// <remarks>Spec: contracts/spec/0014 s.8.</remarks>
public sealed record ContributionBounds
{
    /// <summary>Length of a salt in bytes.</summary>
    public const int SaltLength = 32;

    private readonly int _maxGroups = 1;
    private readonly int _maxRowsPerUnit = 1;
    private readonly ImmutableArray<byte> _salt;

    /// <summary>Gets L0, the most groups of a unit, at least 1.</summary>
    public required int MaxGroups
    {
        get => _maxGroups;
        init => _maxGroups = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "wanted at least 1");
    }

    /// <summary>Gets M, the most rows (or different values) of a unit in a group, at least 1.</summary>
    public required int MaxRowsPerUnit
    {
        get => _maxRowsPerUnit;
        init => _maxRowsPerUnit = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "wanted at least 1");
    }

    /// <summary>Gets what orders a unit's groups, 32 bytes: derived from the guest-only key and the charge's leaf, and never leaving a guest.</summary>
    public required ImmutableArray<byte> Salt
    {
        get => _salt;
        init => _salt = !value.IsDefault && value.Length == SaltLength
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), $"wanted {SaltLength} bytes");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{MaxGroups} groups, {MaxRowsPerUnit} rows";
}
