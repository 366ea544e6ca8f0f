using System.Collections.Immutable;
using System.Text.Json;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Attestation.WindowsVbs;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.WindowsVbs;

/// <summary>One genuine enclave of SQL Server. The certificate of the service that vouched for its host was never published, so <c>chain</c> is a failure of each.</summary>
internal static class WindowsVbsVectors
{
    private const string Family = "vbs-vsm";
    private const string Envelope = "sql-hgs-attestation-info.bin";
    private static readonly Timestamp s_at = Timestamp.From(new DateTimeOffset(2019, 10, 30, 20, 0, 0, TimeSpan.Zero));

    private static readonly ImmutableSortedDictionary<string, string> s_names = new Dictionary<string, string>
    {
        ["enclave_data"] = "reportData", ["owner_id"] = "ownerId", ["unique_id"] = "measurement", ["author_id"] = "authorId", ["family_id"] = "familyId",
        ["image_id"] = "imageId", ["enclave_svn"] = "enclaveSvn", ["secure_kernel_svn"] = "secureKernelSvn", ["platform_svn"] = "platformSvn",
        ["signing_level"] = "signingLevel",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Gets the vectors; skips the test where they are absent.</summary>
    public static IEnumerable<VectorCase> Cases =>
    [
        Case(Envelope, "accept with the service's certificate, which is not in the sample", ["chain"]),
        Case("vbs-enclave-report-package.bin", "accept with the service's certificate, which is not in the sample", ["chain"]) with
        {
            Endorsements = [new Bytes(SharedVectors.Read($"{Family}/health-report-cert.der"))],
        },
        Derived("attestation-info-swapped-enclave-key.bin", ["chain", "enclave-key-binding"]),
        Derived("attestation-info-debug-flag.bin", ["chain", "debug", "signature"]),
    ];

    private static VectorCase Derived(string file, ImmutableArray<string> failed) =>
        Case($"negative-derived/{file}", "reject", failed) with { IsGenuine = false, Claims = ImmutableSortedDictionary<string, string>.Empty };

    private static VectorCase Case(string file, string expected, ImmutableArray<string> failed) => new()
    {
        Family = Family,
        Name = $"{Family}/{file}",
        IsGenuine = true,
        Verifier = new WindowsVbsVerifier(),
        Evidence = new Bytes(SharedVectors.Read($"{Family}/{file}")),
        At = s_at,
        Expected = expected,
        FailedChecks = failed,
        Claims = Claims(SharedVectors.Json($"{Family}/expected.json")[0].GetProperty("fields")),
    };

    private static ImmutableSortedDictionary<string, string> Claims(JsonElement fields) => fields.EnumerateObject()
        .Where(field => s_names.ContainsKey(field.Name))
        .ToImmutableSortedDictionary(field => s_names[field.Name], field => field.Value.ToString(), StringComparer.Ordinal);
}
