using System.Collections.Immutable;
using System.Text;
using CleanRoom.Attestation.AzureAttestation;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.AzureAttestation;

/// <summary>The genuine tokens with the key sets of their moment, and those derived from them.</summary>
internal static class AzureAttestationVectors
{
    private const string Folder = "maa/";
    private const string Recordings = "azure-sdk-cpp-recordings/";
    private const string Shared = "https://sharedwus.wus.attest.azure.net";
    private const string Debuggable = "accept at iat..exp (debug policy applies)";
    private const long Issued = 1654037281;

    public static IEnumerable<VectorCase> All()
    {
        foreach (var name in new[] { "SimpleAttest-SgxEnclave_Shared", "SimpleAttest-OpenEnclave_Shared", "AttestWithRuntimeDataJson-SgxEnclave_Shared" })
        {
            yield return Recorded(name, name, Shared, Debuggable, ["debug"]) with { Claims = s_sgx };
        }

        const string Aad = "SimpleAttest-SgxEnclave_Aad";
        yield return Recorded(Aad, Aad, "https://cplarryoattestationaad.wus.attest.azure.net", Debuggable, ["debug"]) with { Claims = s_sgx };
        yield return Recorded(Aad, "SimpleAttest-SgxEnclave_Shared", Shared, "reject: another tenant", ["issuer", "debug"]);
        const string Draft = "AttestWithDraftPolicy-SgxEnclave_Shared";
        yield return Recorded(Draft, Draft, Shared, "reject: alg none", ["jws-algorithm", "signature", "debug"]);
        yield return Machine();
        yield return Case("azure-samples/sev-snp-jwt.txt", true, new AzureAttestationVerifier(), 1744085700, "reject: no key set", ["signing-key"]);
        yield return Derived("token-debuggable-cleared.jwt", ["signature"]);
        yield return Derived("token-alg-none.jwt", ["jws-algorithm", "signature", "debug"]);
        yield return Derived("token-alg-hs256-with-public-key.jwt", ["jws-algorithm", "signature", "debug"]);
        yield return Derived("token-embedded-jwk-jku.jwt", ["signature", "debug"]);
    }

    private static readonly ImmutableSortedDictionary<string, string> s_sgx = new Dictionary<string, string>
    {
        ["measurement"] = "292a1f4b519e46627eb2478a3d9851405653c5b4b0a6925de843834d9216850e",
        ["mrSigner"] = "4aea5f9a0ed04b11f889aadfe6a1d376213a29a95a85ce7337ae6f7fece6610c",
        ["isvProdId"] = "1",
        ["isvSvn"] = "1",
        ["policyHash"] = "bROrN897ZfWmWY2V0FLUlu3uwk5xatGnKYHn3zBbSlw",
        ["serviceQuote"] = "unverified",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static VectorCase Machine()
    {
        // The snapshot begins with two comment lines of the blog that published it.
        var lines = Text("thomvanl-cvm-snp/attestation_result_header_jku_snapshot.jsonc").Split('\n').Where(line => !line.StartsWith("//", StringComparison.Ordinal));
        var issuer = new TrustedTokenIssuer("https://sharedweu.weu.attest.azure.net", new Bytes(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
        return Case("thomvanl-cvm-snp/attestation_result.b64", true, new AzureAttestationVerifier([issuer]), 1671836418, "accept at iat..exp", []) with
        {
            Claims = new Dictionary<string, string>
            {
                ["measurement"] = "ad6de16ac59ee52351c6038df58d1be5aeaf41cd0f7c81b2279ecca0df6ef43a2b69d663ad6973d6dbb9db0ffd7a9023",
                ["hostData"] = new string('0', 64),
                ["compliance"] = "azure-compliant-cvm",
                ["secureBoot"] = "true",
                ["migratable"] = "false",
                ["vmpl"] = "0",
                ["reported.microcode"] = "115",
                ["reported.snp"] = "8",
                ["reported.bootloader"] = "3",
                ["guestSvn"] = "2",
                ["hardwareReportData"] = "c6500859af95440206aac5e93eb50a0f2cfd4fa2c5485e05a5c77a5d81c3dee3" + new string('0', 64),
                ["reportData"] = string.Empty,
                ["serviceQuote"] = "unverified",
            }.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
    }

    private static VectorCase Recorded(string token, string keys, string issuer, string expected, ImmutableArray<string> failed) =>
        Case($"{Recordings}{token}/token1.jwt", true, Trusting(keys, issuer), Issued, expected, failed);

    private static VectorCase Derived(string file, ImmutableArray<string> failed) =>
        Case($"negative-derived/{file}", false, Trusting("SimpleAttest-SgxEnclave_Shared", Shared), Issued, "reject", failed);

    private static AzureAttestationVerifier Trusting(string recording, string issuer) =>
        new([new TrustedTokenIssuer(issuer, new Bytes(SharedVectors.Read($"{Folder}{Recordings}{recording}/certs.jwks.json")))]);

    private static VectorCase Case(
        string file, bool genuine, AzureAttestationVerifier verifier, long at, string expected, ImmutableArray<string> failed) => new()
    {
        Family = "maa",
        Name = Folder + file,
        IsGenuine = genuine,
        Verifier = verifier,
        Evidence = new Bytes(Encoding.ASCII.GetBytes(Text(file).Trim())),
        At = Timestamp.From(DateTimeOffset.FromUnixTimeSeconds(at)),
        Expected = expected,
        FailedChecks = failed,
    };

    private static string Text(string file) => Encoding.UTF8.GetString(SharedVectors.Read(Folder + file));
}
