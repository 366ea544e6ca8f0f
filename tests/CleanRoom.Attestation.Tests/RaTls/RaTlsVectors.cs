using System.Collections.Immutable;
using CleanRoom.Attestation.RaTls;
using CleanRoom.Attestation.Tests.Intel;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.RaTls;

/// <summary>Genuine RA-TLS certificates, all of debuggable enclaves. No PCK revocation list of the time is at hand, so <c>crl</c> is a failure of each.</summary>
internal static class RaTlsVectors
{
    private const string Family = "ra-tls";

    /// <summary>Gets the vectors.</summary>
    public static IEnumerable<VectorCase> Cases =>
    [
        Certificate("gramine-cert.pem", ["crl", "debug"]),

        // The collateral at hand is for another platform.
        Certificate("intel-sgxsdk-cert.pem", ["crl", "debug", "tcb-info-platform"]),
        Certificate("rats-tls-cert.pem", ["certificate-validity", "crl", "debug"]),
        OpenEnclave("sgx_cert_ec_bad.der", "pck-certificate"),
        OpenEnclave("sgx_cert_rsa_bad.der", "tcb-info-platform"),
        Certificate("gramine-cert.pem", ["crl", "debug", "key-binding"]) with
        {
            Name = $"{Family}/negative-derived/gramine-evidence-stolen.pem",
            IsGenuine = false,
            Evidence = new Bytes(SharedVectors.Read($"{Family}/negative-derived/gramine-evidence-stolen.pem")),
            Expected = "reject",
        },
    ];

    /// <summary>
    /// The Open Enclave SDK's bad certificates of attested TLS: bytes were changed after they were signed, in the first one those of its PCK, which is no certificate
    /// any more. The key is bound in both. The collateral at hand is for another platform.
    /// </summary>
    private static VectorCase OpenEnclave(string file, string check) => new()
    {
        Family = Family,
        Name = $"open-enclave/host_verify/{file}",
        IsGenuine = false,
        Verifier = new RaTlsVerifier(),
        Evidence = new Bytes(SharedVectors.Read($"open-enclave/host_verify/{file}")),
        Endorsements = IntelCollateralSet.June2025.Endorsements,
        At = IntelCollateralSet.June2025.At,
        Expected = "reject-crypto",
        FailedChecks = ["certificate-signature", "debug", check],
    };

    private static VectorCase Certificate(string file, ImmutableArray<string> failed)
    {
        var entry = IntelExpected.Entry(Family, $"{Family}/{file}#2.23.133.5.4.9");
        return new VectorCase
        {
            Family = Family,
            Name = $"{Family}/{file}",
            IsGenuine = true,
            Verifier = new RaTlsVerifier(),
            Evidence = new Bytes(SharedVectors.Read($"{Family}/{file}")),
            Endorsements = IntelCollateralSet.September2025.Endorsements,
            At = IntelCollateralSet.September2025.At,
            Expected = entry.GetProperty("verdict").GetString()!,
            FailedChecks = failed,
            Claims = IntelExpected.Claims(entry),
        };
    }
}
