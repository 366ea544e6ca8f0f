using System.Collections.Immutable;
using CleanRoom.Attestation.Asylo;
using CleanRoom.Attestation.Tests.Intel;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.Asylo;

/// <summary>The genuine certificate, and its makers' twin with a key of their own. There is no collateral for its platform, so <c>tcb-info-platform</c> is a failure.</summary>
internal static class AsyloVectors
{
    private const string Family = "asylo";
    private const string Genuine = "real_age_attestation_key_certificate.pb";
    private const string Chain = "accept: chain AK cert -> PCK -> PCK Processor CA -> Intel SGX Root CA";

    private static readonly ImmutableSortedDictionary<string, string> s_names = new Dictionary<string, string>
    {
        ["cpusvn"] = "cpuSvn", ["miscselect"] = "miscSelect", ["attributes"] = "attributes", ["mrenclave"] = "measurement", ["mrsigner"] = "mrSigner",
        ["isvprodid"] = "isvProdId", ["isvsvn"] = "isvSvn", ["report_data"] = "reportData", ["ppid"] = "ppid", ["pcesvn"] = "pceSvn", ["pceid"] = "pceId", ["fmspc"] = "fmspc",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Gets the vectors; skips the test where they are absent.</summary>
    public static IEnumerable<VectorCase> Cases =>
    [
        Case(Genuine, Chain, ["tcb-info-platform"]) with { Claims = Claims() },
        Case("fake_age_attestation_key_certificate.pb", "test issuer", ["pck-certificate"]) with { Endorsements = IntelCollateralSet.June2025.Endorsements, IsGenuine = false },
        Case(Genuine, "reject: payload changed", ["payload-binding", "key-purpose", "tcb-info-platform"]) with
        {
            Name = $"{Family}/{Genuine}#purpose",
            IsGenuine = false,
            Evidence = Changed(),
        },
    ];

    private static VectorCase Case(string file, string expected, ImmutableArray<string> failed) => new()
    {
        Family = Family,
        Name = $"{Family}/{file}",
        IsGenuine = true,
        Verifier = new AsyloVerifier(),
        Evidence = new Bytes(SharedVectors.Read($"{Family}/{file}")),
        Endorsements =
        [
            new Bytes(SharedVectors.Read($"{Family}/real_pck.pem")), new Bytes(SharedVectors.Read("roots/intel/Intel_SGX_PCK_Processor_CA.pem")),
            .. IntelCollateralSet.June2025.Endorsements,
        ],
        At = IntelCollateralSet.June2025.At,
        Expected = expected,
        FailedChecks = failed,
    };

    private static ImmutableSortedDictionary<string, string> Claims()
    {
        var entry = SharedVectors.Json($"{Family}/expected.json")[0];
        return new[] { "report", "pck" }
            .SelectMany(part => entry.GetProperty(part).EnumerateObject())
            .Where(field => s_names.ContainsKey(field.Name) && (field.Name != "cpusvn" || field.Value.GetString()!.StartsWith("050e", StringComparison.Ordinal)))
            .ToImmutableSortedDictionary(field => s_names[field.Name], field => field.Value.ToString(), StringComparer.Ordinal);
    }

    private static Bytes Changed()
    {
        var bytes = SharedVectors.Read($"{Family}/{Genuine}");
        bytes[bytes.AsSpan().LastIndexOf("Attestation Key"u8)] ^= 1;
        return new Bytes(bytes);
    }
}
