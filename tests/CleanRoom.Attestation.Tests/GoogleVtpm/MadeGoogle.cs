using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.GoogleVtpm;
using CleanRoom.Attestation.Tests.AmdSevSnp;
using CleanRoom.Attestation.Tests.Intel;
using CleanRoom.Attestation.Tests.Tpm;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using static CleanRoom.Attestation.Tests.GoogleVtpm.ProtoBytes;

namespace CleanRoom.Attestation.Tests.GoogleVtpm;

/// <summary>A virtual machine of Google's that does not exist. The defaults are those of an honest one with three banks; a test changes one thing.</summary>
internal sealed record MadeGoogle
{
    public const int Sha1 = 0x04;
    public const int Sha256 = 0x0B;
    public const int Sha384 = 0x0C;

    public const string InstanceOid = "1.3.6.1.4.1.11129.2.1.21";

    private const string AikPurpose = "2.23.133.8.3";

    private static readonly TestAuthority s_root = TestAuthority.Root("CN=EK/AK root", TestKey.Ec("P-384"));

    public static TestAuthority Issuer { get; } = s_root.Intermediate("CN=EK/AK issuer", TestKey.Ec("P-256"));

    public static TestAuthority Root => s_root;

    public static GoogleVtpmVerifier Verifier { get; } = new(
        [TrustAnchor.Trusted("test root", s_root.Der)], [TrustAnchor.Trusted("ARK-Milan", TestSnp.Ark.Der)], MadePlatform.Anchors);

    public static byte[] Nonce { get; } = [.. Enumerable.Repeat((byte)0x5A, 64)];

    /// <summary>Gets the key that quotes, with its attributes.</summary>
    public MadeTpmEvidence Tpm { get; init; } = new();

    /// <summary>Gets the key that the message names; null for the one that quotes.</summary>
    public byte[]? Public { get; init; }

    /// <summary>Gets the quotes; by default over PCRs 0 and 7 of three banks.</summary>
    public ImmutableArray<byte[]>? Quotes { get; init; }

    public byte[]? EventLog { get; init; }

    public byte[]? Instance { get; init; }

    /// <summary>Gets the key's certificate; null to leave it out.</summary>
    public byte[]? Certificate { get; init; } = Leaf(new MadeTpmEvidence());

    /// <summary>Gets further fields, behind the others.</summary>
    public byte[] More { get; init; } = [];

    /// <summary>Makes the value of a PCR.</summary>
    public static byte[] Value(int bank, int index) => [.. Enumerable.Repeat((byte)(bank + index), bank switch { Sha1 => 20, Sha256 => 32, _ => 48 })];

    /// <summary>Certifies the key.</summary>
    public static byte[] Leaf(MadeTpmEvidence tpm, IReadOnlyList<(string Oid, bool Critical, byte[] Value)>? extensions = null, int usage = KeyUsage.DigitalSignature) => Issuer.Issue(
        "CN=AK", tpm.Key.Spki, new TestCertificateOptions { KeyUsage = usage, Extensions = extensions ?? [Purpose(), Machine()] });

    public static (string Oid, bool Critical, byte[] Value) Purpose() => ("2.5.29.37", false, new DerSequence(new DerObjectIdentifier(AikPurpose)).GetDerEncoded());

    /// <summary>Names the machine.</summary>
    public static (string Oid, bool Critical, byte[] Value) Machine(string project = "a-project", bool? isProduction = true, bool hasProperties = true)
    {
        var properties = new List<Asn1Encodable> { new DerTaggedObject(isExplicit: true, 0, DerInteger.Zero) };
        if (isProduction is { } production)
        {
            properties.Add(new DerTaggedObject(isExplicit: true, 1, DerBoolean.GetInstance(production)));
        }

        List<Asn1Encodable> parts = [new DerUtf8String("us-central1-a"), DerInteger.ValueOf(117), new DerUtf8String(project), DerInteger.ValueOf(4_242), new DerUtf8String("a-machine")];
        if (hasProperties)
        {
            parts.Add(new DerTaggedObject(isExplicit: true, 0, new DerSequence(properties.ToArray())));
        }

        return (InstanceOid, false, new DerSequence(parts.ToArray()).GetDerEncoded());
    }

    /// <summary>States the machine in the message.</summary>
    public static byte[] Stated(string project = "a-project", ulong number = 117, ulong id = 4_242) =>
        [.. Field(1, "us-central1-a"u8), .. Field(2, System.Text.Encoding.UTF8.GetBytes(project)), .. Field(3, number), .. Field(4, "a-machine"u8), .. Field(5, id)];

    /// <summary>Makes the quote of one bank.</summary>
    /// <param name="change">A change of what is quoted and signed.</param>
    /// <param name="stated">The values beside it; null for the quoted ones.</param>
    public byte[] Quote(int bank, Func<MadeTpmEvidence, MadeTpmEvidence>? change = null, IReadOnlyList<(int Index, byte[] Value)>? stated = null, int? statedBank = null)
    {
        (int Index, byte[] Value)[] values = [(0, Value(bank, 0)), (7, Value(bank, 7))];
        var made = Tpm with { Selections = [(bank, [0, 7])], PcrDigest = SHA256.HashData([.. values.SelectMany(pcr => pcr.Value)]) };
        made = change?.Invoke(made) ?? made;
        byte[] entries = [.. (stated ?? values).SelectMany(pcr => Field(2, [.. Field(1, (ulong)pcr.Index), .. Field(2, pcr.Value)]))];
        return [.. Field(1, made.Quote()), .. Field(2, made.Signature()), .. Field(3, [.. Field(1, (ulong)(statedBank ?? bank)), .. entries])];
    }

    public byte[] ToBytes()
    {
        var quotes = Quotes ?? [Quote(Sha1), Quote(Sha256), Quote(Sha384)];
        return
        [
            .. Field(1, Public ?? Tpm.Public()), .. quotes.SelectMany(quote => Field(2, quote)),
            .. Optional(3, EventLog), .. Optional(4, Instance), .. Optional(6, Certificate), .. More,
        ];
    }

    public IEnumerable<string> Failed(params byte[][] endorsements) => Judge(new Bytes(ToBytes()), endorsements).Failures.Select(failure => failure.Check);

    public AttestationResult Judge(params byte[][] endorsements) => Judge(new Bytes(ToBytes()), endorsements);

    public static AttestationResult Judge(Bytes evidence, byte[][] endorsements, Bytes? nonce = null) => EvidenceAppraiser.Authenticate(
        new PresentedEvidence(TeeNames.GoogleVtpm, evidence, [new Bytes(Issuer.Der), .. endorsements.Select(one => new Bytes(one))]),
        nonce is { } wanted ? Expected.Exactly(wanted) : Expected.Learned<Bytes>("a test looks at what it says"),
        TestSnp.At,
        [Verifier]);

    private static byte[] Optional(int number, byte[]? content) => content is null ? [] : Field(number, content);
}
