using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CleanRoom.Attestation.AndroidKeyMint;
using CleanRoom.Attestation.Tests.Support;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tests.AndroidKeyMint;

/// <summary>Genuine chains of devices, all of them unlocked, and one that was changed.</summary>
internal static class AndroidKeyMintVectors
{
    private const string Family = "trustzone-android-keymint";
    private const string Tee = "EC_SecurityLevel_TEE";
    private const string Unlocked = "signatures hold, root pinned; deviceLocked false, verifiedBootState 2";
    private static readonly Timestamp s_at = Timestamp.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>Gets the vectors; skips the test where they are absent.</summary>
    public static IEnumerable<VectorCase> Cases =>
    [
        Case(Tee, Unlocked, []),
        Case("RSA_SecurityLevel_TEE", Unlocked, []),
        Case("EC_SecurityLevel_StrongBox", "signatures hold, another root; deviceLocked false, verifiedBootState 2", ["chain"]),
        Case(Tee, "reject: challenge changed", ["chain"]) with
        {
            Name = $"{Family}/{Tee}#challenge",
            IsGenuine = false,
            Evidence = Changed(),
            Claims = ImmutableSortedDictionary<string, string>.Empty,
        },
    ];

    private static VectorCase Case(string chain, string expected, ImmutableArray<string> failed)
    {
        var entry = SharedVectors.Json($"{Family}/expected.json").EnumerateArray().Single(one => one.GetProperty("chain").GetString() == chain);
        return new VectorCase
        {
            Family = Family,
            Name = $"{Family}/{chain}",
            IsGenuine = true,
            Verifier = new AndroidKeyMintVerifier(),
            Evidence = new Bytes(Chain(chain)),
            At = s_at,
            Expected = expected,
            FailedChecks = [.. failed, "verifiedBootState", "deviceLocked"],
            Claims = Claims(entry),
        };
    }

    private static ImmutableSortedDictionary<string, string> Claims(JsonElement entry) => new Dictionary<string, string>
    {
        ["attestationVersion"] = entry.GetProperty("attestationVersion").ToString(),
        ["keyMintVersion"] = entry.GetProperty("keymasterVersion").ToString(),
        ["attestationLevel"] = Level(entry, "attestationSecurityLevel"),
        ["keyLevel"] = Level(entry, "keymasterSecurityLevel"),
        ["reportData"] = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(entry.GetProperty("attestationChallenge").GetString()!)),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static string Level(JsonElement entry, string member) => entry.GetProperty(member).GetInt32() switch { 1 => "tee", 2 => "strongbox", _ => "software" };

    private static byte[] Chain(string chain) => [.. Enumerable.Range(0, 4).SelectMany(i => SharedVectors.Read($"{Family}/{chain}/cert{i}.der"))];

    private static Bytes Changed()
    {
        var bytes = Chain(Tee);
        bytes[bytes.AsSpan().IndexOf("\u0004\u0003abc"u8) + 2] ^= 1;
        return new Bytes(bytes);
    }
}
