using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Jose;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attestation.ConfidentialSpace;

/// <summary>Reads the claims of a token. Spec: Google Cloud, Confidential Space, "Attestation token claims".</summary>
internal static class ConfidentialSpaceClaims
{
    /// <summary>The audience that this product's attester asks for. A token for another one was made for another purpose.</summary>
    public const string Audience = "cleanroom/v1/attest";

    /// <summary>The <c>dbgstat</c> of an image into which the operator cannot look.</summary>
    private const string DebugDisabled = "disabled-since-boot";

    private const string DigestPrefix = "sha256:";
    private const int NodeReportDataBytes = 64;
    private const int MaxNonces = 6;
    private const int MaxJsonBytes = 64 * 1024;

    private static readonly ImmutableArray<GuardedClaim> s_guarded =
    [
        new("aud", Audience),
        new("swName", "CONFIDENTIAL_SPACE"),
        new("stable", "true"),
        new("secureBoot", "true"),
        new("cmdOverride", "[]"),
        new("envOverride", "{}"),
        new("nonceCount", "1"),
    ];

    /// <summary>Returns the claims; null when one that is needed is missing or has another form.</summary>
    /// <remarks>A virtual machine without a container has no <c>measurement</c>: the verifier refuses it, after it has listed the rest.</remarks>
    public static EvidenceClaims? Read(JsonElement payload)
    {
        if (payload.TextsAt("eat_nonce") is not { Length: > 0 and <= MaxNonces } nonces
            || payload.TextAt("aud") is not { } audience
            || payload.TextAt("dbgstat") is not { } debug
            || payload.TextAt("swname") is not { } software
            || payload.TextAt("hwmodel") is not { } hardware
            || payload.BooleanAt("secboot") is not { } secureBoot
            || payload.TextsAt("swversion") is not { } versions
            || payload.TextsAt("submods", "confidential_space", "support_attributes") is not { } support)
        {
            return null;
        }

        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        values["aud"] = audience;
        values["nonce"] = nonces[0];
        values["nonceCount"] = nonces.Length.ToString(CultureInfo.InvariantCulture);
        values["swName"] = software;
        values["hwModel"] = hardware;
        values["secureBoot"] = secureBoot ? "true" : "false";
        values["stable"] = support.Contains("STABLE") ? "true" : "false";
        values["cmdOverride"] = Json(payload, "cmd_override") ?? "[]";
        values["envOverride"] = Json(payload, "env_override") ?? "{}";
        Add(values, EvidenceClaims.Measurement, ImageDigest(payload));
        Add(values, "args", Json(payload, "args"));
        Add(values, "env", Json(payload, "env"));
        Add(values, "restartPolicy", payload.TextAt("submods", "container", "restart_policy"));
        Add(values, "projectId", payload.TextAt("submods", "gce", "project_id"));
        Add(values, "projectNumber", payload.TextAt("submods", "gce", "project_number"));
        Add(values, "zone", payload.TextAt("submods", "gce", "zone"));
        Add(values, "instanceId", payload.TextAt("submods", "gce", "instance_id"));
        Add(values, "subject", payload.TextAt("sub"));
        Add(values, "tcbStatus", payload.At("tdx") is null ? null : payload.TextAt("tdx", "gcp_attester_tcb_status") ?? "none");
        return new EvidenceClaims
        {
            ReportData = ReportData(nonces[0]),
            Values = values.ToImmutable(),
            Tcb = Version(versions),
            ChipId = null,
            Debug = !string.Equals(debug, DebugDisabled, StringComparison.Ordinal),
            Anchor = null,
            Guarded = values.ContainsKey("tcbStatus") ? s_guarded.Add(new("tcbStatus", "UpToDate", IsJudgedAlone: true)) : s_guarded,
        };
    }

    /// <summary>A node's nonce is base64 of its 64 bytes; of any other the text itself is what the guest chose.</summary>
    private static string ReportData(string nonce)
    {
        var bytes = new byte[NodeReportDataBytes];
        return nonce.Length == 88 && Convert.TryFromBase64String(nonce, bytes, out var length) && length == NodeReportDataBytes
            && Convert.ToBase64String(bytes) == nonce
            ? Hex.Of(bytes)
            : Hex.Of(Encoding.UTF8.GetBytes(nonce));
    }

    private static string? ImageDigest(JsonElement payload) =>
        payload.TextAt("submods", "container", "image_digest") is { } text && text.StartsWith(DigestPrefix, StringComparison.Ordinal)
        && Digest.TryParse(text[DigestPrefix.Length..], out var digest)
            ? digest.ToString()
            : null;

    private static ImmutableSortedDictionary<string, int> Version(ImmutableArray<string> versions) =>
        versions is [var only] && int.TryParse(only, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? ImmutableSortedDictionary<string, int>.Empty.Add("swVersion", number)
            : ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>Returns a member of the container in the one byte form; null when it is absent. One without such a form equals nothing.</summary>
    private static string? Json(JsonElement payload, string name) =>
        payload.At("submods", "container", name) is not { } member ? null
        : Jcs.Canonicalize(Encoding.UTF8.GetBytes(member.GetRawText()), MaxJsonBytes).TryGet(out var bytes, out _) ? Encoding.UTF8.GetString(bytes)
        : "no canonical form";

    private static void Add(ImmutableSortedDictionary<string, string>.Builder values, string name, string? value)
    {
        if (value is not null)
        {
            values[name] = value;
        }
    }
}
