using System.Collections.Immutable;
using System.Text;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Intel;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Math;

namespace CleanRoom.Attestation.Tests.Intel;

/// <summary>An Intel platform of the test PKI: its certificates, its collateral and its keys. The defaults are those of an honest one.</summary>
internal sealed record MadePlatform
{
    /// <summary>The moment as of which everything is current.</summary>
    public static readonly Timestamp At = Timestamp.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>Serial number of the PCK certificate.</summary>
    public static readonly BigInteger PckSerial = BigInteger.ValueOf(101);

    /// <summary>Serial number of the TCB signing certificate.</summary>
    public static readonly BigInteger SignerSerial = BigInteger.ValueOf(102);

    /// <summary>Serial number of the PCK's issuer.</summary>
    public static readonly BigInteger IssuerSerial = BigInteger.ValueOf(103);

    private static readonly TestAuthority s_root = TestAuthority.Root("CN=Intel SGX Root CA", TestKey.Ec("P-256"));
    private static readonly TestKey s_issuerKey = TestKey.Ec("P-256");
    private static readonly TestKey s_signerKey = TestKey.Ec("P-256");
    private static readonly TestKey s_pckKey = TestKey.Ec("P-256");

    /// <summary>Gets the roots that the verifiers under test trust.</summary>
    public static ImmutableArray<TrustAnchor> Anchors { get; } = [TrustAnchor.Trusted("test root", s_root.Der)];

    /// <summary>Gets the key that signs the quoting enclave's report.</summary>
    public static TestKey PckKey => s_pckKey;

    /// <summary>Gets the root that issues everything.</summary>
    public TestAuthority Root { get; init; } = s_root;

    /// <summary>Gets the name of the PCK's issuer.</summary>
    public string IssuerName { get; init; } = "CN=Intel SGX PCK Platform CA";

    /// <summary>Gets the subject of the PCK certificate.</summary>
    public string PckName { get; init; } = "CN=Intel SGX PCK Certificate";

    /// <summary>Gets the content of Intel's extension.</summary>
    public byte[] Extension { get; init; } = PckContent();

    /// <summary>Gets the last moment of the PCK certificate.</summary>
    public DateTime PckNotAfter { get; init; } = new(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Gets the subject of the certificate that signs collateral.</summary>
    public string SignerName { get; init; } = "CN=Intel SGX TCB Signing";

    /// <summary>Gets the root that issues the certificate that signs collateral.</summary>
    public TestAuthority SignerRoot { get; init; } = s_root;

    /// <summary>Gets the signed object of the TCB info.</summary>
    public string TcbInfo { get; init; } = MadeCollateral.SgxTcbInfo;

    /// <summary>Gets the signed object of the enclave identity.</summary>
    public string Identity { get; init; } = MadeCollateral.Identity("QE");

    /// <summary>Gets the serial numbers that the root revokes.</summary>
    public ImmutableArray<BigInteger> RevokedByRoot { get; init; } = [];

    /// <summary>Gets the serial numbers that the PCK's issuer revokes.</summary>
    public ImmutableArray<BigInteger> RevokedByIssuer { get; init; } = [];

    /// <summary>Gets the end of the revocation lists.</summary>
    public DateTime ListsNextUpdate { get; init; } = new(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Gets the endorsements that are left out: <c>tcb-info</c>, <c>identity</c>, <c>signer</c>, <c>root-list</c>, <c>pck-list</c>.</summary>
    public ImmutableArray<string> Without { get; init; } = [];

    private TestAuthority Issuer => Root.Intermediate(
        IssuerName, s_issuerKey, new TestCertificateOptions { IsCa = true, PathLength = 0, Serial = IssuerSerial });

    /// <summary>Returns the PCK's chain as a quote carries it.</summary>
    public string Chain() => Pem(Pck()) + Pem(Issuer.Der) + Pem(Root.Der);

    /// <summary>Returns the endorsements.</summary>
    public ImmutableArray<Bytes> Endorsements() =>
        [.. Named().Where(named => !Without.Contains(named.Name)).Select(named => new Bytes(named.Content))];

    /// <summary>Makes the content of Intel's extension.</summary>
    public static byte[] PckContent(int component = 5, int pceSvn = 11, int ppidBytes = 16, bool hasInstance = true)
    {
        var tcb = new List<Asn1Encodable>();
        for (var i = 1; i <= PckExtension.Components; i++)
        {
            tcb.Add(Pair($"2.{i}", DerInteger.ValueOf(component)));
        }

        tcb.Add(Pair("2.17", DerInteger.ValueOf(pceSvn)));
        tcb.Add(Pair("2.18", new DerOctetString(new byte[16])));
        List<Asn1Encodable> members =
        [
            Pair("1", new DerOctetString(Enumerable.Repeat((byte)0xAA, ppidBytes).ToArray())),
            Pair("2", new DerSequence(tcb.ToArray())),
            Pair("3", new DerOctetString([0, 0])),
            Pair("4", new DerOctetString(Convert.FromHexString(MadeCollateral.Fmspc))),
            Pair("5", new DerEnumerated(1)),
        ];
        if (hasInstance)
        {
            members.Add(Pair("6", new DerOctetString(Enumerable.Repeat((byte)0xBB, 16).ToArray())));
        }

        return new DerSequence(members.ToArray()).GetDerEncoded();
    }

    private IEnumerable<(string Name, byte[] Content)> Named()
    {
        yield return ("tcb-info", MadeCollateral.Sign("tcbInfo", TcbInfo, s_signerKey));
        yield return ("identity", MadeCollateral.Sign("enclaveIdentity", Identity, s_signerKey));
        yield return ("signer", SignerRoot.Issue(SignerName, s_signerKey.Spki, new TestCertificateOptions { Serial = SignerSerial }));
        yield return ("root-list", Root.RevocationList(RevokedByRoot, nextUpdate: ListsNextUpdate));
        yield return ("pck-list", Issuer.RevocationList(RevokedByIssuer, nextUpdate: ListsNextUpdate));
    }

    private byte[] Pck() => Issuer.Issue(
        PckName,
        s_pckKey.Spki,
        new TestCertificateOptions { Serial = PckSerial, NotAfter = PckNotAfter, Extensions = [(PckExtension.Oid, false, Extension)] });

    private static DerSequence Pair(string suffix, Asn1Encodable value) => new(new DerObjectIdentifier($"{PckExtension.Oid}.{suffix}"), value);

    private static string Pem(byte[] der) =>
        new StringBuilder().Append(System.Security.Cryptography.PemEncoding.Write("CERTIFICATE", der)).Append('\n').ToString();
}
