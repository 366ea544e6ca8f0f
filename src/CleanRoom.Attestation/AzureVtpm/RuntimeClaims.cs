using System.Collections.Immutable;
using System.Text.Json;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Jose;
using CleanRoom.Attestation.Signatures;

namespace CleanRoom.Attestation.AzureVtpm;

/// <summary>What the paravisor says about its virtual TPM and machine. Its word counts only where a hardware report commits to it.</summary>
/// <param name="Key">The key with which the virtual TPM quotes.</param>
/// <param name="Values">The claims <c>vmUniqueId</c>, <c>vmSecureBoot</c> and so on, as far as they are made.</param>
internal sealed record RuntimeClaims(VerificationKey Key, ImmutableSortedDictionary<string, string> Values)
{
    private const string AttestationKey = "HCLAkPub";
    private const string Machine = "vm-configuration";
    private const int UserDataHexChars = 128;

    private static readonly ImmutableArray<(string Claim, string Member)> s_truths =
    [
        ("vmConsoleEnabled", "console-enabled"), ("vmSecureBoot", "secure-boot"), ("vmTpmEnabled", "tpm-enabled"), ("vmTpmPersisted", "tpm-persisted"),
    ];

    private static readonly ImmutableArray<(string Claim, string Member)> s_texts = [("vmRootCertificate", "root-cert-thumbprint"), ("vmUniqueId", "vmUniqueId")];

    /// <summary>Reads them; null for text that is no object, without exactly one readable key of that name, or with a claim of another kind.</summary>
    public static RuntimeClaims? Parse(ReadOnlySpan<byte> json)
    {
        if (TokenJson.Object(json) is not { } claims || JsonWebKeySet.Parse(json)?.Find(AttestationKey) is not { } key)
        {
            return null;
        }

        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var isReadable = s_truths.All(one => Add(values, one.Claim, claims.At(Machine, one.Member), Truth))
            & s_texts.All(one => Add(values, one.Claim, claims.At(Machine, one.Member), Text))
            & Add(values, "vmUserData", claims.At("user-data"), UserData);
        return isReadable ? new RuntimeClaims(key.Key, values.ToImmutable()) : null;
    }

    /// <summary>Adds a claim that is made; false for one of another kind. One that is not made stays away, so that a contract that wants it refuses.</summary>
    private static bool Add(ImmutableSortedDictionary<string, string>.Builder values, string claim, JsonElement? member, Func<JsonElement, string?> read)
    {
        if (member is not { ValueKind: not JsonValueKind.Null } stated)
        {
            return true;
        }

        if (read(stated) is not { } value)
        {
            return false;
        }

        values[claim] = value;
        return true;
    }

    private static string? Truth(JsonElement member) => member.BooleanAt() is { } truth ? (truth ? "true" : "false") : null;

    private static string? Text(JsonElement member) => member.TextAt() is { Length: > 0 } text ? Printable.Text(text) : null;

    private static string? UserData(JsonElement member) =>
        member.TextAt() is { Length: UserDataHexChars } hex && hex.All(char.IsAsciiHexDigit) ? hex.ToLowerInvariant() : null;
}
