using System.Collections.Immutable;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;
using Org.BouncyCastle.Asn1;

namespace CleanRoom.Attestation.Intel;

/// <summary>What Intel says in a PCK certificate about the platform and its security versions.</summary>
/// <remarks>Spec: Intel SGX PCK Certificate and CRL Profile Specification, s.1.3.5 (SGX extensions).</remarks>
internal sealed record PckExtension
{
    /// <summary>The extension's object identifier.</summary>
    public const string Oid = "1.2.840.113741.1.13.1";

    /// <summary>Number of components of a TCB.</summary>
    public const int Components = 16;

    /// <summary>Gets the platform provisioning id, 16 bytes.</summary>
    public required Bytes Ppid { get; init; }

    /// <summary>Gets the security versions of the 16 components.</summary>
    public required ImmutableArray<int> ComponentSvns { get; init; }

    /// <summary>Gets the security version of the provisioning certification enclave.</summary>
    public required int PceSvn { get; init; }

    /// <summary>Gets the id of the provisioning certification enclave, 2 bytes.</summary>
    public required Bytes PceId { get; init; }

    /// <summary>Gets the family, model and stepping that collateral is published for, 6 bytes.</summary>
    public required Bytes Fmspc { get; init; }

    /// <summary>Gets the id of the platform instance of a multi-package platform, 16 bytes; empty when there is none.</summary>
    public required Bytes PlatformInstanceId { get; init; }

    /// <summary>Gets what stands for the chip in contracts: the platform instance, else the PPID. Lower-case hex.</summary>
    public string ChipId => Hex.Of(PlatformInstanceId.Length > 0 ? PlatformInstanceId.Span : Ppid.Span);

    /// <summary>Reads the extension's content. Null for another form, a member twice, or a length that is not the specified one.</summary>
    public static PckExtension? Parse(ReadOnlySpan<byte> der)
    {
        var bytes = der.ToArray();
        return Asn1Guard.Read(() =>
        {
            var members = Members(Asn1Object.FromByteArray(bytes), Oid);
            var tcb = Members(members[2], $"{Oid}.2");
            var extension = new PckExtension
            {
                Ppid = Octets(members[1]),
                ComponentSvns = [.. Enumerable.Range(1, Components).Select(i => Number(tcb[i], byte.MaxValue))],
                PceSvn = Number(tcb[17], ushort.MaxValue),
                PceId = Octets(members[3]),
                Fmspc = Octets(members[4]),
                PlatformInstanceId = members.TryGetValue(6, out var instance) ? Octets(instance) : default,
            };
            var fits = extension.Ppid.Length == 16 && extension.PceId.Length == 2 && extension.Fmspc.Length == 6
                && extension.PlatformInstanceId.Length is 0 or 16;
            return fits ? extension : null;
        });
    }

    /// <summary>Reads a sequence of {identifier below the parent, value}; throws when a member stands twice.</summary>
    private static Dictionary<int, Asn1Encodable> Members(Asn1Encodable sequence, string parent) =>
        Asn1Sequence.GetInstance(sequence)
            .Select(Asn1Sequence.GetInstance)
            .Where(pair => pair.Count == 2)
            .ToDictionary(pair => Last(DerObjectIdentifier.GetInstance(pair[0]).Id, parent), pair => pair[1]);

    private static int Last(string oid, string parent) =>
        oid.StartsWith(parent + ".", StringComparison.Ordinal) && int.TryParse(oid.AsSpan(parent.Length + 1), out var last)
            ? last
            : throw new FormatException("wanted an identifier below the extension's");

    private static Bytes Octets(Asn1Encodable value) => new(Asn1OctetString.GetInstance(value).GetOctets());

    private static int Number(Asn1Encodable value, int max) =>
        DerInteger.GetInstance(value).IntValueExact is var number && number >= 0 && number <= max
            ? number
            : throw new FormatException("wanted a security version");
}
