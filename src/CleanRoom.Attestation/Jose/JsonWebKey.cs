using CleanRoom.Attestation.Certificates;
using CleanRoom.Attestation.Signatures;

namespace CleanRoom.Attestation.Jose;

/// <summary>A key of a set that can verify. Spec: RFC 7517 s.4.</summary>
/// <param name="KeyId">The name by which tokens call it.</param>
/// <param name="Key">RSA of at least 2,048 bits.</param>
/// <param name="Certificate">The certificate that the set gives for it; null when it gives numbers only.</param>
internal sealed record JsonWebKey(string KeyId, VerificationKey Key, Certificate? Certificate);
