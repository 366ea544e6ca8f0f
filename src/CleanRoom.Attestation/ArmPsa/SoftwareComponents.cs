using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Attestation.Cose;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.ArmPsa;

/// <summary>The software of a platform, as PSA and CCA tokens list it. Spec: RFC 9783 s.4.4.1.</summary>
internal sealed class SoftwareComponents
{
    private const int MaxComponents = 64;
    private const int MaxTextCharacters = 128;
    private const int MaxNameCharacters = 32;
    private const long Type = 1;
    private const long Measurement = 2;
    private const long Version = 4;
    private const long Signer = 5;
    private const long Algorithm = 6;

    private readonly ImmutableArray<(string Name, Bytes Measurement, Bytes Signer)> _components;

    private SoftwareComponents(ImmutableArray<(string Name, Bytes Measurement, Bytes Signer)> components, string digest) =>
        (_components, Digest) = (components, digest);

    /// <summary>Gets SHA-256 of the list as it stands in the token, hex: one value for all measurements, versions and signers in their order.</summary>
    public string Digest { get; }

    /// <summary>Reads a list of 1 to 64 components, each with measurement and signer.</summary>
    public static SoftwareComponents Read(CborItem? list, ClaimReader reader)
    {
        var components = ImmutableArray.CreateBuilder<(string Name, Bytes Measurement, Bytes Signer)>();
        foreach (var one in reader.Array(list, "software components", 1, MaxComponents))
        {
            reader.OptionalText(one[Version], "version of a component", MaxTextCharacters);
            reader.OptionalText(one[Algorithm], "algorithm of a component", MaxTextCharacters);
            components.Add((
                reader.OptionalText(one[Type], "type of a component", MaxTextCharacters) ?? string.Empty,
                reader.Hash(one[Measurement], "measurement of a component"),
                reader.Hash(one[Signer], "signer of a component")));
        }

        return new SoftwareComponents(components.ToImmutable(), list is null ? string.Empty : Hex.Of(SHA256.HashData(list.Encoded.Span)));
    }

    /// <summary>Adds <c>componentTYPE</c> and <c>signerTYPE</c> for each type that stands once; the digest covers all.</summary>
    /// <remarks>TYPE is the type's letters and digits, since the names of claims in a contract are made of these.</remarks>
    public void AddTo(ImmutableSortedDictionary<string, string>.Builder values)
    {
        foreach (var same in _components.GroupBy(one => Plain(one.Name)).Where(same => same.Key.Length is > 0 and <= MaxNameCharacters && same.Count() == 1))
        {
            values["component" + same.Key] = Hex.Of(same.First().Measurement.Span);
            values["signer" + same.Key] = Hex.Of(same.First().Signer.Span);
        }
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit));
}
