using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CleanRoom.Attestation.IntelSgx;
using CleanRoom.Attestation.Tests.Intel;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.IntelSgx;

/// <summary>Genuine SGX quotes and what was derived from them. Where a PCK revocation list of the time is not at hand, <c>crl</c> is the failure.</summary>
internal static class IntelSgxVectors
{
    private const string Family = "intel-sgx";
    private static readonly IntelSgxVerifier s_verifier = new();

    /// <summary>Intel's demonstration data: random reports, and no chain in the quote.</summary>
    private static readonly ImmutableArray<string> s_demo = ["pck-certificate", "tcb-info", "qe-identity", "qe-debug", "sgx-attributes"];

    /// <summary>Gets the vectors.</summary>
    public static IEnumerable<VectorCase> Cases =>
    [
        Genuine("azure-dcsv2-intel-sdk/enclave.info.debug.json#QuoteHex", IntelCollateralSet.June2025, "OutOfDate", ["tcbStatus", "debug"]),
        Genuine("azure-dcsv2-intel-sdk/enclave.info.release.json#QuoteHex", IntelCollateralSet.June2025, "OutOfDate", ["tcbStatus"]),
        Genuine("azure-dcsv2-intel-sdk/enclave.info.prodid.json#QuoteHex", IntelCollateralSet.June2025, "OutOfDate", ["tcbStatus"]),
        Genuine("azure-dcsv2-intel-sdk/enclave.info.securityversion.json#QuoteHex", IntelCollateralSet.June2025, "OutOfDate", ["tcbStatus"]),
        Genuine("openenclave-qve/sgx_quote", IntelCollateralSet.June2025, "OutOfDate", ["tcbStatus", "debug"]),
        Genuine("automata/quotev3.hex", IntelCollateralSet.September2025, null, ["crl"]),
        Genuine("trustee/occlum_quote.dat", IntelCollateralSet.September2025, null, ["crl", "debug"]),
        Genuine("intel-qvl-sample/quote.dat", IntelCollateralSet.None, null, s_demo),
        Negative("quote-debug-cleared.dat", ["signature"], IntelCollateralSet.June2025),
        Negative("quote-cert-type1-no-chain.dat", s_demo, IntelCollateralSet.None),
    ];

    private static VectorCase Genuine(string file, IntelCollateralSet collateral, string? status, ImmutableArray<string> failed)
    {
        var entry = IntelExpected.Entry(Family, file);
        var claims = IntelExpected.Claims(entry);
        return new VectorCase
        {
            Family = Family,
            Name = $"{Family}/{file}",
            IsGenuine = true,
            Verifier = s_verifier,
            Evidence = Read(file),
            Endorsements = collateral.Endorsements,
            At = collateral.At,
            Expected = entry.GetProperty("verdict").GetString()!,
            FailedChecks = failed,
            Claims = status is null ? claims : claims.SetItem("tcbStatus", status),
        };
    }

    private static VectorCase Negative(string file, ImmutableArray<string> failed, IntelCollateralSet collateral) => new()
    {
        Family = Family,
        Name = $"{Family}/negative-derived/{file}",
        IsGenuine = false,
        Verifier = s_verifier,
        Evidence = new Bytes(SharedVectors.Read($"{Family}/negative-derived/{file}")),
        Endorsements = collateral.Endorsements,
        At = collateral.At,
        Expected = "reject",
        FailedChecks = failed,
    };

    private static Bytes Read(string file)
    {
        var bytes = SharedVectors.Read($"{Family}/{file.Split('#')[0]}");
        if (file.EndsWith(".hex", StringComparison.Ordinal))
        {
            return new Bytes(Convert.FromHexString(Encoding.ASCII.GetString(bytes).Trim().Replace("0x", string.Empty, StringComparison.Ordinal)));
        }

        return file.EndsWith("#QuoteHex", StringComparison.Ordinal)
            ? new Bytes(Convert.FromHexString(JsonDocument.Parse(bytes).RootElement.GetProperty("QuoteHex").GetString()!))
            : new Bytes(bytes);
    }
}
