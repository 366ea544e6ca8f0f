using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Certificates;

/// <summary>Asks the revocation lists about every step of a chain.</summary>
internal static class RevocationCheck
{
    /// <summary>Returns the moment at which the first certificate of a chain, or the first list that was asked about it, lapses.</summary>
    public static Timestamp? ValidUntil(CertificateChain chain, IReadOnlyList<RevocationList> lists) => Earliest.Of(
    [
        chain.ValidUntil,
        .. lists.Where(list => Enumerable.Range(0, chain.Path.Length).Any(step => list.Issuer.Equivalent(chain.IssuerOf(step).Subject)))
            .Select(list => list.NextUpdate is { } next ? Earliest.At(next) : (Timestamp?)null),
    ]);

    /// <summary>Returns the failures: <c>crl</c> (missing), <c>crl-signature</c>, <c>crl-validity</c>, <c>revoked</c>.</summary>
    /// <param name="isRequired">Says for which steps (0 is the leaf) a missing list is a failure.</param>
    public static IEnumerable<FailedCheck> Failures(
        CertificateChain chain, IReadOnlyList<RevocationList> lists, Timestamp at, Func<int, bool> isRequired)
    {
        for (var i = 0; i < chain.Path.Length; i++)
        {
            foreach (var failure in StepFailures(chain.Path[i], chain.IssuerOf(i), lists, at, isRequired(i)))
            {
                yield return failure;
            }
        }
    }

    /// <summary>Returns the failures of one step.</summary>
    public static IEnumerable<FailedCheck> StepFailures(
        Certificate certificate, Certificate issuer, IReadOnlyList<RevocationList> lists, Timestamp at, bool isRequired)
    {
        var found = lists.Where(list => list.Issuer.Equivalent(issuer.Subject)).ToList();
        if (found.Count == 0 && isRequired)
        {
            yield return new FailedCheck(RefusalCode.EndorsementMissing, "crl", $"a revocation list of {Printable.Text(issuer.Subject.ToString())}", "none");
        }

        foreach (var list in found)
        {
            foreach (var failure in list.Failures(issuer, at))
            {
                yield return failure;
            }

            if (list.Revokes(certificate))
            {
                yield return new FailedCheck(RefusalCode.Revoked, "revoked", "a certificate that its issuer has not revoked", certificate.ToString());
            }
        }
    }
}
