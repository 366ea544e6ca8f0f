using System.Collections.Immutable;
using System.Globalization;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Certificates;

/// <summary>A chain that evidence rests on, before it is judged. The verdict and the list of its certificates ask the same question.</summary>
/// <param name="Chain">What the chain vouches for, in words.</param>
/// <param name="Leaf">Trust: attacker-controlled, as the pool is.</param>
/// <param name="Pool">Intermediates, in any order.</param>
/// <param name="Anchors">The pinned roots.</param>
/// <param name="Rules">Where the maker's PKI departs from RFC 5280.</param>
internal sealed record ChainQuestion(string Chain, Certificate Leaf, IReadOnlyList<Certificate> Pool, IReadOnlyList<TrustAnchor> Anchors, ChainRules Rules)
{
    /// <summary>The check that the issuer's key signed the certificate.</summary>
    public const string Signature = "issuer-signature";

    /// <summary>The check that the issuer has not revoked the certificate.</summary>
    public const string Revocation = "revocation";

    private static readonly ImmutableArray<string> s_ownChecks = [CertificateChain.Validity, CertificateChain.MayIssue, CertificateChain.CriticalExtension];

    /// <summary>Gets the revocation lists that came.</summary>
    public IReadOnlyList<RevocationList> Lists { get; init; } = [];

    /// <summary>Gets a value that says whether a list of each issuer is demanded.</summary>
    public bool AreListsRequired { get; init; }

    /// <summary>Finds and checks the path.</summary>
    public CheckResult<CertificateChain> Build(Timestamp at) => CertificateChain.Build(Leaf, Pool, Anchors, at, Rules);

    /// <summary>Goes along the path as far as it leads, and lists each certificate with each check, also those that hold.</summary>
    public IEnumerable<CertificateFinding> Examine(Timestamp at)
    {
        var (path, anchor, missing) = CertificateChain.Walk(Leaf, Pool, Anchors, Rules);
        for (var place = 0; place < path.Length; place++)
        {
            var issuer = place + 1 < path.Length ? path[place + 1] : anchor?.Certificate;
            CertificateCheck[] byIssuer =
            [
                Made(Signature, issuer is null && missing is not null ? [missing] : []),
                issuer is null ? new(Revocation, CheckOutcome.NotMade, []) : RevocationOf(path[place], issuer, at),
            ];
            yield return Finding(path[place], place, pinned: null, [.. byIssuer, .. Own(path[place], place, isAnchor: false, at)]);
        }

        if (anchor is not null)
        {
            yield return Finding(anchor.Certificate, path.Length, anchor.Name, [.. Own(anchor.Certificate, path.Length, isAnchor: true, at)]);
        }
    }

    private IEnumerable<CertificateCheck> Own(Certificate certificate, int place, bool isAnchor, Timestamp at)
    {
        var failures = CertificateChain.StepFailures(certificate, place, isAnchor, at, Rules).ToLookup(failure => failure.Check, StringComparer.Ordinal);
        return s_ownChecks.Select(check => Made(check, [.. failures[check]]));
    }

    private CertificateCheck RevocationOf(Certificate certificate, Certificate issuer, Timestamp at)
    {
        ImmutableArray<FailedCheck> failures = [.. RevocationCheck.StepFailures(certificate, issuer, Lists, at, AreListsRequired)];
        return failures.IsEmpty && !Lists.Any(list => list.Issuer.Equivalent(issuer.Subject))
            ? new(Revocation, CheckOutcome.NotMade, [])
            : Made(Revocation, failures);
    }

    private static CertificateCheck Made(string check, ImmutableArray<FailedCheck> failures) =>
        new(check, failures.IsEmpty ? CheckOutcome.Passed : CheckOutcome.Failed, failures);

    private CertificateFinding Finding(Certificate certificate, int place, string? pinned, ImmutableArray<CertificateCheck> checks) => new()
    {
        Chain = Chain,
        Place = place,
        Pinned = pinned,
        Subject = Printable.Text(certificate.Subject.ToString()),
        Issuer = Printable.Text(certificate.Issuer.ToString()),
        NotBefore = Earliest.At(certificate.NotBefore),
        NotAfter = Earliest.At(certificate.NotAfter),
        Key = string.Create(CultureInfo.InvariantCulture, $"{(certificate.Key.IsRsa ? "rsa" : "ecdsa")} {certificate.Key.Bits} bits"),
        KeyDigest = certificate.SpkiDigest,
        Fingerprint = Digest.Of(certificate.Der.Span),
        Checks = checks,
    };
}
