using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;

namespace CleanRoom.Attestation.Certificates;

/// <summary>An X.509 certificate whose form is right. Nothing is known about who made it. Spec: RFC 5280 s.4.1.</summary>
internal sealed class Certificate
{
    /// <summary>Most bytes of one certificate: 16 KiB. Windows health certificates and quote-carrying ones are below it.</summary>
    public const int MaxBytes = 16 * 1024;

    private readonly X509CertificateStructure _structure;
    private readonly byte[] _signature;

    private Certificate(X509CertificateStructure structure, ReadOnlySpan<byte> der, VerificationKey key)
    {
        (_structure, Der, Key) = (structure, new Bytes(der), key);

        // Throws for bits that are not whole bytes: that is a matter of form, and so of Parse.
        _signature = structure.GetSignatureOctets();
        Spki = new Bytes(structure.SubjectPublicKeyInfo.GetDerEncoded());
        NotBefore = structure.StartDate.ToDateTime();
        NotAfter = structure.EndDate.ToDateTime();
    }

    /// <summary>Gets the certificate's bytes.</summary>
    public Bytes Der { get; }

    /// <summary>Gets the subject's key.</summary>
    public VerificationKey Key { get; }

    /// <summary>Gets the SubjectPublicKeyInfo, DER, as it stands in the certificate.</summary>
    public Bytes Spki { get; }

    /// <summary>Gets SHA-256 of <see cref="Spki"/>: how contracts pin anchors.</summary>
    public Digest SpkiDigest => Digest.Of(Spki.Span);

    /// <summary>Gets the subject, for comparison and for messages.</summary>
    public X509Name Subject => _structure.Subject;

    /// <summary>Gets the issuer.</summary>
    public X509Name Issuer => _structure.Issuer;

    /// <summary>Gets the serial number, big endian, as DER holds it.</summary>
    public Bytes Serial => new(_structure.SerialNumber.Value.ToByteArray());

    /// <summary>Gets the first moment of validity, UTC.</summary>
    public DateTime NotBefore { get; }

    /// <summary>Gets the last moment of validity, UTC.</summary>
    public DateTime NotAfter { get; }

    /// <summary>Gets the object identifiers of the critical extensions.</summary>
    public IEnumerable<string> CriticalExtensions => _structure.Extensions?.GetCriticalExtensionOids().Select(oid => oid.Id) ?? [];

    /// <summary>Gets what basicConstraints says: whether this is a CA, and the path length (null for none).</summary>
    public (bool IsCa, int? PathLength) Constraints { get; private init; }

    /// <summary>Gets the keyUsage bits as BouncyCastle numbers them; null when the extension is absent.</summary>
    public int? KeyUsageBits { get; private init; }

    /// <summary>Reads DER. Trust: attacker-controlled.</summary>
    /// <returns>Null for more than <see cref="MaxBytes"/>, trailing bytes, duplicate extensions, or a key that no check could use.</returns>
    public static Certificate? Parse(ReadOnlySpan<byte> der) => Parse(der, MaxBytes);

    /// <summary>Reads DER of a certificate that may be larger, because it carries evidence.</summary>
    /// <returns>As <see cref="Parse(ReadOnlySpan{byte})"/>, with another limit.</returns>
    public static Certificate? Parse(ReadOnlySpan<byte> der, int maxBytes)
    {
        if (der.Length == 0 || der.Length > maxBytes)
        {
            return null;
        }

        var bytes = der.ToArray();
        return Asn1Guard.Read(() =>
        {
            var structure = X509CertificateStructure.GetInstance(Asn1Object.FromByteArray(bytes));
            var key = VerificationKey.FromSpki(structure.SubjectPublicKeyInfo.GetDerEncoded());
            var constraints = structure.Extensions is { } extensions ? BasicConstraints.FromExtensions(extensions) : null;
            var usage = structure.Extensions is { } found ? KeyUsage.FromExtensions(found) : null;
            return key is null
                ? null
                : new Certificate(structure, bytes, key)
                {
                    Constraints = (constraints?.IsCA() ?? false, constraints?.PathLenConstraintInteger?.IntValueExact),
                    KeyUsageBits = usage?.IntValue,
                };
        });
    }

    /// <summary>Returns the content of an extension's OCTET STRING; empty when there is none.</summary>
    public Bytes Extension(string oid) =>
        _structure.Extensions?.GetExtension(new DerObjectIdentifier(oid)) is { } extension ? new Bytes(extension.Value.GetOctets()) : default;

    /// <summary>Returns the first value of an attribute of the subject, such as the common name 2.5.4.3; null when absent.</summary>
    public string? SubjectValue(string oid) => Subject.GetValueList(new DerObjectIdentifier(oid)).FirstOrDefault();

    /// <summary>Returns whether the issuer's key made this certificate's signature. Names, dates and constraints are for the chain.</summary>
    public bool IsSignedBy(VerificationKey issuer) =>
        _structure.SignatureAlgorithm.Equals(_structure.TbsCertificate.Signature)
        && AlgorithmCheck.Verify(
            issuer, _structure.SignatureAlgorithm, _structure.TbsCertificate.GetDerEncoded(), _signature);

    /// <summary>Returns the subject and the start of the key's digest, for messages.</summary>
    public override string ToString() => $"{Printable.Text(Subject.ToString())} (key {SpkiDigest.ToString()[..16]})";
}
