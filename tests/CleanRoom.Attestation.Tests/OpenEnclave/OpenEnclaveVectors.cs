using System.Collections.Immutable;
using CleanRoom.Attestation.OpenEnclave;
using CleanRoom.Attestation.Tests.Intel;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.OpenEnclave;

/// <summary>Genuine Open Enclave reports. The TDX quotes of that collection are with those of TDX.</summary>
internal static class OpenEnclaveVectors
{
    private const string Family = "open-enclave";

    /// <summary>Gets the vectors.</summary>
    public static IEnumerable<VectorCase> Cases =>
    [
        Report("azure-dcsv2-oe/enclave.info.debug.json", "#QuoteHex[16:]", ["debug", "tcbStatus"], "OutOfDate"),
        Report("azure-dcsv2-oe/enclave.info.prodid.json", "#QuoteHex[16:]", ["tcbStatus"], "OutOfDate"),
        Report("azure-dcsv2-oe/enclave.info.securityversion.json", "#QuoteHex[16:]", ["tcbStatus"], "OutOfDate"),

        // Its intermediate is not Intel's; the collateral is for another platform.
        Report("host_verify/sgx_report_bad.bin", "[16:]", ["chain", "debug", "tcb-info-platform"], null),
        WithBundle(),
    ];

    /// <summary>
    /// The evidence and the bundle lie behind a comment; the evidence is without its header, which is put back. Lists, identity and signer come out of the bundle;
    /// its TCB info is of version 2, which Intel has given up and which is not read here.
    /// </summary>
    private static VectorCase WithBundle()
    {
        const int Comment = 81;
        const string File = "attestation_plugin/evidence";
        var entry = IntelExpected.Entry(Family, File + "[81:]");
        var quote = SharedVectors.Read($"{Family}/{File}").AsSpan(Comment);
        return new VectorCase
        {
            Family = Family,
            Name = $"{Family}/{File}",
            IsGenuine = true,
            Verifier = new OpenEnclaveVerifier(),
            Evidence = new Bytes(OpenEnclaveVerifierTests.Evidence(OpenEnclaveVerifierTests.SgxEcdsa, quote.ToArray())),
            Endorsements = [new Bytes(SharedVectors.Read($"{Family}/attestation_plugin/endorsements").AsSpan(Comment))],
            At = AttestationVectors.Time("2022-05-01T12:00:00.000Z"),
            Expected = entry.GetProperty("verdict").GetString()!,
            FailedChecks = ["debug", "tcb-info"],
            Claims = IntelExpected.Claims(entry),
        };
    }

    private static VectorCase Report(string file, string part, ImmutableArray<string> failed, string? status)
    {
        var entry = IntelExpected.Entry(Family, file + part);
        var claims = IntelExpected.Claims(entry);
        var bytes = file.EndsWith(".json", StringComparison.Ordinal)
            ? Convert.FromHexString(SharedVectors.Json($"{Family}/{file}").GetProperty("QuoteHex").GetString()!)
            : SharedVectors.Read($"{Family}/{file}");
        return new VectorCase
        {
            Family = Family,
            Name = $"{Family}/{file}{part.Replace("[16:]", string.Empty, StringComparison.Ordinal)}",
            IsGenuine = status is not null,
            Verifier = new OpenEnclaveVerifier(),
            Evidence = new Bytes(bytes),
            Endorsements = IntelCollateralSet.June2025.Endorsements,
            At = IntelCollateralSet.June2025.At,
            Expected = entry.GetProperty("verdict").GetString()!,
            FailedChecks = failed,
            Claims = status is null ? claims : claims.SetItem("tcbStatus", status),
        };
    }
}
