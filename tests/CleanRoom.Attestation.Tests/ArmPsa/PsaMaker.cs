using System.Collections.Immutable;
using CleanRoom.Attestation.Tests.Cose;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.ArmPsa;

/// <summary>Makes PSA tokens: the defaults are those of an honest device, profile of RFC 9783.</summary>
internal sealed record PsaMaker
{
    public static TestKey Key { get; } = TestKey.Ec("P-256");

    /// <summary>Gets a token of the first version.</summary>
    public static PsaMaker First { get; } = new()
    {
        Claims =
        [
            (-75_000L, "PSA_IOT_PROFILE_1"),
            (-75_008L, new byte[64]),
            (-75_009L, Id(1, 7)),
            (-75_001L, 5L),
            (-75_002L, 0x3000L),
            (-75_003L, Bytes(9, 32)),
            (-75_004L, Bytes(8, 32)),
            (-75_005L, "1234567890123"),
            (-75_006L, new object?[] { Component("SPE", 3) }),
            (-75_010L, "https://verifier.example"),
        ],
    };

    public byte[] Header { get; init; } = CoseBuilder.Header(-7);

    public TestKey Signer { get; init; } = Key;

    public ImmutableArray<(object Key, object? Value)> Claims { get; init; } =
    [
        (265L, "tag:psacertified.org,2023:psa#tfm"),
        (10L, new byte[64]),
        (256L, Id(1, 7)),
        (2394L, -5L),
        (2395L, 0x3001L),
        (2396L, Bytes(9, 32)),
        (2397L, Bytes(8, 8)),
        (2398L, "1234567890123-12345"),
        (2399L, new object?[] { Component("SPE", 3), Component("NSPE", 4) }),
        (2400L, "https://verifier.example"),
    ];

    public static byte[] Bytes(byte value, int length) => [.. Enumerable.Repeat(value, length)];

    public static byte[] Id(byte kind, byte value) => [kind, .. Bytes(value, 32)];

    public static (object Key, object? Value)[] Component(string? type, byte value) =>
        [.. type is null ? [] : new (object, object?)[] { (1L, type) }, (2L, Bytes(value, 32)), (4L, "1.0"), (5L, Bytes((byte)(value + 1), 32)), (6L, "sha-256")];

    public PsaMaker With(long claim, object? value) => this with { Claims = [.. Claims.Select(one => one.Key.Equals(claim) ? (claim, value) : one)] };

    public PsaMaker Without(long claim) => this with { Claims = [.. Claims.Where(one => !one.Key.Equals(claim))] };

    public PsaMaker Plus(long claim, object? value) => this with { Claims = [.. Claims, (claim, value)] };

    public byte[] Make() => CoseBuilder.Sign(Signer, Header, CoseBuilder.Map([.. Claims]));
}
