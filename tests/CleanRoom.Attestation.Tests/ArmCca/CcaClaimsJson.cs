using System.Collections.Immutable;
using System.Text.Json;
using CleanRoom.Attestation.Tests.ArmPsa;

namespace CleanRoom.Attestation.Tests.ArmCca;

/// <summary>Turns the collection's claim sets in JSON, whose names and base64 are not the token's, into the claims of a token.</summary>
internal static class CcaClaimsJson
{
    private static readonly Dictionary<string, (long First, long Second, bool IsBytes)> s_platform = new(StringComparer.Ordinal)
    {
        ["cca-platform-profile"] = (265, 265, false),
        ["cca-platform-challenge"] = (10, 10, true),
        ["cca-platform-implementation-id"] = (2_396, 2_396, true),
        ["cca-platform-instance-id"] = (256, 256, true),
        ["cca-platform-config"] = (2_401, 2_401, true),
        ["cca-platform-lifecycle"] = (2_395, 2_395, false),
        ["cca-platform-sw-components"] = (2_399, 2_399, false),
        ["cca-platform-service-indicator"] = (2_400, 2_400, false),
        ["cca-platform-hash-algo-id"] = (2_402, 2_402, false),
    };

    private static readonly Dictionary<string, (long First, long Second, bool IsBytes)> s_realm = new(StringComparer.Ordinal)
    {
        ["cca-realm-challenge"] = (10, 10, true),
        ["cca-realm-personalization-value"] = (44_235, 44_235, true),
        ["cca-realm-initial-measurement"] = (44_238, 44_238, true),
        ["cca-realm-extensible-measurements"] = (44_239, 44_239, true),
        ["cca-realm-hash-algo-id"] = (44_236, 44_236, false),
        ["cca-realm-public-key"] = (44_237, 44_237, true),
        ["cca-realm-public-key-hash-algo-id"] = (44_240, 44_240, false),
    };

    public static ImmutableArray<(object Key, object? Value)> Platform(JsonElement json) => [.. PsaClaimsJson.Entries(json, s_platform, isFirst: false)];

    public static ImmutableArray<(object Key, object? Value)> Realm(JsonElement json) => [.. PsaClaimsJson.Entries(json, s_realm, isFirst: false)];
}
