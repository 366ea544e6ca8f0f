using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Attestation.Tests.ArmPsa;
using CleanRoom.Attestation.Tests.Cose;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.ArmCca;

/// <summary>Makes CCA tokens: the defaults are those of an honest realm on an honest platform, first form.</summary>
internal sealed record CcaMaker
{
    public static TestKey PlatformKey { get; } = TestKey.Ec("P-384");

    public static TestKey RealmKey { get; } = TestKey.Ec("P-384");

    public static byte[] BarePoint { get; } = [4, .. RealmKey.Point()];

    public TestKey PlatformSigner { get; init; } = PlatformKey;

    public TestKey RealmSigner { get; init; } = RealmKey;

    public byte[] PlatformHeader { get; init; } = CoseBuilder.Header(-35);

    public byte[] RealmHeader { get; init; } = CoseBuilder.Header(-35);

    public ImmutableArray<(object Key, object? Value)> Platform { get; init; } =
    [
        (265L, "http://arm.com/CCA-SSD/1.0.0"),
        (10L, SHA256.HashData(BarePoint)),
        (2396L, PsaMaker.Bytes(9, 32)),
        (256L, PsaMaker.Id(1, 7)),
        (2401L, new byte[] { 1, 2 }),
        (2395L, 0x3003L),
        (2402L, "sha-256"),
        (2399L, new object?[] { PsaMaker.Component("RMM", 3) }),
        (2400L, "https://verifier.example"),
    ];

    public ImmutableArray<(object Key, object? Value)> Realm { get; init; } =
    [
        (10L, new byte[64]),
        (44235L, PsaMaker.Bytes(5, 64)),
        (44236L, "sha-512"),
        (44237L, BarePoint),
        (44238L, PsaMaker.Bytes(6, 64)),
        (44239L, new object?[] { PsaMaker.Bytes(1, 64), PsaMaker.Bytes(2, 64), PsaMaker.Bytes(3, 64), PsaMaker.Bytes(4, 64) }),
        (44240L, "sha-256"),
    ];

    public CcaMaker WithPlatform(long claim, object? value) => this with { Platform = Change(Platform, claim, value) };

    public CcaMaker WithoutPlatform(long claim) => this with { Platform = [.. Platform.Where(one => !one.Key.Equals(claim))] };

    public CcaMaker WithRealm(long claim, object? value) => this with { Realm = Change(Realm, claim, value) };

    public CcaMaker WithoutRealm(long claim) => this with { Realm = [.. Realm.Where(one => !one.Key.Equals(claim))] };

    public byte[] PlatformToken() => CoseBuilder.Sign(PlatformSigner, PlatformHeader, CoseBuilder.Map([.. Platform]));

    public byte[] RealmToken() => CoseBuilder.Sign(RealmSigner, RealmHeader, CoseBuilder.Map([.. Realm]));

    public byte[] Make() => Collection(399, (44234L, PlatformToken()), (44241L, RealmToken()));

    public static byte[] Collection(ulong tag, params (object Key, object? Value)[] entries)
    {
        var writer = new System.Formats.Cbor.CborWriter();
        CoseBuilder.Write(writer, new CoseBuilder.Tagged(tag, entries));
        return writer.Encode();
    }

    private static ImmutableArray<(object Key, object? Value)> Change(ImmutableArray<(object Key, object? Value)> claims, long claim, object? value) =>
        [.. claims.Select(one => one.Key.Equals(claim) ? (claim, value) : one)];
}
