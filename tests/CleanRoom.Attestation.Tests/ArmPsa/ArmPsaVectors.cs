using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CleanRoom.Attestation.ArmPsa;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.ArmPsa;

/// <summary>Genuine PSA tokens, and those made from them.</summary>
internal static class ArmPsaVectors
{
    private const string Folder = "arm-psa/";
    private static readonly ArmPsaVerifier s_verifier = new();
    private static readonly Timestamp s_at = Timestamp.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));

    public static IEnumerable<VectorCase> Cases()
    {
        foreach (var one in SharedVectors.Json(Folder + "expected.json").EnumerateArray())
        {
            var verdict = one.GetProperty("verdict").GetString()!;
            var isAccepted = verdict.StartsWith("accept", StringComparison.Ordinal);
            yield return Case(one.GetProperty("file").GetString()!, verdict, isAccepted ? [] : ["evidence-format"]) with
            {
                IsGenuine = true,
                Claims = isAccepted ? Claims(one.GetProperty("claims")) : ImmutableSortedDictionary<string, string>.Empty,
            };
        }

        yield return Case("negative-derived/psa-2_0_0-instanceid-flip.bin", "reject: cose signature", ["signature"]);
    }

    private static VectorCase Case(string file, string verdict, ImmutableArray<string> failed) => new()
    {
        Family = "arm-psa",
        Name = Folder + file,
        IsGenuine = false,
        Verifier = s_verifier,
        Evidence = new Bytes(SharedVectors.Read(Folder + file)),
        Endorsements = [new Bytes(SharedVectors.Read(Folder + "tf-m/public.pem"))],
        At = s_at,
        Expected = verdict,
        FailedChecks = failed,
    };

    private static ImmutableSortedDictionary<string, string> Claims(JsonElement claims)
    {
        var isFirst = claims.TryGetProperty("-75000", out _);
        string Text(int first, int second) => claims.GetProperty((isFirst ? first : second).ToString(CultureInfo.InvariantCulture)).ToString();
        var expected = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        expected["reportData"] = Text(-75_008, 10);
        expected["chipId"] = Text(-75_009, 256);
        expected["implementationId"] = Text(-75_003, 2_396);
        expected["clientId"] = int.Parse(Text(-75_001, 2_394), CultureInfo.InvariantCulture).ToString("x8", CultureInfo.InvariantCulture);
        expected["bootSeed"] = Text(-75_004, 2_397);
        expected["certification"] = Text(-75_005, 2_398);
        expected["profile"] = Text(-75_000, 265);
        expected["lifecycle"] = Text(-75_002, 2_395) == "12288" ? "secured" : "another";
        foreach (var component in claims.GetProperty(isFirst ? "-75006" : "2399").EnumerateArray())
        {
            var name = component.GetProperty("1").GetString()!.Replace("_", string.Empty, StringComparison.Ordinal);
            expected["component" + name] = component.GetProperty("2").GetString()!;
            expected["signer" + name] = component.GetProperty("5").GetString()!;
        }

        return expected.ToImmutable();
    }
}
