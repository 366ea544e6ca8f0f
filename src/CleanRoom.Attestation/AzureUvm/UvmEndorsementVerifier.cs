using System.Collections.Immutable;
using System.Security.Cryptography;
using CleanRoom.Attestation.Appraisal;
using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Cose;
using CleanRoom.Attestation.Formats;
using CleanRoom.Protocol;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;

namespace CleanRoom.Attestation.AzureUvm;

/// <summary>Verifies Azure's statements about its utility VMs. Spec: contracts/spec/attestation/azure-uvm.md.</summary>
/// <param name="anchors">Trusted roots; the certificates in a statement never become one.</param>
internal sealed class UvmEndorsementVerifier(ImmutableArray<TrustAnchor> anchors)
{
    private const string Feed = "ContainerPlat-AMD-UVM";

    /// <summary>The purpose "Microsoft supply chain: container platform", which only the keys of utility VMs have.</summary>
    private const string Purpose = "1.3.6.1.4.1.311.76.59.1.2";

    /// <summary>Uses Microsoft's supply chain root of 2022.</summary>
    public UvmEndorsementVerifier()
        : this(PinnedAnchors)
    {
    }

    /// <summary>Gets Microsoft's supply chain root of 2022.</summary>
    public static ImmutableArray<TrustAnchor> PinnedAnchors => TrustAnchor.Pinned("microsoft-supply-chain-root");

    /// <summary>Checks who signed, and lists every check that fails: each name begins with <c>uvm-</c>.</summary>
    /// <param name="at">The moment of appraisal. The certificates are judged at the moment of signing, since their leaf lives a year and a measurement longer.</param>
    public CheckResult<VerifiedUvmEndorsement> Verify(UvmEndorsement endorsement, Timestamp at)
    {
        var failures = new List<FailedCheck>();
        var leaf = endorsement.Chain[0];
        Require(failures, "uvm-algorithm", endorsement.Message.Algorithm == CoseAlgorithm.Ps384, nameof(CoseAlgorithm.Ps384), endorsement.Message.Algorithm.ToString());
        Require(failures, "uvm-signature", endorsement.Message.IsSignedBy(leaf.Key), "made by the leaf's key", "another");
        Require(failures, "uvm-thumbprint", endorsement.Thumbprint.Span.SequenceEqual(SHA256.HashData(leaf.Der.Span)), "the leaf's", "another");
        Require(failures, "uvm-feed", endorsement.Feed == Feed, Feed, Printable.Text(endorsement.Feed));
        Require(failures, "uvm-signing-time", endorsement.SignedAt.CompareTo(at) <= 0, $"before {at}", endorsement.SignedAt.ToString());
        Require(failures, "uvm-purpose", endorsement.Issuer.Purpose == Purpose, Purpose, Printable.Text(endorsement.Issuer.Purpose));
        Require(failures, "uvm-leaf", HasPurpose(leaf), $"a leaf for the purpose {Purpose} that may not issue", leaf.ToString());
        if (!CertificateChain.Build(leaf, endorsement.Chain[1..], anchors, endorsement.SignedAt, ChainRules.Strict).TryGet(out var chain, out var broken))
        {
            failures.AddRange(broken.Select(failure => failure with { Check = "uvm-" + failure.Check }));
            return failures.ToImmutableArray();
        }

        var root = Digest.Of(chain.Anchor.Certificate.Der.Span);
        Require(failures, "uvm-issuer", endorsement.Issuer.Root == root, $"the root {root}", endorsement.Issuer.Root.ToString());
        return failures.Count == 0
            ? new VerifiedUvmEndorsement(endorsement.LaunchMeasurement, endorsement.GuestSvn, endorsement.Issuer, endorsement.Feed, chain.Anchor.SpkiDigest)
            : failures.ToImmutableArray();
    }

    private static bool HasPurpose(Certificate leaf)
    {
        var extension = leaf.Extension(X509Extensions.ExtendedKeyUsage.Id).ToArray();
        return !leaf.Constraints.IsCa
            && Asn1Guard.Read(() => ExtendedKeyUsage.GetInstance(Asn1Object.FromByteArray(extension))) is { } usage
            && usage.GetAllUsages().Any(one => one.Id == Purpose);
    }

    private static void Require(List<FailedCheck> failures, string check, bool holds, string wanted, string got)
    {
        if (!holds)
        {
            failures.Add(new FailedCheck(RefusalCode.EvidenceInvalid, check, wanted, got));
        }
    }
}
