using System.Text.Json;
using CleanRoom.Attestation.Tests.Cose;

namespace CleanRoom.Attestation.Tests.ArmPsa;

/// <summary>Turns the collection's claim sets in JSON, whose names and base64 are not the token's, into the token's CBOR.</summary>
internal static class PsaClaimsJson
{
    private static readonly Dictionary<string, (long First, long Second, bool IsBytes)> s_claims = new(StringComparer.Ordinal)
    {
        ["psa-client-id"] = (-75_001, 2_394, false),
        ["psa-security-lifecycle"] = (-75_002, 2_395, false),
        ["psa-implementation-id"] = (-75_003, 2_396, true),
        ["psa-boot-seed"] = (-75_004, 2_397, true),
        ["psa-software-components"] = (-75_006, 2_399, false),
        ["psa-nonce"] = (-75_008, 10, true),
        ["psa-instance-id"] = (-75_009, 256, true),
        ["psa-verification-service-indicator"] = (-75_010, 2_400, false),
    };

    private static readonly Dictionary<string, (long First, long Second, bool IsBytes)> s_component = new(StringComparer.Ordinal)
    {
        ["measurement-type"] = (1, 1, false),
        ["measurement-value"] = (2, 2, true),
        ["version"] = (4, 4, false),
        ["signer-id"] = (5, 5, true),
        ["measurement-description"] = (6, 6, false),
    };

    /// <summary>Takes the claims that the version has; a set may hold those of both.</summary>
    public static byte[] ToCbor(JsonElement claims, bool isFirst)
    {
        var names = new Dictionary<string, (long, long, bool)>(s_claims, StringComparer.Ordinal)
        {
            [isFirst ? "psa-profile" : "eat-profile"] = (-75_000, 265, false),
            [isFirst ? "psa-hwver" : "psa-certification-reference"] = (-75_005, 2_398, false),
        };
        if (isFirst)
        {
            names["psa-no-software-measurements"] = (-75_007, 0, false);
        }

        return CoseBuilder.Map(Entries(claims, names, isFirst));
    }

    /// <summary>Returns the members that have a number; components are named the same in all tokens.</summary>
    public static (object Key, object? Value)[] Entries(JsonElement json, Dictionary<string, (long First, long Second, bool IsBytes)> names, bool isFirst) =>
        [.. json.EnumerateObject().Where(member => names.ContainsKey(member.Name)).Select(member =>
        {
            var (first, second, isBytes) = names[member.Name];
            return ((object)(isFirst ? first : second), Value(member.Value, isBytes, isFirst));
        })];

    private static object? Value(JsonElement value, bool isBytes, bool isFirst) => value.ValueKind switch
    {
        JsonValueKind.String => isBytes && value.TryGetBytesFromBase64(out var bytes) ? bytes : value.GetString(),
        JsonValueKind.Number => value.GetInt64(),
        JsonValueKind.Array => value.EnumerateArray()
            .Select(one => one.ValueKind == JsonValueKind.Object ? Entries(one, s_component, isFirst) : Value(one, isBytes, isFirst)).ToArray(),
        _ => null,
    };
}
