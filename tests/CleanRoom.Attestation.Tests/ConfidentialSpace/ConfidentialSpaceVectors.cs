using System.Collections.Immutable;
using System.Text;
using CleanRoom.Attestation.ConfidentialSpace;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.ConfidentialSpace;

/// <summary>The genuine tokens and those derived from them.</summary>
internal static class ConfidentialSpaceVectors
{
    private const string Folder = "gcp-confidential-space/";

    public static IEnumerable<VectorCase> All()
    {
        const string Accept = "accept at 2025-09-05T08:17:30Z..09:17:30Z";
        yield return Case("oak/sample.jwt", true, 1757060250, Accept, []) with
        {
            Claims = new Dictionary<string, string>
            {
                ["measurement"] = "e2e5e3672f416ac9ca71aa639abf86db0b713729a48c125a925af6c808b20b5d",
                ["reportData"] = Convert.ToHexStringLower("75a91c8dbe289f190d5e70ab1cb70c93cc14d7243f0ef3ff5326a622ead220a6"u8),
                ["aud"] = "z08381475938604996746",
                ["swName"] = "CONFIDENTIAL_SPACE",
                ["hwModel"] = "GCP_INTEL_TDX",
                ["secureBoot"] = "true",
                ["stable"] = "true",
                ["tcbStatus"] = "UpToDate",
                ["swVersion"] = "250800",
                ["args"] = """["/usr/local/bin/ctf_sha2"]""",
                ["restartPolicy"] = "Never",
                ["projectId"] = "oak-examples-477357",
                ["instanceId"] = "3087957179640521392",
                ["zone"] = "us-west1-b",
            }.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
        yield return Case("oak/sample.jwt", false, 1757063850 + 61, "reject after exp", ["token-validity"]);
        yield return Case("google-docs/cvm-token-claims-example.jwt", true, 1715968097, "reject: key not available", ["signing-key", "measurement", "debug"]);
        yield return Case("negative-derived/pki-token-image-digest-changed.jwt", false, 1757060250, "reject", ["signature"]);
        yield return Case("negative-derived/pki-token-fake-root.jwt", false, 1757060250, "reject", ["chain"]);
    }

    private static VectorCase Case(string file, bool genuine, long at, string expected, ImmutableArray<string> failed) => new()
    {
        Family = "gcp-confidential-space",
        Name = Folder + file,
        IsGenuine = genuine,
        Verifier = new ConfidentialSpaceVerifier(),
        Evidence = new Bytes(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(SharedVectors.Read(Folder + file)).Trim())),
        At = Timestamp.From(DateTimeOffset.FromUnixTimeSeconds(at)),
        Expected = expected,
        FailedChecks = failed,
    };
}
