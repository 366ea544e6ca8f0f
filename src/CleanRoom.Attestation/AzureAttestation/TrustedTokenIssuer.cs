using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AzureAttestation;

/// <summary>An instance of Azure Attestation that the caller trusts, with the keys that it fetched from there itself.</summary>
/// <param name="Issuer">The exact <c>iss</c>: instances of a region share their key, so the name is what tells tenants apart.</param>
/// <param name="KeySet">The JSON of <c>ISSUER/certs</c> (RFC 7517). Trust: trusted; it MUST NOT come with the evidence.</param>
public sealed record TrustedTokenIssuer(string Issuer, Bytes KeySet);
