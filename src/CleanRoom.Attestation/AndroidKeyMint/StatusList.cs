using System.Collections.Immutable;
using System.Text.Json;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Jose;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AndroidKeyMint;

/// <summary>Google's list of attestation keys that it took back or suspended. It is not signed: it can only make a verdict worse.</summary>
/// <remarks>Spec: Android, "Certificate revocation status list": {"entries": {SERIAL: {"status": ...}}}, serials in hex.</remarks>
internal sealed class StatusList
{
    private readonly ImmutableHashSet<string> _serials;

    private StatusList(ImmutableHashSet<string> serials) => _serials = serials;

    /// <summary>Reads the list; null when it is none. Trust: attacker-controlled; the caller capped the length.</summary>
    public static StatusList? Parse(ReadOnlySpan<byte> json) => TokenJson.Object(json)?.At("entries") is { ValueKind: JsonValueKind.Object } entries
        ? new StatusList([.. entries.EnumerateObject().Select(entry => Trim(entry.Name.ToLowerInvariant()))])
        : null;

    /// <summary>Returns a failure <c>revoked</c> for each certificate that is listed, whatever the status is.</summary>
    public IEnumerable<FailedCheck> Failures(IEnumerable<Certificate> chain) =>
        chain.Where(certificate => _serials.Contains(Trim(Hex.Of(certificate.Serial.Span)))).Select(certificate => new FailedCheck(
            RefusalCode.Revoked, "revoked", "a certificate that google has not taken back", certificate.ToString()));

    private static string Trim(string serial) => serial.TrimStart('0');
}
