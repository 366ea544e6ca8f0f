using CleanRoom.Attestation.AmdSevSnp;
using CleanRoom.Attestation.AzureUvm;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Corim;
using CleanRoom.Attestation.Cose;
using CleanRoom.Attestation.Intel;
using CleanRoom.Attestation.Jose;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Attestation.Tests.AmdSevSnp;
using CleanRoom.Attestation.Tests.AzureUvm;
using CleanRoom.Attestation.Tests.Intel;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Attestation.Tests.Tpm.EventLog;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Attestation.Tpm.EventLog;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Fuzz.Targets;

/// <summary>The formats that evidence and endorsements are made of, each by itself.</summary>
internal static class AttestationFormTargets
{
    private static readonly string[] s_vectors = ["vectors", "attestation"];

    public static IEnumerable<FuzzTarget> All()
    {
        (string, byte[])[] roots = [.. SeedFiles.Committed("*.pem", "src", "CleanRoom.Attestation", "Roots")];
        var made = MadeEvidence.All().ToList();
        return
        [
            SeedFiles.Target("pem", [.. roots, ("made", Ascii(new MadePlatform().Chain()))], bytes =>
                SeedFiles.Outcome(!Pem.Read(bytes, Pem.CertificateLabel).IsEmpty || !Pem.Read(bytes, Pem.RevocationListLabel).IsEmpty)),
            SeedFiles.Target("certificate", Certificates(), Certificate),
            SeedFiles.Target("revocation-list", Lists(), List),
            SeedFiles.Target("public-key", [("spki", TestSnp.VekKey.Spki), ("rsa", TestKey.SharedRsa.Spki), .. Shared("*.jwk", "*.pub")], bytes =>
                SeedFiles.Outcome(PublicKeyReader.Read(bytes) is not null)),
            SeedFiles.Target("cose", Cose(made), bytes => SeedFiles.Outcome(CoseSign1.Parse(bytes, 65_536, "message").TryGet(out _, out _))),
            SeedFiles.Target("jws", Jws(made), bytes => SeedFiles.Outcome(CompactJws.Parse(bytes) is { } token && token.Certificates is not null)),
            SeedFiles.Target("jwks", [("made", TestToken.KeySet("k", TestKey.SharedRsa).ToArray()), .. Shared("*jwks*.json")], bytes =>
                SeedFiles.Outcome(JsonWebKeySet.Parse(bytes) is { } set && (set.Find("k") is not null || set.Find(null) is null))),
            SeedFiles.Target("corim", Corims(), bytes => SeedFiles.Outcome(CorimPolicy.Import(bytes).IsAccepted)),
            SeedFiles.Target("event-log", [("made", Log()), .. Shared("*eventlog*.bin", "*ccel*")], bytes => SeedFiles.Outcome(TcgEventLogReader.Parse(bytes) is not null)),
            SeedFiles.Target("uefi-variable", [("made", MadeEventLog.SecureBootOn)], bytes => SeedFiles.Outcome(UefiVariable.Parse(bytes) is not null)),
            SeedFiles.Target("tpm-quote", Shared("*.attest"), bytes => SeedFiles.Outcome(TpmQuoteStatement.Parse(bytes).TryGet(out _, out _))),
            SeedFiles.Target("tpm-public", Shared("*.tpmt"), bytes => SeedFiles.Outcome(TpmPublicKey.Parse(bytes) is not null)),
            SeedFiles.Target("tpm-signature", Shared("*.tpmtsig"), bytes => SeedFiles.Outcome(TpmSignature.Parse(bytes) is not null)),
            SeedFiles.Target("snp-certificate-table", [("made", Table())], bytes => SeedFiles.Outcome(SnpCertificateTable.Contents(new Bytes(bytes)) is not null)),
            SeedFiles.Target("intel-collateral", Collateral(), bytes => SeedFiles.Outcome(TcbInfo.Parse(bytes) is not null || QeIdentity.Parse(bytes) is not null)),
            SeedFiles.Target("intel-pck-extension", [("made", MadePlatform.PckContent())], bytes => SeedFiles.Outcome(PckExtension.Parse(bytes) is not null)),
            new FuzzTarget("azure-uvm", [new FuzzSeed("made", [new UvmMaker().Make()], parts => Uvm(parts[0]))]),
        ];
    }

    private static FuzzOutcome Certificate(byte[] bytes)
    {
        if (Attestation.Certificates.Certificate.Parse(bytes) is not { } certificate)
        {
            return FuzzOutcome.Refused;
        }

        _ = (certificate.ToString(), certificate.SpkiDigest, certificate.Serial, certificate.CriticalExtensions.ToList());
        return SeedFiles.Outcome(isRead: true, certificate.IsSignedBy(certificate.Key));
    }

    private static FuzzOutcome List(byte[] bytes)
    {
        if (RevocationList.Parse(bytes) is not { } list)
        {
            return FuzzOutcome.Refused;
        }

        var issuer = Attestation.Certificates.Certificate.Parse(TestSnp.Ark.Der)!;
        return SeedFiles.Outcome(isRead: true, !list.Failures(issuer, MadeEvidence.At).Any() && !list.Revokes(issuer));
    }

    private static FuzzOutcome Uvm(byte[] bytes)
    {
        if (!UvmEndorsement.Parse(bytes).TryGet(out var parsed, out _))
        {
            return FuzzOutcome.Refused;
        }

        return SeedFiles.Outcome(isRead: true, UvmMaker.Verifier.Verify(parsed, UvmMaker.At).TryGet(out _, out _));
    }

    private static IEnumerable<(string, byte[])> Certificates() =>
    [
        ("ark", TestSnp.Ark.Der), ("vek", TestSnp.Vek()), ("zone", Attestation.Tests.AwsNitro.NitroMaker.Zone.Der), ("leaf", UvmMaker.Leaf), .. Shared("*.der", "*.crt"),
    ];

    private static IEnumerable<(string, byte[])> Lists() =>
        [("empty", TestSnp.Ark.RevocationList([])), ("one", TestSnp.Ark.RevocationList([Org.BouncyCastle.Math.BigInteger.Ten])), .. Shared("*.crl")];

    private static IEnumerable<(string, byte[])> Cose(IEnumerable<VectorCase> made) =>
        made.Where(one => CoseSign1.LooksLikeOne(one.Evidence.Span)).Select(one => (one.Name, one.Evidence.ToArray())).Append(("uvm", new UvmMaker().Make()));

    private static IEnumerable<(string, byte[])> Jws(IEnumerable<VectorCase> made) =>
        made.Where(one => CompactJws.Parse(one.Evidence.Span) is not null).Select(one => (one.Name, one.Evidence.ToArray())).Concat(Shared("*.jwt"));

    private static IEnumerable<(string, byte[])> Corims() => AttestationVectors.Ear.EnumerateArray()
        .Where(vector => vector.TryGetProperty("policy", out var policy) && policy.ValueKind == System.Text.Json.JsonValueKind.Object)
        .Select(vector => CorimPolicy.Export(AttestationVectors.Policy(vector.GetProperty("policy"))))
        .Where(export => export.IsAccepted)
        .Select((export, i) => ($"ear {i}", export.Value.Corim.ToArray()));

    private static IEnumerable<(string, byte[])> Collateral() =>
        [("sgx", Made(MadeCollateral.SgxTcbInfo)), ("tdx", Made(MadeCollateral.TdxTcbInfo)), ("qe", Made(MadeCollateral.Identity("QE"), "enclaveIdentity")), .. Shared("*tcb*.json", "*identity*.json")];

    private static byte[] Made(string body, string member = "tcbInfo") => MadeCollateral.Sign(member, body, TestKey.Ec("P-256"));

    private static byte[] Log() =>
        new MadeEventLog().Add(7, 0x80000001, MadeEventLog.SecureBootOn).Add(0, 0x0D, "firmware"u8.ToArray()).Add(4, 0x04, [0, 0, 0, 0]).ToBytes();

    /// <summary>Two entries and the end, then the contents.</summary>
    private static byte[] Table()
    {
        var (first, second) = (TestSnp.Vek(), TestSnp.Ask.Der);
        return
        [
            .. Entry("63da758d-e664-4564-adc5-f4b93be8accd", 72, first.Length), .. Entry("4ab7b379-bbac-4fe4-a02f-05aef327c782", 72 + first.Length, second.Length),
            .. new byte[24], .. first, .. second,
        ];
    }

    private static byte[] Entry(string id, int offset, int length) => [.. new Guid(id).ToByteArray(), .. BitConverter.GetBytes(offset), .. BitConverter.GetBytes(length)];

    private static IEnumerable<(string, byte[])> Shared(params string[] patterns) => patterns.SelectMany(pattern => SeedFiles.Shared(pattern, s_vectors));

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);
}
