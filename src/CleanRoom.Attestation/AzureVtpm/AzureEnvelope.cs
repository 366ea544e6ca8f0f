using System.Collections.Immutable;
using CleanRoom.Attestation.Tpm;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AzureVtpm;

/// <summary>The parts of evidence of an Azure confidential VM, whichever envelope they came in. Trust: attacker-controlled.</summary>
/// <param name="HclReport">What the virtual TPM has at NV 0x01400001.</param>
/// <param name="Quote">TPMS_ATTEST.</param>
/// <param name="Signature">The signature over the quote; null where its form is not right.</param>
/// <param name="Pcrs">The values beside the quote.</param>
/// <param name="TdQuote">The TDX quote; null where there is none.</param>
/// <param name="Endorsements">The certificates that came inside.</param>
internal sealed record AzureEnvelope(
    Bytes HclReport, Bytes Quote, TpmSignature? Signature, PcrSet Pcrs, Bytes? TdQuote, ImmutableArray<Bytes> Endorsements);
