using System.Collections.Immutable;
using CleanRoom.Attestation.AmdSev;
using CleanRoom.Attestation.AmdSevSnp;
using CleanRoom.Attestation.AndroidKeyMint;
using CleanRoom.Attestation.ArmCca;
using CleanRoom.Attestation.ArmPsa;
using CleanRoom.Attestation.Asylo;
using CleanRoom.Attestation.AwsNitro;
using CleanRoom.Attestation.AzureAttestation;
using CleanRoom.Attestation.AzureVtpm;
using CleanRoom.Attestation.ConfidentialSpace;
using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.GoogleVtpm;
using CleanRoom.Attestation.IntelSgx;
using CleanRoom.Attestation.IntelTdx;
using CleanRoom.Attestation.Jose;
using CleanRoom.Attestation.OpenEnclave;
using CleanRoom.Attestation.RaTls;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Attestation.WindowsVbs;

namespace CleanRoom.Attestation;

/// <summary>Every kind of evidence of a real TEE that this program knows, each with its maker's pinned roots.</summary>
public static class EvidenceVerifiers
{
    /// <summary>Gets the verifiers, each TEE once.</summary>
    public static ImmutableArray<IEvidenceVerifier> All { get; } =
    [
        new AmdSevSnpVerifier(),
        new AmdSevVerifier(),
        new AndroidKeyMintVerifier(),
        new ArmCcaVerifier(),
        new ArmPsaVerifier(),
        new AsyloVerifier(),
        new AwsNitroVerifier(),
        new AzureAttestationVerifier(),
        new AzureVtpmVerifier(),
        new ConfidentialSpaceVerifier(),
        new GoogleVtpmVerifier(),
        new IntelSgxVerifier(),
        new IntelTdxVerifier(),
        new OpenEnclaveVerifier(),
        new RaTlsVerifier(),
        new TpmVerifier(),
        new WindowsVbsVerifier(),
    ];

    /// <summary>Returns verifiers of which the one for an issuer's tokens trusts the keys that the caller saved: Google's, or else an instance of Azure Attestation.</summary>
    /// <param name="verifiers">Each TEE once.</param>
    /// <param name="issuer">Trust: trusted; its keys MUST NOT have come with the evidence.</param>
    /// <returns>The verifiers; null when the key set has no key that can verify.</returns>
    public static ImmutableArray<IEvidenceVerifier>? Trusting(ImmutableArray<IEvidenceVerifier> verifiers, TrustedTokenIssuer issuer)
    {
        ArgumentNullException.ThrowIfNull(issuer);
        if (JsonWebKeySet.Parse(issuer.KeySet.Span) is not { } set || set.ReadAll().IsEmpty)
        {
            return null;
        }

        IEvidenceVerifier trusting = issuer.Issuer == ConfidentialSpaceVerifier.Issuer
            ? ConfidentialSpaceVerifier.Trusting(issuer.KeySet, set)
            : new AzureAttestationVerifier([issuer]);
        return [.. verifiers.Select(verifier => verifier.Tee == trusting.Tee ? trusting : verifier)];
    }
}
