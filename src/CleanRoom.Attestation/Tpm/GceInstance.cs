using System.Globalization;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Formats;
using Org.BouncyCastle.Asn1;

namespace CleanRoom.Attestation.Tpm;

/// <summary>The virtual machine of Google Compute Engine that a certificate of an attestation key, or a message, is about.</summary>
/// <remarks>Source: google/go-tpm-tools, GCEInstanceInfo and the certificate extension 1.3.6.1.4.1.11129.2.1.21.</remarks>
internal sealed record GceInstance(string Zone, string ProjectId, ulong ProjectNumber, string Name, ulong Id)
{
    /// <summary>Identifies the extension.</summary>
    public const string Oid = "1.3.6.1.4.1.11129.2.1.21";

    private const int NamedParts = 5;
    private const int SecurityVersionTag = 0;
    private const int IsProductionTag = 1;

    /// <summary>Returns whether a certificate has the extension, readable or not.</summary>
    public static bool IsIn(Certificate certificate) => certificate.Extension(Oid).Length > 0;

    /// <summary>Reads the extension; null for another form, and for a certificate that does not say that it is one of production.</summary>
    public static GceInstance? Of(Certificate certificate)
    {
        var der = certificate.Extension(Oid).ToArray();
        return der.Length == 0 ? null : Asn1Guard.Read(() => Read(Asn1Sequence.GetInstance(Asn1Object.FromByteArray(der))));
    }

    /// <summary>Returns the claims <c>gceZone</c>, <c>gceProjectId</c>, <c>gceProjectNumber</c>, <c>gceInstanceName</c>, <c>gceInstanceId</c>.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToClaims() =>
    [
        new("gceZone", Printable.Text(Zone)),
        new("gceProjectId", Printable.Text(ProjectId)),
        new("gceProjectNumber", ProjectNumber.ToString(CultureInfo.InvariantCulture)),
        new("gceInstanceName", Printable.Text(Name)),
        new("gceInstanceId", Id.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>SEQUENCE {zone, project number, project id, instance id, instance name, [0] {[0] version, [1] is production, ...}}.</summary>
    private static GceInstance? Read(Asn1Sequence parts) => parts.Count == NamedParts + 1 && IsProduction(parts[NamedParts])
        ? new GceInstance(Text(parts[0]), Text(parts[2]), Number(parts[1]), Text(parts[4]), Number(parts[3]))
        : null;

    private static bool IsProduction(Asn1Encodable properties)
    {
        var members = Asn1Sequence.GetInstance(Asn1TaggedObject.GetInstance(properties), declaredExplicit: true).Select(part => Asn1TaggedObject.GetInstance(part)).ToList();
        return members.Count(member => member.TagNo == SecurityVersionTag) == 1
            && members.Where(member => member.TagNo == IsProductionTag).ToList() is [var only] && DerBoolean.GetInstance(only, declaredExplicit: true).IsTrue;
    }

    private static string Text(Asn1Encodable part) => DerUtf8String.GetInstance(part).GetString();

    /// <summary>Instance and project numbers are 64 bits without sign; a DER integer of another kind throws, and so is no instance.</summary>
    private static ulong Number(Asn1Encodable part) => ulong.Parse(DerInteger.GetInstance(part).Value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture);
}
