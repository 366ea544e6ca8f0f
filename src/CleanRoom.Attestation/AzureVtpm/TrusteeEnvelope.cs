using System.Collections.Immutable;
using System.Text;
using CleanRoom.Attestation.Jose;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Attestation.AzureVtpm;

/// <summary>The envelopes of Confidential Containers' trustee: without version bytes are arrays of numbers, in versions 1 and 2 they are hex and base64url.</summary>
/// <remarks>Source: confidential-containers/trustee, verifiers az-snp-vtpm and az-tdx-vtpm. Quotes are RSASSA with SHA-256 over all PCRs of the SHA-256 bank.</remarks>
internal static class TrusteeEnvelope
{
    private const int PcrBytes = 32;

    private static readonly ImmutableArray<ImmutableArray<string>> s_forms =
    [
        ["quote", "report", "vcek"], ["hcl_report", "td_quote", "tpm_quote"],
        ["hcl_report", "tpm_quote", "vcek", "version"], ["hcl_report", "td_quote", "tpm_quote", "version"],
    ];

    /// <summary>Reads one; null for other members, or a value of another form.</summary>
    public static AzureEnvelope? Read(JsonObject o)
    {
        var names = o.Members.Select(member => member.Name).Order(StringComparer.Ordinal).ToList();
        var isVersioned = o.Find("version") is JsonInteger { Value: 1 or 2 };
        if (!s_forms.Any(form => form.SequenceEqual(names)) || (o.Find("version") is not null && !isVersioned)
            || (o.Find("tpm_quote") ?? o.Find("quote")) is not JsonObject quote
            || quote.Members.Length != 3 || quote.Find("pcrs") is not JsonArray pcrs || pcrs.Items.Length != PcrBankSelection.MaxPcrs)
        {
            return null;
        }

        Func<JsonValue?, Bytes?> numbersOrHex = isVersioned ? FromHex : FromNumbers;
        Func<JsonValue?, Bytes?> numbersOrBase64 = isVersioned ? FromBase64Url : FromNumbers;
        Func<JsonValue?, Bytes?> certificate = isVersioned ? FromBase64Url : FromText;
        var (vcek, tdQuote) = (certificate(o.Find("vcek")), numbersOrBase64(o.Find("td_quote")));
        return numbersOrBase64(o.Find("hcl_report") ?? o.Find("report")) is { } report && numbersOrHex(quote.Find("message")) is { } message
            && numbersOrHex(quote.Find("signature")) is { } signature && (vcek is null) != (tdQuote is null)
            && Values([.. pcrs.Items.Select(numbersOrHex)]) is { } values
            ? new AzureEnvelope(report, message, Signature(signature), values, tdQuote, vcek is { } one ? [one] : [])
            : null;
    }

    private static TpmSignature Signature(Bytes rsa) => new(TpmAlgorithms.RsaSsa, TpmAlgorithms.Sha256, rsa, default);

    private static PcrSet? Values(ImmutableArray<Bytes?> pcrs) => pcrs.All(pcr => pcr?.Length == PcrBytes)
        ? new PcrSet(pcrs.Select((pcr, index) => ((TpmAlgorithms.Sha256, index), pcr!.Value)).ToImmutableSortedDictionary(pcr => pcr.Item1, pcr => pcr.Value))
        : null;

    private static Bytes? FromNumbers(JsonValue? value) =>
        value is JsonArray array && array.Items.All(item => item is JsonInteger { Value: >= byte.MinValue and <= byte.MaxValue })
            ? new Bytes([.. array.Items.Select(item => (byte)((JsonInteger)item).Value)])
            : null;

    private static Bytes? FromHex(JsonValue? value) =>
        value is JsonString { Value: var text } && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigitLower) ? new Bytes(Convert.FromHexString(text)) : null;

    /// <summary>With the padding that trustee writes, or with none.</summary>
    private static Bytes? FromBase64Url(JsonValue? value)
    {
        if (value is not JsonString { Value: var text })
        {
            return null;
        }

        var letters = text.TrimEnd('=');
        var padding = text.Length - letters.Length;
        return padding == 0 || (padding <= 2 && text.Length % 4 == 0) ? Base64UrlText.Read(Encoding.UTF8.GetBytes(letters)) : null;
    }

    private static Bytes? FromText(JsonValue? value) => value is JsonString { Value: var text } ? new Bytes(Encoding.UTF8.GetBytes(text)) : null;
}
