namespace CleanRoom.Attestation.Intel;

/// <summary>What a quote is about. The values are those of the body descriptor of version 5.</summary>
/// <remarks>Spec: Intel TDX DCAP Quote Generation Library, appendix 3 (TD quote format), version 5.</remarks>
internal enum QuoteBodyType
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>An SGX enclave's report, 384 bytes.</summary>
    Sgx = 1,

    /// <summary>A TD report of TDX 1.0, 584 bytes.</summary>
    Td10 = 2,

    /// <summary>A TD report of TDX 1.5, 648 bytes.</summary>
    Td15 = 3,
}
