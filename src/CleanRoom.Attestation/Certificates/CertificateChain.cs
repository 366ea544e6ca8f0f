using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using Org.BouncyCastle.Asn1.X509;

namespace CleanRoom.Attestation.Certificates;

/// <summary>A path from a certificate to a pinned root, every step of which was checked. Spec: RFC 5280 s.6.1.</summary>
internal sealed class CertificateChain
{
    /// <summary>The check of a certificate's dates.</summary>
    public const string Validity = "chain-validity";

    /// <summary>The check that a certificate may issue the one below it.</summary>
    public const string MayIssue = "chain-constraints";

    /// <summary>The check that every critical extension is understood.</summary>
    public const string CriticalExtension = "chain-critical-extension";

    private static readonly ImmutableHashSet<string> s_checkedCritical =
        [X509Extensions.BasicConstraints.Id, X509Extensions.KeyUsage.Id, X509Extensions.ExtendedKeyUsage.Id];

    private CertificateChain(ImmutableArray<Certificate> path, TrustAnchor anchor) => (Path, Anchor) = (path, anchor);

    /// <summary>Gets the certificates from the leaf to the one below the anchor.</summary>
    public ImmutableArray<Certificate> Path { get; }

    /// <summary>Gets the pinned root.</summary>
    public TrustAnchor Anchor { get; }

    /// <summary>Gets the moment at which the first certificate below the anchor lapses.</summary>
    public Timestamp ValidUntil => Earliest.At(Path.Min(certificate => certificate.NotAfter));

    /// <summary>Gets the certificate that issued the given step of <see cref="Path"/>.</summary>
    public Certificate IssuerOf(int step) => step + 1 < Path.Length ? Path[step + 1] : Anchor.Certificate;

    /// <summary>Finds and checks a path. A presented root is never an anchor: only its pinned copy is.</summary>
    /// <param name="pool">Intermediates, in any order. Trust: attacker-controlled.</param>
    /// <returns>The chain, or all failures: <c>chain</c> (no path), <c>chain-validity</c>, <c>chain-constraints</c>, <c>chain-critical-extension</c>.</returns>
    public static CheckResult<CertificateChain> Build(
        Certificate leaf, IReadOnlyList<Certificate> pool, IReadOnlyList<TrustAnchor> anchors, Timestamp at, ChainRules rules)
    {
        var (path, anchor, missing) = Walk(leaf, pool, anchors, rules);
        if (anchor is null)
        {
            return missing!; // A path without an anchor says what it lacks.
        }

        var chain = new CertificateChain(path, anchor);
        var failures = chain.Failures(at, rules).ToImmutableArray();
        return failures.IsEmpty ? chain : failures;
    }

    /// <summary>Goes from the leaf along signatures to a pinned root, as far as that leads. Dates and constraints are not looked at.</summary>
    /// <returns>The path; and the root, or the failure <c>chain</c> that says what is missing.</returns>
    public static (ImmutableArray<Certificate> Path, TrustAnchor? Anchor, FailedCheck? Missing) Walk(
        Certificate leaf, IReadOnlyList<Certificate> pool, IReadOnlyList<TrustAnchor> anchors, ChainRules rules)
    {
        var path = ImmutableArray.CreateBuilder<Certificate>();
        path.Add(leaf);
        while (true)
        {
            var last = path[^1];
            if (anchors.FirstOrDefault(anchor => Issued(anchor.Certificate, last)) is { } anchor)
            {
                return (path.ToImmutable(), anchor, null);
            }

            var issuer = path.Count > rules.MaxIntermediates
                ? null
                : pool.FirstOrDefault(candidate => Issued(candidate, last) && !path.Any(step => step.SpkiDigest == candidate.SpkiDigest));
            if (issuer is null)
            {
                var named = pool.Any(candidate => candidate.Subject.Equivalent(last.Issuer)) || anchors.Any(one => one.Certificate.Subject.Equivalent(last.Issuer));
                return (path.ToImmutable(), null, new FailedCheck(
                    named ? RefusalCode.EvidenceInvalid : RefusalCode.EndorsementMissing,
                    "chain",
                    $"a path to {(anchors.Count == 0 ? "a pinned root, of which there is none" : string.Join(" or ", anchors.Select(one => one.Name)))}",
                    named ? $"{last}, which no certificate of its issuer's name signed" : $"{last}, whose issuer is not there"));
            }

            path.Add(issuer);
        }
    }

    /// <summary>Returns what fails of one certificate by itself: <see cref="Validity"/>, <see cref="MayIssue"/>, <see cref="CriticalExtension"/>.</summary>
    /// <param name="place">0 is the leaf.</param>
    public static IEnumerable<FailedCheck> StepFailures(Certificate certificate, int place, bool isAnchor, Timestamp at, ChainRules rules)
    {
        var now = at.Value.UtcDateTime;
        var ignoreDates = (place == 0 && rules.IgnoreLeafDates) || (isAnchor && rules.IgnoreAnchorDates);
        if (!ignoreDates && (now < certificate.NotBefore || now > certificate.NotAfter))
        {
            yield return FailedCheck.Invalid(Validity, $"a certificate that is valid at {at}", $"{certificate} from {certificate.NotBefore:O} to {certificate.NotAfter:O}");
        }

        // Whoever signs certificates must be allowed to, and not deeper than it may (RFC 5280 s.6.1.4 k to n).
        if (place > 0 && (!certificate.Constraints.IsCa || certificate.Constraints.PathLength < place - 1
            || (certificate.KeyUsageBits is { } usage && (usage & KeyUsage.KeyCertSign) == 0)))
        {
            yield return FailedCheck.Invalid(MayIssue, "a certificate that may issue the one below it", certificate.ToString());
        }

        foreach (var oid in certificate.CriticalExtensions.Where(oid => !s_checkedCritical.Contains(oid) && !rules.KnownCritical.Contains(oid)))
        {
            yield return FailedCheck.Invalid(CriticalExtension, "only critical extensions that are understood", $"{oid} in {certificate}");
        }
    }

    private static bool Issued(Certificate issuer, Certificate subject) =>
        issuer.Subject.Equivalent(subject.Issuer) && subject.IsSignedBy(issuer.Key);

    private IEnumerable<FailedCheck> Failures(Timestamp at, ChainRules rules) => Path
        .SelectMany((certificate, place) => StepFailures(certificate, place, isAnchor: false, at, rules))
        .Concat(StepFailures(Anchor.Certificate, Path.Length, isAnchor: true, at, rules));
}
