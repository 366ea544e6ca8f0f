using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AmdSev;

/// <summary>One of the two signatures on a certificate of the platform.</summary>
/// <param name="Signer">Which key made it; None where there is none.</param>
/// <param name="Algorithm">How.</param>
/// <param name="Content">512 bytes: r and s of 72 bytes each, or the RSA signature, little endian and then zeros.</param>
internal sealed record SevSignature(SevKeyUsage Signer, SevAlgorithm Algorithm, Bytes Content);
