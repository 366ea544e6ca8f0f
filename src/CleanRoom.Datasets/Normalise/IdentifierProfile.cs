using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace CleanRoom.Datasets.Normalise;

/// <summary>A named, versioned rule that turns an identifier as people write it into the one form that is joined on.</summary>
/// <remarks>
/// Both sides of a join name the same profile; two profiles of the same person's address differ. A profile never changes
/// under its name. All profiles are ASCII only: for other text the normal form would depend on the machine's Unicode
/// tables, and two owners would silently not match. Spec: contracts/spec/0007 s.8.
/// </remarks>
public sealed class IdentifierProfile
{
    private static readonly FrozenDictionary<string, IdentifierProfile> Profiles = new IdentifierProfile[]
    {
        new("email.basic.v1", EmailForms.Basic),
        new("email.uid2.v1", EmailForms.Uid2),
        new("phone.e164.v1", PhoneForms.E164),
    }.ToFrozenDictionary(profile => profile.Name, StringComparer.Ordinal);

    private readonly Func<string, string?> _normalise;

    private IdentifierProfile(string name, Func<string, string?> normalise) => (Name, _normalise) = (name, normalise);

    /// <summary>Gets the names of all profiles.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Profiles.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Gets the name, with its version.</summary>
    public string Name { get; }

    /// <summary>Finds a profile by its exact name.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out IdentifierProfile? profile) => Profiles.TryGetValue(name, out profile);

    /// <summary>Returns the normal form.</summary>
    /// <returns>False if the text is not an identifier of this kind.</returns>
    public bool TryNormalise(string text, [NotNullWhen(true)] out string? normal)
    {
        ArgumentNullException.ThrowIfNull(text);
        normal = Ascii.IsValid(text) ? _normalise(text) : null;
        return normal is not null;
    }

    /// <summary>Returns SHA-256 over the normal form, as 64 lower-case hex digits.</summary>
    /// <returns>False if the text is not an identifier of this kind.</returns>
    public bool TryHash(string text, [NotNullWhen(true)] out string? hex)
    {
        hex = TryNormalise(text, out var normal) ? Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(normal))) : null;
        return hex is not null;
    }
}
