using CleanRoom.Attestation.Evidence;
using CleanRoom.Attestation.Tpm;

namespace CleanRoom.Attestation.AzureVtpm;

/// <summary>Evidence of an Azure confidential VM whose form is right.</summary>
internal sealed class AzureVtpmEvidence(AzureVtpmEvidence.Parts parts, ParsedEvidence hardware, IEvidenceVerifier verifier)
    : ParsedEvidence(AzureVtpmClaims.Of(hardware.StatedClaims, verifier.Tee, parts))
{
    /// <summary>Gets what the paravisor left.</summary>
    public HclReport Report => parts.Report;

    /// <summary>Gets what it says, and the key with which its virtual TPM quotes.</summary>
    public RuntimeClaims Runtime => parts.Runtime;

    /// <summary>Gets the quote.</summary>
    public TpmQuoteStatement Quote => parts.Quote;

    /// <summary>Gets the signature over the quote.</summary>
    public TpmSignature Signature => parts.Signature;

    /// <summary>Gets the values beside the quote.</summary>
    public PcrSet Pcrs => parts.Pcrs;

    /// <summary>Gets the hardware's own evidence: the SNP report or the TDX quote.</summary>
    public ParsedEvidence Hardware { get; } = hardware;

    /// <summary>Gets the verifier of the hardware's evidence.</summary>
    public IEvidenceVerifier Verifier { get; } = verifier;

    /// <summary>Returns the claims with what is now known about the hardware.</summary>
    public EvidenceClaims Claims(EvidenceClaims verified) => AzureVtpmClaims.Of(verified, Verifier.Tee, parts);

    /// <summary>The members of the envelope, each in its own form.</summary>
    internal sealed record Parts(HclReport Report, RuntimeClaims Runtime, TpmQuoteStatement Quote, TpmSignature Signature, PcrSet Pcrs);
}
