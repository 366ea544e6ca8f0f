using System.Collections.Immutable;
using CleanRoom.Attestation.AwsNitro;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Tests.Cose;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;
using Org.BouncyCastle.Asn1.X509;

namespace CleanRoom.Attestation.Tests.AwsNitro;

/// <summary>Makes attestation documents under the test PKI: the defaults are those of an honest enclave.</summary>
internal sealed record NitroMaker
{
    public static TestAuthority Root { get; } = TestAuthority.Root("CN=aws.nitro-enclaves", TestKey.Ec("P-384"));

    public static TestAuthority Zone { get; } = Root.Intermediate("CN=zone", TestKey.Ec("P-384"));

    public static TestKey LeafKey { get; } = TestKey.Ec("P-384");

    public static TestCertificateOptions LeafOptions { get; } = new() { KeyUsage = KeyUsage.DigitalSignature };

    public static Timestamp At { get; } = Timestamp.From(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    public static AwsNitroVerifier Verifier { get; } = new([TrustAnchor.Trusted("test", Root.Der)]);

    public TestKey Signer { get; init; } = LeafKey;

    public byte[] Header { get; init; } = CoseBuilder.Header(-35);

    /// <summary>Gets the members of the payload, in order.</summary>
    public ImmutableArray<(object Key, object? Value)> Members { get; init; } =
    [
        ("module_id", "i-1-enc1"),
        ("digest", "SHA384"),
        ("timestamp", At.Value.ToUnixTimeMilliseconds()),
        ("pcrs", new (object, object?)[] { (0L, Pcr(1)), (1L, Pcr(2)), (2L, Pcr(3)), (8L, Pcr(0)) }),
        ("certificate", Zone.Issue("CN=enclave", LeafKey.Spki, LeafOptions)),
        ("cabundle", new object?[] { Root.Der, Zone.Der }),
        ("public_key", null),
        ("user_data", new byte[64]),
        ("nonce", null),
    ];

    public NitroMaker With(string member, object? value) =>
        this with { Members = [.. Members.Select(one => one.Key.Equals(member) ? (member, value) : one)] };

    public NitroMaker Without(string member) => this with { Members = [.. Members.Where(one => !one.Key.Equals(member))] };

    public byte[] Make() => CoseBuilder.Sign(Signer, Header, CoseBuilder.Map([.. Members]));

    public static byte[] Pcr(byte value) => [.. Enumerable.Repeat(value, 48)];
}
