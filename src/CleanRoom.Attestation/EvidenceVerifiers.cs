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
}
