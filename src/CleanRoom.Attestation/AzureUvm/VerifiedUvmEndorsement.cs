using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AzureUvm;

/// <summary>A statement that Microsoft's key for utility VMs signed. It says what a measurement stands for, not that a machine runs it.</summary>
/// <param name="LaunchMeasurement">48 bytes, to be compared with the report's measurement.</param>
/// <param name="GuestSvn">The security version, for a floor in a contract.</param>
/// <param name="Issuer">Who is named as the issuer: the pinned root and the purpose.</param>
/// <param name="Feed">What is endorsed.</param>
/// <param name="Anchor">SHA-256 of the SubjectPublicKeyInfo of the pinned root.</param>
internal sealed record VerifiedUvmEndorsement(Bytes LaunchMeasurement, int GuestSvn, UvmIssuer Issuer, string Feed, Digest Anchor);
