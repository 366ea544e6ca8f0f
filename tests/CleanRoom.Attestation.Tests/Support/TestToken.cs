using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using CleanRoom.Protocol;
using CleanRoom.TestKit.Certificates;

namespace CleanRoom.Attestation.Tests.Support;

/// <summary>Makes tokens the way an issuer does.</summary>
internal static class TestToken
{
    public static Bytes Sign(JsonObject header, JsonObject payload, TestKey key) => Sign(header.ToJsonString(), payload.ToJsonString(), key);

    public static Bytes Sign(string header, string payload, TestKey key)
    {
        var signed = $"{Text(Encoding.UTF8.GetBytes(header))}.{Text(Encoding.UTF8.GetBytes(payload))}";
        return new Bytes(Encoding.ASCII.GetBytes($"{signed}.{Text(key.Sign(Encoding.ASCII.GetBytes(signed)))}"));
    }

    public static JsonArray X5c(params byte[][] certificates) => new([.. certificates.Select(der => (JsonNode?)Convert.ToBase64String(der))]);

    public static Bytes KeySet(string keyId, TestKey key)
    {
        var (modulus, exponent) = key.RsaNumbers();
        var entry = new JsonObject { ["kty"] = "RSA", ["kid"] = keyId, ["n"] = Text(modulus), ["e"] = Text(exponent) };
        return new Bytes(Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = new JsonArray(entry) }.ToJsonString()));
    }

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
