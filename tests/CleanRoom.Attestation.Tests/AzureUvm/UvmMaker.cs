using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Attestation.AzureUvm;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Tests.Cose;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;
using Org.BouncyCastle.Asn1.X509;

namespace CleanRoom.Attestation.Tests.AzureUvm;

/// <summary>Makes statements about utility VMs under the test PKI: the defaults are those of Azure.</summary>
internal sealed record UvmMaker
{
    public const string Purpose = "1.3.6.1.4.1.311.76.59.1.2";

    public static TestAuthority Root { get; } = TestAuthority.Root("CN=Supply Chain Root", TestKey.Ec("P-384"));

    public static TestAuthority Middle { get; } = Root.Intermediate("CN=Products CA", TestKey.Ec("P-384"));

    public static TestKey LeafKey { get; } = TestKey.SharedRsa.AsPss384();

    public static DateTimeOffset SignedAt { get; } = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Gets a moment after the leaf has expired.</summary>
    public static Timestamp At { get; } = Timestamp.From(new DateTimeOffset(2028, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public static byte[] Leaf { get; } = IssueLeaf(Middle, new TestCertificateOptions());

    public static UvmEndorsementVerifier Verifier { get; } = new([TrustAnchor.Trusted("test", Root.Der)]);

    public TestKey Signer { get; init; } = LeafKey;

    public object Algorithm { get; init; } = -38L;

    public ImmutableArray<(object Key, object? Value)> Header { get; init; } =
    [
        (3L, "application/json"),
        (33L, new object?[] { Leaf, Middle.Der, Root.Der }),
        (34L, new object?[] { -16L, SHA256.HashData(Leaf) }),
        ("iss", Issuer(Root.Der, Purpose)),
        ("feed", "ContainerPlat-AMD-UVM"),
        ("signingtime", new CoseBuilder.Tagged(1, SignedAt.ToUnixTimeSeconds())),
    ];

    public string Payload { get; init; } = Json("22", new string('a', 96));

    public static string Json(string svn, string measurement) =>
        $"{{\"x-ms-sevsnpvm-guestsvn\": \"{svn}\", \"x-ms-sevsnpvm-launchmeasurement\": \"{measurement}\"}}";

    public static string Issuer(byte[] root, string purpose) =>
        $"did:x509:0:sha256:{System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(root))}::eku:{purpose}";

    public static byte[] IssueLeaf(TestAuthority issuer, TestCertificateOptions options, string purpose = Purpose) =>
        issuer.Issue("CN=ContainerPlat", LeafKey.Spki, options with
        {
            Extensions = [(X509Extensions.ExtendedKeyUsage.Id, true, new Org.BouncyCastle.Asn1.DerSequence(new Org.BouncyCastle.Asn1.DerObjectIdentifier(purpose)).GetDerEncoded())],
        });

    public UvmMaker With(object header, object? value) => this with { Header = [.. Header.Select(one => one.Key.Equals(header) ? (header, value) : one)] };

    public UvmMaker Without(object header) => this with { Header = [.. Header.Where(one => !one.Key.Equals(header))] };

    /// <summary>Takes another leaf, which the signer states too.</summary>
    public UvmMaker WithLeaf(byte[] leaf, params byte[][] issuers) =>
        With(33L, (object?[])[leaf, .. issuers]).With(34L, new object?[] { -16L, SHA256.HashData(leaf) });

    public byte[] Make()
    {
        var header = CoseBuilder.Map([(1L, Algorithm), .. Header]);
        var payload = Encoding.UTF8.GetBytes(Payload);
        return CoseBuilder.Message(18, header, CoseBuilder.Map(("timestamp", new byte[] { 1 })), payload, Signer.Sign(CoseBuilder.ToBeSigned(header, payload)));
    }
}
