using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attestation.Tests.Tpm;

/// <summary>Quotes of the collection over one SHA-256 selection, put into this product's envelope.</summary>
internal static class TpmVectors
{
    private const string Family = "tpm";

    private static readonly Timestamp s_now = AttestationVectors.Time("2026-11-25T00:00:00.000Z");

    public static IEnumerable<VectorCase> Cases()
    {
        foreach (var scheme in (string[])["rsassa", "ecdsa", "rsapss"])
        {
            yield return SwTpm($"quote_{scheme}_all", $"ak_{scheme}", "accept", []);
            yield return SwTpm($"quote_{scheme}", $"ak_{scheme}", "accept", []) with { Evidence = BothBanks($"quote_{scheme}", $"ak_{scheme}") };
        }

        yield return SwTpm("certify_not_a_quote", "ak_rsassa", "reject: type 0x8017 (CERTIFY), signature by the AK is valid", ["quote-type"]);
        yield return SwTpm("forged_by_unrestricted_key", "unrestricted", "reject: the key is not restricted and not the AK", ["ak-attributes"]) with { Endorsements = [] };
        yield return SwTpm("quote_rsassa_pcr16_reset", "ak_rsassa", "reject: genuine quote, PCR16 was reset, digest differs from pcrs.json", ["pcrs"]) with
        {
            Evidence = BothBanks("quote_rsassa_pcr16_reset", "ak_rsassa"),
        };
        yield return SwTpm("quote_rsassa_all", "ak_rsassa", "magic != 0xFF544347 (signature also fails)", ["quote-magic"]) with
        {
            Name = "tpm/negative-derived/quote_rsassa-magic.attest",
            IsGenuine = false,
            Evidence = Envelope(
                PublicOf("tpm/swtpm/ak_rsassa.pub.tpm2b"), Read("tpm/negative-derived/quote_rsassa-magic.attest"), Read("tpm/swtpm/quote_rsassa_all.tpmtsig"), Json(("sha256", Pcrs("tpm/swtpm/pcrs.json", "sha256")))),
        };
        foreach (var (folder, nonce) in new[] { ("gce-cos-85-no-nonce", string.Empty), ("gce-cos-85-nonce9009", "9009") })
        {
            yield return Gce(folder, "sha256", "accept (SHA-1 bank alone must be refused)", []) with { Claims = GceClaims(nonce) };
            yield return Gce(folder, "sha1", "reject as sole evidence: SHA-1 bank", ["pcr-bank", "pcr-selection"]);
            yield return Gce(folder, "sha384", "accept (SHA-1 bank alone must be refused)", []) with { Claims = GceClaims(nonce) };
        }

        yield return Gce("gce-cos-85-nonce9009", "sha256", "PCR replay still matches; H(event data) != recorded digest", ["event-log-data"]) with
        {
            Name = "tpm/negative-derived/gce-eventlog-secureboot-eventdata-flip.bin",
            IsGenuine = false,
            Evidence = GceEnvelope("tpm/gce/gce-cos-85-nonce9009.d", "sha256", Read("tpm/negative-derived/gce-eventlog-secureboot-eventdata-flip.bin")),
        };
    }

    /// <summary>Reads the values of a bank; 24 of them.</summary>
    public static ImmutableSortedDictionary<int, string> Pcrs(string file, string bank)
    {
        var json = SharedVectors.Json(file);
        var values = json.TryGetProperty(bank, out var inner) ? inner : json;
        return values.EnumerateObject().ToImmutableSortedDictionary(pcr => int.Parse(pcr.Name, CultureInfo.InvariantCulture), pcr => pcr.Value.GetString()!);
    }

    /// <summary>Reads a TPM2B_PUBLIC and leaves its length out.</summary>
    public static byte[] PublicOf(string file) => Read(file)[2..];

    private static byte[] Read(string path) => SharedVectors.Read(path);

    private static VectorCase SwTpm(string quote, string key, string expected, ImmutableArray<string> failed) => new()
    {
        Family = Family,
        Name = $"tpm/swtpm/{quote}.attest",
        IsGenuine = true,
        Verifier = new TpmVerifier([SwTpmRoot()]),
        Evidence = Envelope(
            PublicOf($"tpm/swtpm/{key}.pub.tpm2b"), Read($"tpm/swtpm/{quote}.attest"), Read($"tpm/swtpm/{quote}.tpmtsig"), Json(("sha256", Pcrs("tpm/swtpm/pcrs.json", "sha256")))),
        Endorsements = key == "unrestricted" ? [] : [new Bytes(Read($"tpm/swtpm/{key}_cert.der")), new Bytes(Read("tpm/swtpm/ca_issuercert.pem"))],
        At = s_now,
        Expected = expected,
        FailedChecks = failed,
        Claims = failed.IsEmpty
            ? ImmutableSortedDictionary<string, string>.Empty
                .Add("reportData", System.Text.Encoding.ASCII.GetString(Read("tpm/swtpm/nonce.hex")).Trim())
                .Add("akName", Convert.ToHexStringLower(Read($"tpm/swtpm/{key}.name")))
            : ImmutableSortedDictionary<string, string>.Empty,
    };

    private static VectorCase Gce(string folder, string bank, string expected, ImmutableArray<string> failed) => new()
    {
        Family = Family,
        Name = $"tpm/gce/{folder}.d/quote-{bank}.attest",
        IsGenuine = true,
        Verifier = new TpmVerifier(),
        Evidence = GceEnvelope($"tpm/gce/{folder}.d", bank, Read($"tpm/gce/{folder}.d/eventlog.bin")),
        Endorsements = [new Bytes(Read($"tpm/gce/{folder}.d/ak_cert.der")), new Bytes(Read("roots/google/tpm_ek_intermediate_2.crt"))],
        At = s_now,
        Expected = expected,
        FailedChecks = failed,
    };

    private static ImmutableSortedDictionary<string, string> GceClaims(string nonce) => ImmutableSortedDictionary<string, string>.Empty
        .Add("reportData", nonce)
        .Add("akName", "000bf175bdb57297b2b289973f819863d6c9d09c236725676914f4248c9a2404c2a4")
        .Add("tpmFirmware", "2016051100162800")
        .Add("secureBoot", "true")
        .Add("confidentialTechnology", "amd-sev")
        .Add("tpmManufacturer", "id:474F4F47")
        .Add("gceProjectId", "google.com:wuale-gcp-testing")
        .Add("gceInstanceName", "cos-test");

    /// <summary>The envelope has no place for SHA-1: that bank's quote stands beside the values of SHA-256.</summary>
    private static Bytes GceEnvelope(string folder, string bank, byte[] log)
    {
        var stated = bank == "sha1" ? "sha256" : bank;
        return Envelope(
            Read($"{folder}/ak_pub.tpmt"), Read($"{folder}/quote-{bank}.attest"), Read($"{folder}/quote-{bank}.tpmtsig"), Json((stated, Pcrs($"{folder}/pcrs-{stated}.json", stated))), log);
    }

    /// <summary>Quotes over some PCRs of SHA-256 and two of SHA-384, with exactly the values that they select.</summary>
    private static Bytes BothBanks(string quote, string key)
    {
        var attest = Read($"tpm/swtpm/{quote}.attest");
        TpmQuoteStatement.Parse(attest).TryGet(out var statement, out _).Should().BeTrue();
        var banks = statement!.Selections.Select(bank => (TpmAlgorithms.BankOf(bank.Algorithm)!, bank.Indices))
            .Select(bank => (bank.Item1, Pcrs("tpm/swtpm/pcrs.json", bank.Item1).Where(pcr => bank.Indices.Contains(pcr.Key)).ToImmutableSortedDictionary()));
        return Envelope(PublicOf($"tpm/swtpm/{key}.pub.tpm2b"), attest, Read($"tpm/swtpm/{quote}.tpmtsig"), Json([.. banks]));
    }

    private static JsonObject Json(params (string Bank, ImmutableSortedDictionary<int, string> Values)[] banks) => new([.. banks.Select(bank => new JsonMember(
        bank.Bank, new JsonObject([.. bank.Values.Select(pcr => new JsonMember(pcr.Key.ToString(CultureInfo.InvariantCulture), pcr.Value))])))]);

    private static TrustAnchor SwTpmRoot() => TrustAnchor.Trusted(
        "swtpm-localca", Pem.Read(Read("tpm/swtpm/ca_rootcert.pem"), Pem.CertificateLabel).Single().Span);

    private static Bytes Envelope(byte[] key, byte[] quote, byte[] signature, JsonObject pcrs, byte[]? log = null)
    {
        var members = ImmutableArray.Create(
            new JsonMember("akPublic", new Bytes(key)),
            new JsonMember("pcrs", pcrs),
            new JsonMember("quote", new Bytes(quote)),
            new JsonMember("signature", new Bytes(signature)),
            new JsonMember("type", "cleanroom/v1/tpm-evidence"));
        return new Bytes(Jcs.Write(new JsonObject(log is null ? members : members.Add(new JsonMember("eventLog", new Bytes(log))))));
    }
}
