using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Attestation.Intel;

/// <summary>A DCAP quote whose form is right. Nothing is known about who made it.</summary>
/// <remarks>Spec: Intel SGX ECDSA Quote Library Reference, appendix A (version 3); Intel TDX DCAP Quote Generation Library, appendix 3 (4 and 5).</remarks>
internal sealed record Quote
{
    /// <summary>Gets the version: 3, 4 or 5.</summary>
    public required ushort Version { get; init; }

    /// <summary>Gets the maker of the quoting enclave, 16 bytes.</summary>
    public required Bytes QeVendor { get; init; }

    /// <summary>Gets the kind of the body.</summary>
    public required QuoteBodyType BodyType { get; init; }

    /// <summary>Gets the report of the enclave or the trust domain, as long as its kind.</summary>
    public required Bytes Body { get; init; }

    /// <summary>Gets what the attestation key signed: header, descriptor and body.</summary>
    public required Bytes SignedBytes { get; init; }

    /// <summary>Gets the signature, r and s, 64 bytes big endian.</summary>
    public required Bytes Signature { get; init; }

    /// <summary>Gets the attestation key's point, x and y, 64 bytes big endian.</summary>
    public required Bytes AttestationKey { get; init; }

    /// <summary>Gets the quoting enclave's report as the PCK signed it, 384 bytes.</summary>
    public required Bytes QeReportBytes { get; init; }

    /// <summary>Gets the quoting enclave's report.</summary>
    public required SgxReport QeReport { get; init; }

    /// <summary>Gets the PCK's signature over the quoting enclave's report, 64 bytes.</summary>
    public required Bytes QeReportSignature { get; init; }

    /// <summary>Gets what the quoting enclave bound together with the attestation key; at most 65,535 bytes.</summary>
    public required Bytes QeAuthentication { get; init; }

    /// <summary>Gets the PEM certificates in the quote; empty when it names the platform only (certification data of types 1 to 3).</summary>
    public required ImmutableArray<Bytes> Certificates { get; init; }
}
