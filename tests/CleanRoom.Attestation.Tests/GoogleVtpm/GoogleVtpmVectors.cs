using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CleanRoom.Attestation.GoogleVtpm;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Attestation.Tests.Tpm;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.GoogleVtpm;

/// <summary>Genuine messages of go-tpm-tools from a confidential VM of Google's (COS, AMD SEV), and what was derived from them.</summary>
internal static class GoogleVtpmVectors
{
    private const string Family = "gcp-vtpm";

    private static readonly ImmutableArray<string> s_folders = ["gce-cos-85-no-nonce", "gce-cos-85-nonce9009"];

    /// <summary>Gets all cases; skips the test where the vectors are absent.</summary>
    public static IEnumerable<VectorCase> Cases =>
    [
        .. s_folders.Select(Genuine),
        Derived("trailing", bytes => [.. bytes, 0], "evidence-format"),
        Derived("short", bytes => bytes[..^1], "evidence-format"),
        Derived("pcr4", bytes => Flip(bytes, TpmVectors.Pcrs("tpm/gce/gce-cos-85-nonce9009.d/pcrs-sha384.json", "sha384")[4]), "pcrs", "event-log-replay"),
    ];

    /// <summary>Gets the entries about a quote of the collection.</summary>
    public static JsonElement Entry(string folder, string bank) => SharedVectors.Json("tpm/expected.json").EnumerateArray()
        .Single(entry => entry.GetProperty("file").GetString() == $"gce/{folder}.d/quote-{bank}.attest");

    private static VectorCase Genuine(string folder) => new()
    {
        Family = Family,
        Name = $"tpm/gce/{folder}.pb",
        IsGenuine = true,
        Verifier = new GoogleVtpmVerifier(),
        Evidence = new Bytes(SharedVectors.Read($"tpm/gce/{folder}.pb")),
        Endorsements = [new Bytes(SharedVectors.Read("roots/google/tpm_ek_intermediate_2.crt"))],
        At = AttestationVectors.Time("2026-11-25T00:00:00.000Z"),
        Expected = Entry(folder, "sha384").GetProperty("verdict").GetString()!,
        Claims = Claims(folder),
    };

    private static VectorCase Derived(string what, Func<byte[], byte[]> change, params string[] checks)
    {
        var genuine = Genuine("gce-cos-85-nonce9009");
        return genuine with
        {
            Name = $"{genuine.Name}#{what}",
            IsGenuine = false,
            Evidence = new Bytes(change(genuine.Evidence.ToArray())),
            Expected = "reject",
            FailedChecks = [.. checks],
            Claims = ImmutableSortedDictionary<string, string>.Empty,
        };
    }

    private static byte[] Flip(byte[] message, string value)
    {
        message[message.AsSpan().IndexOf(Convert.FromHexString(value))] ^= 1;
        return message;
    }

    private static ImmutableSortedDictionary<string, string> Claims(string folder)
    {
        var claims = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var bank in new[] { "sha256", "sha384" })
        {
            foreach (var (index, value) in TpmVectors.Pcrs($"tpm/gce/{folder}.d/pcrs-{bank}.json", bank))
            {
                claims[string.Create(CultureInfo.InvariantCulture, $"{bank}Pcr{index}")] = value;
            }
        }

        var entry = Entry(folder, "sha384");
        claims["reportData"] = entry.GetProperty("nonce").GetString()!;
        claims["akName"] = entry.GetProperty("ak").GetProperty("name").GetString()!;
        claims["tpmFirmware"] = entry.GetProperty("attest").GetProperty("fw").GetString()![2..];
        claims["secureBoot"] = "true";
        claims["confidentialTechnology"] = "amd-sev";
        claims["gceProjectId"] = "google.com:wuale-gcp-testing";
        claims["gceInstanceName"] = "cos-test";
        claims["gceZone"] = "us-central1-a";
        claims["hardware"] = "none";
        return claims.ToImmutable();
    }
}
