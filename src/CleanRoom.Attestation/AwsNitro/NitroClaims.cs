using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AwsNitro;

/// <summary>Says a document in the words of contracts. Spec: contracts/spec/attestation/aws-nitro.md.</summary>
internal static class NitroClaims
{
    private const int FirstImagePcr = 0;
    private const int LastImagePcr = 2;

    /// <summary>Returns the claims, so far without anchor.</summary>
    public static EvidenceClaims Of(NitroDocument document) => new()
    {
        ReportData = Hex.Of((document.UserData ?? default).Span),
        Values = Values(document),
        Tcb = ImmutableSortedDictionary<string, int>.Empty,
        ChipId = null,
        Debug = IsDebug(document),
        Anchor = null,
    };

    /// <summary>An enclave in debug mode has zeros for its image, kernel and application; one of the three is enough, since no image hashes to zero.</summary>
    private static bool IsDebug(NitroDocument document) => document.Pcrs.Any(pcr =>
        pcr.Key is >= FirstImagePcr and <= LastImagePcr && !pcr.Value.Span.ContainsAnyExcept((byte)0));

    private static ImmutableSortedDictionary<string, string> Values(NitroDocument document)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (index, value) in document.Pcrs)
        {
            var name = index == FirstImagePcr ? EvidenceClaims.Measurement : "pcr" + index.ToString(CultureInfo.InvariantCulture);
            values[name] = Hex.Of(value.Span);
        }

        values["moduleId"] = Printable.Text(document.ModuleId);
        Add(values, "nonce", document.Nonce);
        Add(values, "publicKey", document.PublicKey);
        return values.ToImmutable();
    }

    private static void Add(ImmutableSortedDictionary<string, string>.Builder values, string name, Bytes? bytes)
    {
        if (bytes is { } given)
        {
            values[name] = Hex.Of(given.Span);
        }
    }
}
