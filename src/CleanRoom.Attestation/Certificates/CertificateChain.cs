using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Protocol;
using Org.BouncyCastle.Asn1.X509;

namespace CleanRoom.Attestation.Certificates;

/// <summary>A path from a certificate to a pinned root, every step of which was checked. Spec: RFC 5280 s.6.1.</summary>
internal sealed class CertificateChain
{
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
        var path = ImmutableArray.CreateBuilder<Certificate>();
        path.Add(leaf);
        while (true)
        {
            var last = path[^1];
            if (anchors.FirstOrDefault(anchor => Issued(anchor.Certificate, last)) is { } anchor)
            {
                var chain = new CertificateChain(path.ToImmutable(), anchor);
                var failures = chain.Failures(at, rules).ToImmutableArray();
                return failures.IsEmpty ? chain : failures;
            }

            var issuer = path.Count > rules.MaxIntermediates
                ? null
                : pool.FirstOrDefault(candidate => Issued(candidate, last) && !path.Any(step => step.SpkiDigest == candidate.SpkiDigest));
            if (issuer is null)
            {
                var named = pool.Any(candidate => candidate.Subject.Equivalent(last.Issuer)) || anchors.Any(one => one.Certificate.Subject.Equivalent(last.Issuer));
                return new FailedCheck(
                    named ? RefusalCode.EvidenceInvalid : RefusalCode.EndorsementMissing,
                    "chain",
                    $"a path to {(anchors.Count == 0 ? "a pinned root, of which there is none" : string.Join(" or ", anchors.Select(one => one.Name)))}",
                    named ? $"{last}, which no certificate of its issuer's name signed" : $"{last}, whose issuer is not there");
            }

            path.Add(issuer);
        }
    }

    private static bool Issued(Certificate issuer, Certificate subject) =>
        issuer.Subject.Equivalent(subject.Issuer) && subject.IsSignedBy(issuer.Key);

    private IEnumerable<FailedCheck> Failures(Timestamp at, ChainRules rules)
    {
        var now = at.Value.UtcDateTime;
        for (var i = 0; i <= Path.Length; i++)
        {
            var isAnchor = i == Path.Length;
            var certificate = isAnchor ? Anchor.Certificate : Path[i];
            var ignoreDates = (i == 0 && rules.IgnoreLeafDates) || (isAnchor && rules.IgnoreAnchorDates);
            if (!ignoreDates && (now < certificate.NotBefore || now > certificate.NotAfter))
            {
                yield return FailedCheck.Invalid("chain-validity", $"a certificate that is valid at {at}", $"{certificate} from {certificate.NotBefore:O} to {certificate.NotAfter:O}");
            }

            // Whoever signs certificates must be allowed to, and not deeper than it may (RFC 5280 s.6.1.4 k to n).
            if (i > 0 && (!certificate.Constraints.IsCa || certificate.Constraints.PathLength < i - 1
                || (certificate.KeyUsageBits is { } usage && (usage & KeyUsage.KeyCertSign) == 0)))
            {
                yield return FailedCheck.Invalid("chain-constraints", "a certificate that may issue the one below it", certificate.ToString());
            }

            foreach (var oid in certificate.CriticalExtensions.Where(oid => !s_checkedCritical.Contains(oid) && !rules.KnownCritical.Contains(oid)))
            {
                yield return FailedCheck.Invalid("chain-critical-extension", "only critical extensions that are understood", $"{oid} in {certificate}");
            }
        }
    }
}
