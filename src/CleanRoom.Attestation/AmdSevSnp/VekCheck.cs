using System.Globalization;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;
using Org.BouncyCastle.Asn1.X509;

namespace CleanRoom.Attestation.AmdSevSnp;

/// <summary>Compares the signing key's certificate with the report: is it the key of this chip, with this firmware?</summary>
internal static class VekCheck
{
    private const string Missing = "none";

    /// <summary>Returns the failures: <c>vek-issuer</c>, <c>vek-product</c>, <c>vek-tcb.COMPONENT</c>, <c>vek-chip-id</c>, <c>vek-csp-id</c>.</summary>
    public static IEnumerable<FailedCheck> Failures(SnpReport report, SnpProduct product, Certificate vek)
    {
        // The kind decides which intermediate may have issued it: the one for VLEKs certifies no chip, and the other no provider.
        var issuer = vek.Issuer.GetValueList(X509Name.CN).FirstOrDefault();
        var wantedIssuer = product.IssuerName(report.SigningKey);
        if (issuer != wantedIssuer)
        {
            yield return FailedCheck.Invalid("vek-issuer", wantedIssuer, Printable.Text(issuer));
        }

        var stated = VekExtensions.Product(vek);
        if (stated?.Split('-')[0] != product.Name)
        {
            yield return FailedCheck.Invalid("vek-product", product.Name, stated ?? Missing);
        }

        foreach (var component in product.Components)
        {
            var (wanted, got) = (VekExtensions.Version(vek, component.Oid), report.ReportedTcb[component]);
            if (wanted != got)
            {
                yield return FailedCheck.Invalid($"vek-tcb.{component.Name}", $"{wanted?.ToString(CultureInfo.InvariantCulture) ?? Missing}, as certified", $"{got} in the report");
            }
        }

        if (report.SigningKey == SnpSigningKey.Vlek)
        {
            if (VekExtensions.Provider(vek) is null)
            {
                yield return FailedCheck.Invalid("vek-csp-id", "the provider that the key was leased to", Missing);
            }
        }
        else if (!IsOfChip(report, product, VekExtensions.ChipId(vek)))
        {
            yield return FailedCheck.Invalid("vek-chip-id", $"{Hex.Of(VekExtensions.ChipId(vek).Span)}, as certified", Hex.Of(report.ChipId.Span));
        }
    }

    private static bool IsOfChip(SnpReport report, SnpProduct product, Bytes certified)
    {
        if (certified.Length != product.ChipIdBytes)
        {
            return false;
        }

        var stated = report.ChipId.Span;
        var isHidden = report.IsChipMasked && !stated.ContainsAnyExcept((byte)0);
        return isHidden || (stated.StartsWith(certified.Span) && !stated[certified.Length..].ContainsAnyExcept((byte)0));
    }
}
