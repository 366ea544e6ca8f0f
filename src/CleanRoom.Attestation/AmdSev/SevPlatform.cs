using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;

namespace CleanRoom.Attestation.AmdSev;

/// <summary>The four certificates of a platform.</summary>
internal sealed record SevPlatform(SevCertificate Pdh, SevCertificate Pek, SevCertificate Oca, SevCertificate Cek)
{
    /// <summary>Bytes of the four, one after the other.</summary>
    public const int Length = 4 * SevCertificate.Length;

    private static readonly ImmutableArray<SevKeyUsage> s_order = [SevKeyUsage.Pdh, SevKeyUsage.Pek, SevKeyUsage.Oca, SevKeyUsage.Cek];

    /// <summary>Reads PDH, PEK, OCA, CEK. Trust: attacker-controlled.</summary>
    /// <returns>The platform, or the failures <c>evidence-format</c> and <c>NAME-form</c>.</returns>
    public static CheckResult<SevPlatform> Parse(ReadOnlySpan<byte> evidence)
    {
        if (evidence.Length != Length)
        {
            return FailedCheck.Invalid("evidence-format", $"four certificates, {Length} bytes", $"{evidence.Length}");
        }

        var failures = ImmutableArray.CreateBuilder<FailedCheck>();
        var certificates = ImmutableArray.CreateBuilder<SevCertificate>();
        for (var i = 0; i < s_order.Length; i++)
        {
            var usage = s_order[i];
            if (SevCertificate.Parse(evidence.Slice(i * SevCertificate.Length, SevCertificate.Length)) is not { } certificate)
            {
                failures.Add(FailedCheck.Invalid(Name(usage), "a certificate of version 1 with a key on p-256 or p-384", "another form"));
            }
            else if (certificate.Usage != usage || (usage == SevKeyUsage.Pdh ? !certificate.Algorithm.IsEcdh() : !certificate.Algorithm.IsEcdsa()))
            {
                failures.Add(FailedCheck.Invalid(Name(usage), $"usage {(uint)usage:x} of a key of that use", $"usage {(uint)certificate.Usage:x}, algorithm {(uint)certificate.Algorithm:x}"));
            }
            else
            {
                certificates.Add(certificate);
            }
        }

        return failures.Count > 0 ? failures.ToImmutable() : new SevPlatform(certificates[0], certificates[1], certificates[2], certificates[3]);
    }

    /// <summary>Returns the claims. There is no guest in them: no measurement, and nothing that a guest chose.</summary>
    public EvidenceClaims ToClaims() => new()
    {
        ReportData = string.Empty,
        Values = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal,
        [
            KeyValuePair.Create(EvidenceClaims.Measurement, "none"),
            KeyValuePair.Create("platformKey", $"{Pdh.Key.SpkiDigest()}"),
            KeyValuePair.Create("ownerKey", $"{Oca.Key.SpkiDigest()}"),
            KeyValuePair.Create("api", Pdh.Api),
        ]),
        Tcb = ImmutableSortedDictionary<string, int>.Empty,
        ChipId = $"{Cek.Key.SpkiDigest()}",
        Debug = false,
        Anchor = null,
    };

    private static string Name(SevKeyUsage usage) => usage switch
    {
        SevKeyUsage.Pdh => "pdh-form",
        SevKeyUsage.Pek => "pek-form",
        SevKeyUsage.Oca => "oca-form",
        _ => "cek-form",
    };
}
