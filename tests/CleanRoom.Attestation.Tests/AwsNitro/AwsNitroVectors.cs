using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CleanRoom.Attestation.AwsNitro;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.AwsNitro;

/// <summary>Genuine attestation documents, and those made from them.</summary>
internal static class AwsNitroVectors
{
    private const string Folder = "aws-nitro/";
    private static readonly AwsNitroVerifier s_verifier = new();

    public static IEnumerable<VectorCase> Cases()
    {
        var expected = SharedVectors.Json(Folder + "expected.json");
        foreach (var one in expected.EnumerateArray())
        {
            var verdict = one.GetProperty("verdict").GetString()!;
            yield return Case(one, one.GetProperty("file").GetString()!, verdict, verdict.StartsWith("accept", StringComparison.Ordinal) ? [] : ["debug"]) with
            {
                IsGenuine = true,
                Claims = Claims(one.GetProperty("fields")),
            };
        }

        var origin = expected.EnumerateArray().Single(one => one.GetProperty("file").GetString() == "anjuna/sample_prod_doc.bin");
        yield return Case(origin, "negative-derived/doc-pcr0-flip.bin", "reject: cose signature", ["signature"]);
        yield return Case(origin, "negative-derived/doc-sig-flip.bin", "reject: cose signature", ["signature"]);
        yield return Case(origin, "negative-derived/doc-tagged18.bin", "accept: positive twin", []);
        yield return Case(origin, "negative-derived/doc-trailing-byte.bin", "reject: trailing byte", ["evidence-format"]);
        yield return Case(origin, "negative-derived/doc-fake-root.bin", "reject: root is not the pinned one", ["leaf", "chain"]);
    }

    private static VectorCase Case(JsonElement origin, string file, string verdict, ImmutableArray<string> failed) => new()
    {
        Family = "aws-nitro",
        Name = Folder + file,
        IsGenuine = false,
        Verifier = s_verifier,
        Evidence = new Bytes(SharedVectors.Read(Folder + file)),
        At = Timestamp.From(DateTimeOffset.Parse(origin.GetProperty("verify_at").GetString()!, CultureInfo.InvariantCulture)),
        Expected = verdict,
        FailedChecks = failed,
    };

    private static ImmutableSortedDictionary<string, string> Claims(JsonElement fields)
    {
        var claims = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var pcr in fields.GetProperty("pcrs").EnumerateObject())
        {
            claims[pcr.Name == "0" ? "measurement" : "pcr" + pcr.Name] = pcr.Value.GetString()!;
        }

        claims["moduleId"] = fields.GetProperty("module_id").GetString()!;
        claims["reportData"] = fields.GetProperty("user_data").GetString() ?? string.Empty;
        foreach (var (name, field) in new[] { ("nonce", "nonce"), ("publicKey", "public_key") })
        {
            if (fields.GetProperty(field).GetString() is { } value)
            {
                claims[name] = value;
            }
        }

        return claims.ToImmutable();
    }
}
