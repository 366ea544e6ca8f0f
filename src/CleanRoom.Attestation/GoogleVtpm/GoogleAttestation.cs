using System.Collections.Immutable;
using System.Text;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Formats;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Attestation.Tpm.EventLog;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.GoogleVtpm;

/// <summary>The message of go-tpm-tools whose form is right. Trust: attacker-controlled. Source: google/go-tpm-tools, attest.Attestation.</summary>
/// <param name="Key">The key that quotes.</param>
/// <param name="Quotes">At least one, of banks that differ.</param>
/// <param name="Log">The firmware's log; null when none came.</param>
/// <param name="Canonical">The launcher's log; null when none came.</param>
/// <param name="Instance">What the message says that it is about; null when it says nothing.</param>
/// <param name="Certificates">The key's certificate and its issuers, as far as they came inside.</param>
/// <param name="Hardware">The hardware's evidence inside; null when there is none.</param>
internal sealed record GoogleAttestation(
    TpmPublicKey Key,
    ImmutableArray<GoogleQuote> Quotes,
    TcgEventLog? Log,
    CanonicalLog? Canonical,
    GceInstance? Instance,
    ImmutableArray<Bytes> Certificates,
    GoogleHardware? Hardware)
{
    /// <summary>Most bytes: 1 MiB.</summary>
    private const int MaxBytes = EvidenceAppraiser.MaxBytes;

    private const int MaxQuotes = 8;
    private const int MaxTextBytes = 256;

    /// <summary>Reads it.</summary>
    /// <returns>The message, or all failures: <c>evidence-format</c>, <c>event-log-format</c> and those of a quote's form.</returns>
    public static CheckResult<GoogleAttestation> Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            return Format($"at most {MaxBytes} bytes", $"{bytes.Length}");
        }

        var message = ProtoMessage.Parse(bytes);
        var key = TpmPublicKey.Parse(message.Content(1).Span);
        var (quotes, log, instance) = (message.All(2), message.Content(3), message.Content(4));
        var (canonical, certificate, issuers) = (message.Content(5), message.Content(6), message.All(7));
        var (snp, tdx) = (message.Content(8), message.Content(9));
        if (!message.IsDone || key is null || quotes.Length is 0 or > MaxQuotes || (snp.Length > 0 && tdx.Length > 0))
        {
            return Format($"tpmt_public, 1 to {MaxQuotes} quotes, at most one tee's evidence, and no field that is not known", "another form");
        }

        var failures = ImmutableArray.CreateBuilder<FailedCheck>();
        var parsed = quotes.Select(one => Take(GoogleQuote.Parse(one), failures)).OfType<GoogleQuote>().ToImmutableArray();
        var events = log.Length == 0 ? null : TcgEventLogReader.Parse(log.Span);
        var machine = instance.Length == 0 ? null : ReadInstance(instance);
        var hardware = snp.Length > 0 ? SnpMessage.Read(snp) : tdx.Length > 0 ? TdxMessage.Read(tdx) : null;
        var launch = canonical.Length == 0 ? null : CanonicalLog.Parse(canonical.Span);
        if ((log.Length > 0 && events is null) || (canonical.Length > 0 && launch is null))
        {
            failures.Add(FailedCheck.Invalid("event-log-format", "a log of tcg2 events, and a canonical one of a launcher", "another form"));
        }

        if ((instance.Length > 0 && machine is null) || (snp.Length + tdx.Length > 0 && hardware is null))
        {
            failures.Add(Format("an instance, and a sev-snp report or a tdx quote of version 4, each with every field in its length", "another form"));
        }

        ImmutableArray<Bytes> certificates = [.. certificate.Length > 0 ? [certificate] : Array.Empty<Bytes>(), .. issuers];
        return failures.Count > 0 ? failures.ToImmutable() : new GoogleAttestation(key, parsed, events, launch, machine, certificates, hardware);
    }

    private static T? Take<T>(CheckResult<T> result, ImmutableArray<FailedCheck>.Builder failures)
        where T : class
    {
        var value = result.TryGet(out var taken, out var broken) ? taken : null;
        failures.AddRange(broken);
        return value;
    }

    private static GceInstance? ReadInstance(Bytes content)
    {
        var message = ProtoMessage.Parse(content.Span);
        var instance = new GceInstance(Text(message, 1), Text(message, 2), message.Number(3), Text(message, 4), message.Number(5));
        return message.IsDone ? instance : null;
    }

    /// <summary>Text is only compared with what a certificate says: bytes that are no UTF-8 equal nothing.</summary>
    private static string Text(ProtoMessage message, int field) =>
        message.Content(field) is { Length: <= MaxTextBytes } text ? Encoding.UTF8.GetString(text.Span) : "\uFFFD";

    private static FailedCheck Format(string wanted, string got) => FailedCheck.Invalid("evidence-format", wanted, got);
}
