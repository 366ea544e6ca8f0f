using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.Intel;

/// <summary>Genuine collateral, put together by the time at which all of it was current.</summary>
internal sealed partial record IntelCollateralSet(Timestamp At, ImmutableArray<Bytes> Endorsements)
{
    private const string Teepot = "intel-sgx/teepot-pcs-responses/";
    private const string Automata = "intel-collateral/automata/";

    /// <summary>Gets none, as of a moment when most certificates were valid.</summary>
    public static IntelCollateralSet None => new(Time("2025-06-10"), []);

    /// <summary>Gets that of June 2025 for SGX 00906ed50000 and TDX 00806f050000, with both PCK lists.</summary>
    public static IntelCollateralSet June2025 => new(
        Time("2025-06-10"),
        [
            Answer("sgx_tcb_info_00906ED50000.json", "tcb_info_json"), Answer("tdx_tcb_info_00806F050000.json", "tcb_info_json"),
            Answer("sgx_qe_identity.json", "enclave_identity_json"), Answer("tdx_qe_identity.json", "enclave_identity_json"),
            Answer("pck_crl_platform.json", "crl_data"), Answer("pck_crl_processor.json", "crl_data"), Answer("sgx_qe_identity.json", "issuer_chain"),
            File(Automata + "intel_root_ca_crl.der"),
        ]);

    /// <summary>Gets that of September 2025 for SGX 00606a000000. There is no PCK list of that time.</summary>
    public static IntelCollateralSet September2025 => new(
        Time("2025-09-01"),
        [
            File(Automata + "0825_sgx_tcbinfov3_00606a000000.json"), File(Automata + "0825_sgx_qeidentity_v4.json"),
            File(Automata + "signing.der"), File(Automata + "intel_root_ca_crl.der"),
        ]);

    /// <summary>Gets that of November 2025 for TDX 00a06d080000. There is no PCK list of that time.</summary>
    public static IntelCollateralSet November2025 => new(
        Time("2025-11-10"),
        [
            File("intel-tdx/trustee/tcbInfo.json"), File("intel-tdx/trustee/enclaveIdentity.json"),
            File(Automata + "signing.der"), File(Automata + "intel_root_ca_crl.der"),
        ]);

    /// <summary>Gets that of June 2023 for TDX 50806f000000; the TCB signing certificate of that time is in another file.</summary>
    public static IntelCollateralSet June2023 => new(
        Time("2023-06-25"),
        [
            File("intel-tdx/go-tdx-guest/sample_tcbInfo_response"), File("intel-tdx/go-tdx-guest/sample_qeIdentity_response"),
            File("intel-tdx/go-tdx-guest/pckcrl"), File("intel-tdx/go-tdx-guest/rootcrl.der"),
            .. PemIn("open-enclave/host_verify/tdx_endorsement.bin"),
        ]);

    /// <summary>Gets that of March 2025 for TDX 90c06f000000, in one file of the Open Enclave SDK.</summary>
    public static IntelCollateralSet March2025Bundle => new(Time("2025-03-10"), [File("open-enclave/host_verify/tdx_endorsement.bin")]);

    /// <summary>Gets that of July 2025 for TDX b0c06f000000.</summary>
    public static IntelCollateralSet July2025 => Bundle("intel-tdx/phala/tdx_quote_collateral.json", "2025-07-01");

    /// <summary>Gets that of March 2026 for TDX 90c06f000000.</summary>
    public static IntelCollateralSet March2026 => Bundle("intel-tdx/phala/tdx_quote_outdated_collateral.json", "2026-03-01");

    /// <summary>Takes a bundle apart into Intel's answers, without touching the signed bytes.</summary>
    public static IntelCollateralSet Bundle(string path, string date)
    {
        var json = SharedVectors.Json(path);
        string Member(string name) => json.GetProperty(name).GetString()!;
        return new(
            Time(date),
            [
                Text($"{{\"tcbInfo\":{Member("tcb_info")},\"signature\":\"{Member("tcb_info_signature")}\"}}"),
                Text($"{{\"enclaveIdentity\":{Member("qe_identity")},\"signature\":\"{Member("qe_identity_signature")}\"}}"),
                Text(Member("tcb_info_issuer_chain")), Text(Member("pck_crl_issuer_chain")),
                new Bytes(Convert.FromHexString(Member("root_ca_crl"))), new Bytes(Convert.FromHexString(Member("pck_crl"))),
            ]);
    }

    /// <summary>Reads a file of collateral as the verifier wants it: an answer, or the answer inside a recorded exchange.</summary>
    public static Bytes TcbInfo(string path) => path.StartsWith(Teepot, StringComparison.Ordinal)
        ? Answer(path[Teepot.Length..], "tcb_info_json")
        : path.EndsWith("_collateral.json", StringComparison.Ordinal) ? Bundle(path, "2025-01-01").Endorsements[0] : File(path);

    private static Bytes Answer(string file, string member) => Text(SharedVectors.Json(Teepot + file).GetProperty(member).GetString()!);

    private static IEnumerable<Bytes> PemIn(string path) =>
        PemBlock().Matches(Encoding.Latin1.GetString(SharedVectors.Read(path))).Select(match => Text(match.Value));

    private static Bytes File(string path) => new(SharedVectors.Read(path));

    private static Bytes Text(string text) => new(Encoding.UTF8.GetBytes(text));

    private static Timestamp Time(string date) => Timestamp.From(DateTimeOffset.Parse(date + "T12:00:00Z", CultureInfo.InvariantCulture));

    [GeneratedRegex("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----")]
    private static partial Regex PemBlock();
}
