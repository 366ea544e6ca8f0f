using CleanRoom.Protocol;

namespace CleanRoom.Attestation.AzureAttestation;

/// <summary>An issuer of tokens that the caller trusts, an instance of Azure Attestation or Google, with the keys that it fetched from there itself.</summary>
/// <param name="Issuer">The exact <c>iss</c>: instances of a region share their key, so the name is what tells tenants apart.</param>
/// <param name="KeySet">The issuer's key set (RFC 7517); of Azure the JSON of <c>ISSUER/certs</c>. Trust: trusted; it MUST NOT come with the evidence.</param>
public sealed record TrustedTokenIssuer(string Issuer, Bytes KeySet);
