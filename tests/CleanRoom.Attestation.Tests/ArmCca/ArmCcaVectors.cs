using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CleanRoom.Attestation.ArmCca;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.ArmCca;

/// <summary>Genuine CCA tokens, and those made from them.</summary>
internal static class ArmCcaVectors
{
    private const string Folder = "arm-cca/";
    private static readonly ArmCcaVerifier s_verifier = new();
    private static readonly Timestamp s_at = Timestamp.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));

    public static IEnumerable<VectorCase> Cases()
    {
        var expected = SharedVectors.Json(Folder + "expected.json");
        foreach (var one in expected.EnumerateArray())
        {
            yield return Case(one.GetProperty("file").GetString()!, one.GetProperty("platform_key").GetString()!, one.GetProperty("verdict").GetString()!, []) with
            {
                IsGenuine = true,
                Claims = Claims(one.GetProperty("platform"), one.GetProperty("realm")),
            };
        }

        yield return Case("negative-derived/cca-platform-A-realm-B.cbor", "tf-rmm/cca_platform.pub", "reject: platform nonce is not the hash of the realm key", ["realm-binding"]);
        yield return Case("negative-derived/cca-realm-flip.cbor", "tf-rmm/cca_platform.pub", "reject: realm signature", ["realm-signature"]);
    }

    private static VectorCase Case(string file, string key, string verdict, ImmutableArray<string> failed) => new()
    {
        Family = "arm-cca",
        Name = Folder + file,
        IsGenuine = false,
        Verifier = s_verifier,
        Evidence = new Bytes(SharedVectors.Read(Folder + file)),
        Endorsements = [new Bytes(SharedVectors.Read(Folder + key))],
        At = s_at,
        Expected = verdict,
        FailedChecks = failed,
    };

    private static ImmutableSortedDictionary<string, string> Claims(JsonElement platform, JsonElement realm)
    {
        var claims = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        claims["reportData"] = realm.GetProperty("10").GetString()!;
        claims["measurement"] = realm.GetProperty("44238").GetString()!;
        claims["personalizationValue"] = realm.GetProperty("44235").GetString()!;
        foreach (var (one, i) in realm.GetProperty("44239").EnumerateArray().Select((one, i) => (one, i)))
        {
            claims["rem" + i.ToString(CultureInfo.InvariantCulture)] = one.GetString()!;
        }

        claims["chipId"] = platform.GetProperty("256").GetString()!;
        claims["implementationId"] = platform.GetProperty("2396").GetString()!;
        claims["platformConfig"] = platform.GetProperty("2401").GetString()!;
        claims["lifecycle"] = platform.GetProperty("2395").GetInt32() == 12291 ? "secured" : "another";
        foreach (var component in platform.GetProperty("2399").EnumerateArray())
        {
            var name = component.GetProperty("1").GetString()!.Replace("_", string.Empty, StringComparison.Ordinal);
            claims["component" + name] = component.GetProperty("2").GetString()!;
            claims["signer" + name] = component.GetProperty("5").GetString()!;
        }

        return claims.ToImmutable();
    }
}
