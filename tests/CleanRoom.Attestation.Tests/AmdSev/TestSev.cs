using System.Buffers.Binary;
using CleanRoom.Attestation.AmdSev;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.AmdSev;

/// <summary>A made-up AMD before SNP: its two certificates and a platform's four, each changeable before it is signed.</summary>
internal static class TestSev
{
    public const int SignedBytes = 0x414;
    public const int FirstSignatureAt = 0x414;
    public const int SecondSignatureAt = 0x61C;
    public const uint EcdsaSha256 = 2;
    public const uint EcdsaSha384 = 0x102;

    public static readonly TestKey ArkKey = TestKey.SharedRsa;
    public static readonly TestKey AskKey = TestKey.Rsa2048();
    public static readonly TestKey CekKey = TestKey.Ec("P-384");
    public static readonly TestKey OcaKey = TestKey.Ec("P-256");
    public static readonly TestKey PekKey = TestKey.Ec("P-384");
    public static readonly TestKey PdhKey = TestKey.Ec("P-384");
    public static readonly Timestamp At = Timestamp.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));

    public static AmdSevVerifier Verifier { get; } = new([new SevRoot("Test", Digest.Of(ArkKey.Spki))]);

    /// <summary>Makes AMD's certificate of a key of 2,048 bits.</summary>
    public static byte[] Authority(TestKey key, uint usage, byte id, TestKey signer, byte signerId, Action<byte[]>? change = null)
    {
        var (modulus, exponent) = key.RsaNumbers();
        var certificate = new byte[832];
        certificate[0] = 1;
        certificate.AsSpan(4, 16).Fill(id);
        certificate.AsSpan(20, 16).Fill(signerId);
        BinaryPrimitives.WriteUInt32LittleEndian(certificate.AsSpan(36), usage);
        BinaryPrimitives.WriteUInt32LittleEndian(certificate.AsSpan(56), 2_048);
        BinaryPrimitives.WriteUInt32LittleEndian(certificate.AsSpan(60), 2_048);
        Reversed(exponent).CopyTo(certificate, 64);
        Reversed(modulus).CopyTo(certificate, 64 + 256);
        change?.Invoke(certificate);
        Reversed(signer.SignPss256(certificate.AsSpan(0, 576))).CopyTo(certificate, 576);
        return certificate;
    }

    public static byte[] Ark(Action<byte[]>? change = null) => Authority(ArkKey, 0, 0xA1, ArkKey, 0xA1, change);

    public static byte[] Ask(Action<byte[]>? change = null) => Authority(AskKey, 0x13, 0xA2, ArkKey, 0xA1, change);

    public static byte[] Cek(Action<byte[]>? change = null, TestKey? signer = null)
    {
        var certificate = Body(CekKey, 0x1004, EcdsaSha384, change);
        Header(certificate, FirstSignatureAt, 0x13, 1);
        Reversed((signer ?? AskKey).SignPss256(certificate.AsSpan(0, SignedBytes))).CopyTo(certificate, FirstSignatureAt + 8);
        return certificate;
    }

    public static byte[] Oca(Action<byte[]>? change = null, TestKey? signer = null) => Ecdsa(Body(OcaKey, 0x1001, EcdsaSha256, change), FirstSignatureAt, 0x1001, signer ?? OcaKey);

    public static byte[] Pek(Action<byte[]>? change = null, TestKey? owner = null, TestKey? chip = null)
    {
        var certificate = Ecdsa(Body(PekKey, 0x1002, EcdsaSha384, change), FirstSignatureAt, 0x1001, owner ?? OcaKey);
        return Ecdsa(certificate, SecondSignatureAt, 0x1004, chip ?? CekKey);
    }

    public static byte[] Pdh(Action<byte[]>? change = null, TestKey? signer = null) => Ecdsa(Body(PdhKey, 0x1003, 0x103, change), FirstSignatureAt, 0x1002, signer ?? PekKey);

    /// <summary>Puts the four together.</summary>
    public static byte[] Platform(byte[]? pdh = null, byte[]? pek = null, byte[]? oca = null, byte[]? cek = null) =>
        [.. pdh ?? Pdh(), .. pek ?? Pek(), .. oca ?? Oca(), .. cek ?? Cek()];

    public static AttestationResult Judge(byte[] platform, params byte[][] endorsements) => EvidenceAppraiser.Authenticate(
        new PresentedEvidence(TeeNames.AmdSev, new Bytes(platform), [.. endorsements.Select(one => new Bytes(one))]),
        Expected.Learned<Bytes>("there is none in this evidence"),
        At,
        [Verifier]);

    public static string[] Failed(byte[] platform, params byte[][] endorsements) => [.. Judge(platform, endorsements).Failures.Select(failure => failure.Check)];

    private static byte[] Body(TestKey key, uint usage, uint algorithm, Action<byte[]>? change)
    {
        var point = key.Point();
        var half = point.Length / 2;
        var certificate = new byte[SevCertificate.Length];
        (certificate[0], certificate[4], certificate[5]) = (1, 0, 22);
        BinaryPrimitives.WriteUInt32LittleEndian(certificate.AsSpan(8), usage);
        BinaryPrimitives.WriteUInt32LittleEndian(certificate.AsSpan(12), algorithm);
        certificate[16] = half == 32 ? (byte)1 : (byte)2;
        Reversed(point.AsSpan(0, half)).CopyTo(certificate, 20);
        Reversed(point.AsSpan(half)).CopyTo(certificate, 92);
        Header(certificate, FirstSignatureAt, 0x1000, 0);
        Header(certificate, SecondSignatureAt, 0x1000, 0);
        change?.Invoke(certificate);
        return certificate;
    }

    private static byte[] Ecdsa(byte[] certificate, int offset, uint signer, TestKey key)
    {
        var raw = key.SignRaw(certificate.AsSpan(0, SignedBytes));
        var half = raw.Length / 2;
        Header(certificate, offset, signer, half == 32 ? EcdsaSha256 : EcdsaSha384);
        Reversed(raw.AsSpan(0, half)).CopyTo(certificate, offset + 8);
        Reversed(raw.AsSpan(half)).CopyTo(certificate, offset + 8 + 72);
        return certificate;
    }

    private static void Header(byte[] certificate, int offset, uint signer, uint algorithm)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(certificate.AsSpan(offset), signer);
        BinaryPrimitives.WriteUInt32LittleEndian(certificate.AsSpan(offset + 4), algorithm);
    }

    private static byte[] Reversed(ReadOnlySpan<byte> bytes)
    {
        var reversed = bytes.ToArray();
        Array.Reverse(reversed);
        return reversed;
    }
}
