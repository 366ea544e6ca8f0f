using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Math;

namespace CleanRoom.TestKit.Certificates;

/// <summary>What a certificate of the test PKI says beside names and key. The defaults are those of an honest one.</summary>
public sealed record TestCertificateOptions
{
    /// <summary>Gets the serial number.</summary>
    public BigInteger Serial { get; init; } = BigInteger.ValueOf(7);

    /// <summary>Gets the first moment of validity.</summary>
    public DateTime NotBefore { get; init; } = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Gets the last moment of validity.</summary>
    public DateTime NotAfter { get; init; } = new(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Gets a value that says whether this is a CA.</summary>
    public bool IsCa { get; init; }

    /// <summary>Gets the path length of a CA.</summary>
    public int? PathLength { get; init; }

    /// <summary>Gets the key usage; null to leave the extension out.</summary>
    public int? KeyUsage { get; init; }

    /// <summary>Gets further extensions: object identifier, critical, content of the OCTET STRING.</summary>
    public IReadOnlyList<(string Oid, bool Critical, byte[] Value)> Extensions { get; init; } = [];
}

/// <summary>A CA of the test PKI, and the certificates and lists that it signs.</summary>
public sealed class TestAuthority
{
    private readonly X509Name _name;
    private readonly TestKey _key;

    private TestAuthority(X509Name name, TestKey key, byte[] der) => (_name, _key, Der) = (name, key, der);

    /// <summary>Gets the CA's own certificate.</summary>
    public byte[] Der { get; }

    /// <summary>Gets the CA's key.</summary>
    public TestKey Key => _key;

    /// <summary>Makes a self-signed root.</summary>
    public static TestAuthority Root(string name, TestKey key, TestCertificateOptions? options = null)
    {
        var subject = new X509Name(name);
        options ??= new TestCertificateOptions { IsCa = true };
        return new TestAuthority(subject, key, Issue(subject, key, subject, key.Spki, options));
    }

    /// <summary>Makes a CA below this one.</summary>
    public TestAuthority Intermediate(string name, TestKey key, TestCertificateOptions? options = null)
    {
        options ??= new TestCertificateOptions { IsCa = true };
        return new TestAuthority(new X509Name(name), key, Issue(_name, _key, new X509Name(name), key.Spki, options));
    }

    /// <summary>Signs a certificate, DER.</summary>
    public byte[] Issue(string subject, byte[] spki, TestCertificateOptions? options = null) =>
        Issue(_name, _key, new X509Name(subject), spki, options ?? new TestCertificateOptions());

    /// <summary>Signs a revocation list, DER.</summary>
    public byte[] RevocationList(IEnumerable<BigInteger> serials, DateTime? thisUpdate = null, DateTime? nextUpdate = null)
    {
        var from = thisUpdate ?? new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var generator = new V2TbsCertListGenerator();
        generator.SetIssuer(_name);
        generator.SetSignature(_key.Algorithm);
        generator.SetThisUpdate(new Time(from));
        generator.SetNextUpdate(new Time(nextUpdate ?? new DateTime(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc)));
        foreach (var serial in serials)
        {
            generator.AddCrlEntry(new DerInteger(serial), new Time(from), CrlReason.KeyCompromise);
        }

        return Signed(generator.GenerateTbsCertList(), _key);
    }

    private static byte[] Issue(X509Name issuer, TestKey signer, X509Name subject, byte[] spki, TestCertificateOptions options)
    {
        var generator = new V3TbsCertificateGenerator();
        generator.SetSerialNumber(new DerInteger(options.Serial));
        generator.SetIssuer(issuer);
        generator.SetSubject(subject);
        generator.SetStartDate(new Time(options.NotBefore));
        generator.SetEndDate(new Time(options.NotAfter));
        generator.SetSubjectPublicKeyInfo(SubjectPublicKeyInfo.GetInstance(spki));
        generator.SetSignature(signer.Algorithm);
        var extensions = new X509ExtensionsGenerator();
        if (options.IsCa)
        {
            extensions.AddExtension(
                X509Extensions.BasicConstraints, critical: true, options.PathLength is { } length ? new BasicConstraints(length) : new BasicConstraints(cA: true));
        }

        if (options.KeyUsage is { } usage)
        {
            extensions.AddExtension(X509Extensions.KeyUsage, critical: true, new KeyUsage(usage));
        }

        foreach (var (oid, critical, value) in options.Extensions)
        {
            extensions.AddExtension(new DerObjectIdentifier(oid), critical, value);
        }

        if (!extensions.IsEmpty)
        {
            generator.SetExtensions(extensions.Generate());
        }

        return Signed(generator.GenerateTbsCertificate(), signer);
    }

    private static byte[] Signed(Asn1Encodable body, TestKey signer) =>
        new DerSequence(body, signer.Algorithm, new DerBitString(signer.Sign(body.GetDerEncoded()))).GetDerEncoded();
}
