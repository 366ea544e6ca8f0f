using CleanRoom.Attestation.AmdSev;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.AmdSev;

/// <summary>Genuine platforms of Naples and Rome, and pieces of them that do not belong together.</summary>
internal static class AmdSevVectors
{
    private const string Family = "amd-sev-legacy";
    private static readonly string[] s_order = ["pdh", "pek", "oca", "cek"];

    /// <summary>Gets all cases; skips the test where the vectors are absent.</summary>
    public static IEnumerable<VectorCase> Cases =>
    [
        Case("naples", Platform("naples"), Ark("naples")) with { IsGenuine = true },
        Case("rome", Platform("rome"), Ark("rome")) with { IsGenuine = true },
        Case("naples", Platform("naples"), Published()) with { Name = $"{Family}/naples#ark.cert.bad+sig", IsGenuine = true },
        Case("naples", Platform("naples"), SharedVectors.Read($"{Family}/naples/ark.cert.bad")) with
        {
            Name = $"{Family}/naples#ark.cert.bad",
            Expected = "reject-crypto",
            FailedChecks = ["ark"],
        },
        Case("rome", [.. SharedVectors.Read($"{Family}/naples/pdh.cert"), .. Platform("rome")[SevCertificate.Length..]], Ark("rome")) with
        {
            Name = $"{Family}/rome#pdh-of-naples",
            Expected = "reject-crypto",
            FailedChecks = ["pdh-signature"],
        },
        Case("rome", [.. Platform("rome")[..^SevCertificate.Length], .. SharedVectors.Read($"{Family}/naples/cek.cert")], Ark("rome")) with
        {
            Name = $"{Family}/rome#cek-of-naples",
            Expected = "reject-crypto",
            FailedChecks = ["pek-chip-signature", "cek-signature"],
        },
    ];

    private static VectorCase Case(string product, byte[] platform, byte[] ark) => new()
    {
        Family = Family,
        Name = $"{Family}/{product}",
        IsGenuine = false,
        Verifier = new AmdSevVerifier(),
        Evidence = new Bytes(platform),
        Endorsements = [new Bytes(SharedVectors.Read($"roots/amd/sev-legacy/{product}/ask.cert")), new Bytes(ark)],
        At = Timestamp.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero)),
        Expected = "accept",
    };

    private static byte[] Platform(string product) => [.. s_order.SelectMany(name => SharedVectors.Read($"{Family}/{product}/{name}.cert"))];

    private static byte[] Ark(string product) => SharedVectors.Read($"roots/amd/sev-legacy/{product}/ark.cert");

    /// <summary>The root as AMD first published it, without its signature, and the signature from elsewhere.</summary>
    private static byte[] Published() => [.. SharedVectors.Read($"{Family}/naples/ark.cert.bad"), .. SharedVectors.Read($"{Family}/naples/ark.cert.sig")];
}
