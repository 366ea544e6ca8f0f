using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.AzureVtpm;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tests.AmdSevSnp;
using CleanRoom.Attestation.Tests.Intel;
using CleanRoom.Attestation.Tests.Tpm;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.AzureVtpm;

/// <summary>An Azure confidential VM that does not exist, on the test PKI's AMD or Intel. The defaults are those of an honest one; a test changes one thing.</summary>
internal sealed record MadeAzure
{
    public const int KindAt = 1_224;
    public const int HashAt = 1_228;
    public const int RuntimeSizeAt = 1_232;
    public const int RuntimeAt = 1_236;

    private static readonly MadePlatform s_platform = new() { TcbInfo = MadeCollateral.TdxTcbInfo, Identity = MadeCollateral.Identity("TD_QE") };

    public static AzureVtpmVerifier Verifier { get; } = new([TrustAnchor.Trusted("ARK-Milan", TestSnp.Ark.Der)], MadePlatform.Anchors);

    /// <summary>Gets the quote of the virtual TPM, and the values beside it.</summary>
    public MadeTpmEvidence Tpm { get; init; } = new() { Key = TestKey.SharedRsa, Scheme = 0x14 };

    /// <summary>Gets the runtime claims in the report.</summary>
    public string Runtime { get; init; } = Claims(TestKey.SharedRsa);

    /// <summary>Gets the runtime claims that the hardware commits to; null for those in the report.</summary>
    public string? Bound { get; init; }

    /// <summary>Gets a value that says whether the machine is Intel's.</summary>
    public bool IsTdx { get; init; }

    /// <summary>Gets the kind of the hash: 1 SHA-256, 2 SHA-384, 3 SHA-512.</summary>
    public int Hash { get; init; } = 1;

    /// <summary>Gets a change of the SNP report or of the TD report in the quote, before it is signed.</summary>
    public Action<byte[]> ChangeHardware { get; init; } = _ => { };

    /// <summary>Gets a change of the whole HCL report.</summary>
    public Func<byte[], byte[]> ChangeHcl { get; init; } = bytes => bytes;

    /// <summary>Returns runtime claims as the paravisor writes them.</summary>
    public static string Claims(TestKey key) => Claims($"[{Jwk("HCLAkPub", key)},{Jwk("HCLEkPub", TestKey.SharedRsa)}]");

    public static string Claims(string keys) =>
        $"{{\"keys\":{keys},\"vm-configuration\":{{\"console-enabled\":false,\"secure-boot\":true,\"tpm-enabled\":true,\"vmUniqueId\":\"3404EF27\"}},\"user-data\":\"{new string('A', 128)}\"}}";

    public static string Jwk(string name, TestKey key)
    {
        var (modulus, exponent) = key.RsaNumbers();
        return $"{{\"kid\":\"{name}\",\"key_ops\":[\"sign\"],\"kty\":\"RSA\",\"e\":\"{Base64Url.EncodeToString(exponent)}\",\"n\":\"{Base64Url.EncodeToString(modulus)}\"}}";
    }

    public byte[] ReportData()
    {
        var bound = Encoding.UTF8.GetBytes(Bound ?? Runtime);
        var digest = Hash switch { 2 => SHA384.HashData(bound), 3 => SHA512.HashData(bound), _ => SHA256.HashData(bound) };
        return [.. digest, .. new byte[64 - digest.Length]];
    }

    public byte[] Hcl()
    {
        var claims = Encoding.UTF8.GetBytes(Runtime);
        var bytes = new byte[RuntimeAt + claims.Length + 100];
        "HCLA"u8.CopyTo(bytes);
        foreach (var (offset, value) in new[] { (4, 2), (8, RuntimeAt + claims.Length), (12, 2), (1_216, 20 + claims.Length), (1_220, 1), (KindAt, IsTdx ? 4 : 2), (HashAt, Hash), (RuntimeSizeAt, claims.Length) })
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset), value);
        }

        if (IsTdx)
        {
            ReportData().CopyTo(bytes, 32 + 0x80);
        }
        else
        {
            SnpReport().CopyTo(bytes, 32);
        }

        claims.CopyTo(bytes, RuntimeAt);
        return ChangeHcl(bytes);
    }

    public byte[] SnpReport() => TestSnp.Report(report =>
    {
        ReportData().CopyTo(report, 0x50);
        ChangeHardware(report);
    });

    public byte[] TdQuote()
    {
        var body = MadeQuote.TdReport(isTd15: false);
        ReportData().CopyTo(body, 520);
        ChangeHardware(body);
        return new MadeQuote { Version = 4, Tee = 0x81, BodyType = 2, Body = body, Platform = s_platform }.ToBytes();
    }

    public ImmutableArray<JsonMember> Members()
    {
        var members = ImmutableArray.Create(
            new JsonMember("hclReport", new Bytes(Hcl())),
            new JsonMember("pcrs", Tpm.PcrJson()),
            new JsonMember("quote", new Bytes(Tpm.Quote())),
            new JsonMember("signature", new Bytes(Tpm.Signature())),
            new JsonMember("type", "cleanroom/v1/azure-vtpm-evidence"));
        return IsTdx ? members.Add(new JsonMember("tdQuote", new Bytes(TdQuote()))) : members;
    }

    public Bytes ToBytes() => Write(Members());

    public static Bytes Write(IEnumerable<JsonMember> members) => new(Jcs.Write(new JsonObject([.. members])));

    public ImmutableArray<Bytes> Endorsements() => IsTdx ? s_platform.Endorsements() : [new Bytes(TestSnp.Vek()), new Bytes(TestSnp.Ask.Der)];

    public AttestationResult Judge() => Judge(ToBytes());

    public AttestationResult Judge(Bytes evidence, Bytes? nonce = null) => EvidenceAppraiser.Authenticate(
        new PresentedEvidence(TeeNames.AzureVtpm, evidence, Endorsements()),
        nonce is { } wanted ? Expected.Exactly(wanted) : Expected.Learned<Bytes>("a test looks at what it says"),
        TestSnp.At,
        [Verifier]);

    public IEnumerable<string> Failed() => Judge().Failures.Select(failure => failure.Check);

    public IEnumerable<string> Failed(Bytes evidence) => Judge(evidence).Failures.Select(failure => failure.Check);
}
