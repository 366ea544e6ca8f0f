using System.Collections.Immutable;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Signatures;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Tpm;

/// <summary>Why an attestation key is trusted: a chain to a pinned root, or nothing but a contract that names the key.</summary>
/// <param name="Anchor">SHA-256 of the root's SubjectPublicKeyInfo, or without a certificate that of the key's own.</param>
/// <param name="Certificate">The key's certificate; null when there is none.</param>
/// <param name="IsRevocationKnown">Whether a current revocation list of every issuer was there.</param>
internal sealed record TpmKeyTrust(Digest Anchor, Certificate? Certificate, bool IsRevocationKnown)
{
    /// <summary>Gets the moment at which the first certificate or list lapses; null for a key that stands for itself, which has no end.</summary>
    public Timestamp? ValidUntil { get; init; }

    /// <summary>Returns the chain to judge: that of the certificate of the key that quotes; null when there is none.</summary>
    public static ChainQuestion? Question(VerificationKey key, EndorsementSet endorsements, IReadOnlyList<TrustAnchor> anchors)
    {
        var spki = key.SpkiDigest();
        return endorsements.Certificates.FirstOrDefault(one => one.Key.SpkiDigest() == spki) is { } leaf
            ? new ChainQuestion("the key of the quote", leaf, endorsements.Certificates, anchors, AttestationKeyCertificate.Rules) { Lists = endorsements.RevocationLists }
            : null;
    }

    /// <summary>Finds the reason.</summary>
    /// <param name="key">The key that quotes.</param>
    /// <param name="endorsements">None: the key stands for itself. Otherwise one must be the key's certificate.</param>
    /// <param name="anchors">The pinned roots.</param>
    /// <param name="at">The moment as of which certificates are judged.</param>
    /// <returns>The trust, or all failures: <c>ak-certificate</c>, those of the chain, of revocation, and of <see cref="AttestationKeyCertificate"/>.</returns>
    public static CheckResult<TpmKeyTrust> Of(
        VerificationKey key, EndorsementSet endorsements, IReadOnlyList<TrustAnchor> anchors, Timestamp at)
    {
        if (endorsements.Certificates.IsEmpty)
        {
            return new TpmKeyTrust(key.SpkiDigest(), Certificate: null, IsRevocationKnown: false);
        }

        if (Question(key, endorsements, anchors) is not { } question)
        {
            return new FailedCheck(
                RefusalCode.EvidenceInvalid, "ak-certificate", $"a certificate of the key that quotes, {key.SpkiDigest()}", $"certificates of {endorsements.Certificates.Length} other keys");
        }

        var failures = AttestationKeyCertificate.Failures(question.Leaf).ToImmutableArray();
        if (!question.Build(at).TryGet(out var chain, out var broken))
        {
            return failures.AddRange(broken);
        }

        failures = failures.AddRange(RevocationCheck.Failures(chain, endorsements.RevocationLists, at, _ => false));
        return failures.IsEmpty
            ? new TpmKeyTrust(chain.Anchor.SpkiDigest, question.Leaf, RevocationCheck.Failures(chain, endorsements.RevocationLists, at, _ => true).All(_ => false))
            {
                ValidUntil = RevocationCheck.ValidUntil(chain, endorsements.RevocationLists),
            }
            : failures;
    }
}
