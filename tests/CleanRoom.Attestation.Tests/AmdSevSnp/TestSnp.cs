using System.Buffers.Binary;
using System.Collections.Immutable;
using CleanRoom.Attestation.AmdSevSnp;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.AzureUvm;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Math;

namespace CleanRoom.Attestation.Tests.AmdSevSnp;

/// <summary>A made-up AMD: roots, intermediates and signing keys as the real one has them, and reports that they sign.</summary>
internal sealed class TestSnp
{
    public const int PolicyAt = 0x08;
    public const int FlagsAt = 0x48;
    public const int CurrentTcbAt = 0x38;
    public const int ReportedTcbAt = 0x180;
    public const int ProcessorAt = 0x188;
    public const int ChipIdAt = 0x1A0;
    public const int CommittedTcbAt = 0x1E0;
    public const int SignatureAt = 0x2A0;
    public const string Arc = "1.3.6.1.4.1.3704.1";

    private static readonly TestKey s_arkKey = TestKey.SharedRsa.AsPss384();
    private static readonly TestKey s_askKey = TestKey.Rsa2048().AsPss384();

    /// <summary>The root of Milan, and an honest one of Genoa with the same key, since only its name differs.</summary>
    public static readonly TestAuthority Ark = TestAuthority.Root("CN=ARK-Milan", s_arkKey);
    public static readonly TestAuthority GenoaArk = TestAuthority.Root("CN=ARK-Genoa", s_arkKey);
    public static readonly TestAuthority TurinArk = TestAuthority.Root("CN=ARK-Turin", s_arkKey);
    public static readonly TestAuthority Ask = Ark.Intermediate("CN=SEV-Milan", s_askKey);
    public static readonly TestAuthority Asvk = Ark.Intermediate("CN=SEV-VLEK-Milan", s_askKey);
    public static readonly TestKey VekKey = TestKey.Ec("P-384");

    public static readonly byte[] ChipId = [.. Enumerable.Range(1, 64).Select(i => (byte)i)];
    public static readonly ImmutableArray<byte> Tcb = [3, 0, 0, 0, 0, 0, 8, 219];
    public static readonly Timestamp At = Timestamp.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));

    public static AmdSevSnpVerifier Verifier { get; } = new(
        [TrustAnchor.Trusted("ARK-Milan", Ark.Der), TrustAnchor.Trusted("ARK-Genoa", GenoaArk.Der), TrustAnchor.Trusted("ARK-Turin", TurinArk.Der)],
        [TrustAnchor.Trusted("supply chain", UvmMaker.Root.Der)]);

    /// <summary>Returns the extensions of a VCEK of Milan.</summary>
    public static Dictionary<string, byte[]> Extensions() => new(StringComparer.Ordinal)
    {
        [Arc + ".1"] = Integer(0),
        [Arc + ".2"] = new DerIA5String("Milan-B0").GetDerEncoded(),
        [Arc + ".3.1"] = Integer(3),
        [Arc + ".3.2"] = Integer(0),
        [Arc + ".3.3"] = Integer(8),
        [Arc + ".3.8"] = Integer(219),
        [Arc + ".4"] = ChipId,
    };

    public static byte[] Integer(int value) => DerInteger.ValueOf(value).GetDerEncoded();

    /// <summary>Signs a certificate of the signing key.</summary>
    public static byte[] Vek(Action<Dictionary<string, byte[]>>? change = null, TestAuthority? issuer = null, string name = "CN=SEV-VCEK", TestKey? key = null)
    {
        var extensions = Extensions();
        change?.Invoke(extensions);
        return (issuer ?? Ask).Issue(name, (key ?? VekKey).Spki, new TestCertificateOptions
        {
            Serial = BigInteger.Zero,
            Extensions = [.. extensions.Select(extension => (extension.Key, false, extension.Value))],
        });
    }

    /// <summary>Signs the certificate of a leased key.</summary>
    public static byte[] Vlek(Action<Dictionary<string, byte[]>>? change = null, TestAuthority? issuer = null) => Vek(
        extensions =>
        {
            extensions.Remove(Arc + ".4");
            extensions[Arc + ".5"] = new DerIA5String("CN=cc.cloud.example").GetDerEncoded();
            change?.Invoke(extensions);
        },
        issuer ?? Asvk,
        "CN=SEV-VLEK");

    /// <summary>Makes a report of version 3 on Milan, changes it and signs it.</summary>
    public static byte[] Report(Action<byte[]>? change = null, TestKey? key = null)
    {
        var report = new byte[SnpReport.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(report, 3);
        BinaryPrimitives.WriteUInt32LittleEndian(report.AsSpan(0x04), 7);
        BinaryPrimitives.WriteUInt64LittleEndian(report.AsSpan(PolicyAt), 0x3001F);
        report.AsSpan(0x10, 16).Fill(0x11);
        report.AsSpan(0x20, 16).Fill(0x22);
        report[0x34] = 1;
        report[0x40] = 0x21;
        report.AsSpan(0x50, 64).Fill(0x33);
        report.AsSpan(0x90, 48).Fill(0x44);
        report.AsSpan(0xC0, 32).Fill(0x55);
        report.AsSpan(0xE0, 48).Fill(0x66);
        report.AsSpan(0x140, 32).Fill(0x77);
        report.AsSpan(0x160, 32).Fill(0xFF);
        (report[ProcessorAt], report[ProcessorAt + 1], report[ProcessorAt + 2]) = (0x19, 0x01, 0x01);
        ChipId.CopyTo(report, ChipIdAt);
        foreach (var offset in new[] { CurrentTcbAt, ReportedTcbAt, CommittedTcbAt, 0x1F0 })
        {
            Tcb.CopyTo(report.AsSpan(offset));
        }

        foreach (var offset in new[] { 0x1E8, 0x1EC })
        {
            (report[offset], report[offset + 1], report[offset + 2]) = (29, 55, 1);
        }

        change?.Invoke(report);
        return Sign(report, key ?? VekKey);
    }

    /// <summary>Puts the signature where a report has it: r and s little endian.</summary>
    public static byte[] Sign(byte[] report, TestKey key)
    {
        var raw = key.SignRaw(report.AsSpan(0, SignatureAt));
        var half = raw.Length / 2;
        raw.AsSpan(0, half).Reverse();
        raw.AsSpan(half).Reverse();
        raw.AsSpan(0, half).CopyTo(report.AsSpan(SignatureAt));
        raw.AsSpan(half).CopyTo(report.AsSpan(SignatureAt + 72));
        return report;
    }

    /// <summary>Judges without a contract.</summary>
    public static AttestationResult Judge(byte[] report, params byte[][] endorsements) => EvidenceAppraiser.Authenticate(
        new PresentedEvidence(TeeNames.AmdSevSnp, new Bytes(report), [.. endorsements.Select(one => new Bytes(one))]),
        Expected.Learned<Bytes>("a test looks at what it says"),
        At,
        [Verifier]);

    /// <summary>Returns the names of the failed checks.</summary>
    public static string[] Failed(byte[] report, params byte[][] endorsements) => [.. Judge(report, endorsements).Failures.Select(failure => failure.Check)];
}
