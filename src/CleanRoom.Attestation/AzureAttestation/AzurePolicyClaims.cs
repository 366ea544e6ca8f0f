using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Jose;

namespace CleanRoom.Attestation.AzureAttestation;

/// <summary>The claims about machines with a TPM, and about VBS enclaves on them. They stand in a token because the instance's policy issued them.</summary>
/// <remarks>The service gives them to the policy and itself adds none. So they mean what the policy with that hash says, which a contract has to name.</remarks>
internal static class AzurePolicyClaims
{
    /// <summary>The attestation type of machines, and of enclaves that were attested with one.</summary>
    public const string Tpm = "tpm";

    /// <summary>The attestation type of enclaves.</summary>
    public const string Vbs = "vbs";

    private const string AuthorId = "enclaveAuthorId";
    private const string None = "none";
    private const string NamedPolicy = "one that the contract names";

    private static readonly ImmutableArray<(string Claim, string Member, bool IsNeeded)> s_truths =
    [
        ("aikValidated", "aikValidated", true), ("secureBoot", "secureBootEnabled", true), ("bootDebuggingDisabled", "bootDebuggingDisabled", true),
        ("iommu", "iommuEnabled", false), ("notSafeMode", "notSafeMode", false), ("notWinPe", "notWinPE", false), ("vbs", "vbsEnabled", false),
    ];

    private static readonly ImmutableArray<(string Claim, string Member, int Bytes)> s_ids =
        [("authorId", AuthorId, 32), ("familyId", "enclaveFamilyId", 16), ("imageId", "enclaveImageId", 16), ("ownerId", "enclaveOwnerId", 32)];

    /// <summary>Returns the claims; null when one that is needed is missing or has another form.</summary>
    public static EvidenceClaims? Read(JsonElement payload, bool isEnclave)
    {
        isEnclave |= payload.At(AuthorId) is not null;
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var tcb = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        if (!AddTruths(payload, values) || ReportData(payload) is not { } reportData || (isEnclave && !AddEnclave(payload, values, tcb)))
        {
            return null;
        }

        // A tpm token names no code. Of an enclave it names who signed it and how they call it, and no digest.
        values[EvidenceClaims.Measurement] = isEnclave ? values["authorId"] + values["familyId"] + values["imageId"] : None;
        return new EvidenceClaims
        {
            ReportData = reportData,
            Values = values.ToImmutable(),
            Tcb = tcb.ToImmutable(),
            ChipId = null,
            Debug = values["bootDebuggingDisabled"] != "true" || (isEnclave && values["enclaveFlags"] != "0"),
            Anchor = null,
            Guarded =
            [
                new GuardedClaim("aikValidated", "true", IsJudgedAlone: true), new GuardedClaim("secureBoot", "true"), new GuardedClaim("policyHash", NamedPolicy),
            ],
        };
    }

    private static bool AddTruths(JsonElement payload, ImmutableSortedDictionary<string, string>.Builder values)
    {
        foreach (var (claim, member, isNeeded) in s_truths)
        {
            if (payload.BooleanAt(member) is { } value)
            {
                values[claim] = value ? "true" : "false";
            }
            else if (isNeeded || payload.At(member) is not null)
            {
                return false;
            }
        }

        return true;
    }

    private static bool AddEnclave(
        JsonElement payload, ImmutableSortedDictionary<string, string>.Builder values, ImmutableSortedDictionary<string, int>.Builder tcb)
    {
        foreach (var (claim, member, bytes) in s_ids)
        {
            if (payload.TextAt(member) is not { } text || Base64UrlText.Read(Encoding.UTF8.GetBytes(text)) is not { } id || id.Length != bytes)
            {
                return false;
            }

            values[claim] = Hex.Of(id.Span);
        }

        if (payload.IntegerAt("enclaveSvn") is not (>= 0 and <= int.MaxValue and var svn)
            || payload.IntegerAt("enclavePlatformSvn") is not (>= 0 and <= int.MaxValue and var platform)
            || payload.IntegerAt("enclaveFlags") is not (>= 0 and <= uint.MaxValue and var flags))
        {
            return false;
        }

        (tcb["enclaveSvn"], tcb["platformSvn"]) = ((int)svn, (int)platform);
        values["enclaveFlags"] = flags.ToString(CultureInfo.InvariantCulture);
        return true;
    }

    /// <summary>Returns what the asker had put in, in lower-case hex; empty when it put nothing in, null for another form than base64url.</summary>
    private static string? ReportData(JsonElement payload) => payload.At("rp_data") is null ? string.Empty
        : payload.TextAt("rp_data") is { } text && Base64UrlText.Read(Encoding.UTF8.GetBytes(text)) is { } data ? Hex.Of(data.Span)
        : null;
}
