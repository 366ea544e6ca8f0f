namespace CleanRoom.Attesters;

/// <summary>The names that contracts use for the kinds of evidence that this library obtains. Spec: contracts/spec/0006 s.3.</summary>
public static class AttesterNames
{
    /// <summary>AMD SEV-SNP: ATTESTATION_REPORT.</summary>
    public const string AmdSevSnp = "amd-sev-snp";

    /// <summary>Intel TDX: quote.</summary>
    public const string IntelTdx = "intel-tdx";

    /// <summary>Arm CCA: token.</summary>
    public const string ArmCca = "arm-cca";

    /// <summary>AWS Nitro Enclaves: attestation document.</summary>
    public const string AwsNitro = "aws-nitro";

    /// <summary>TPM 2.0: quote.</summary>
    public const string Tpm = "tpm";

    /// <summary>Google Confidential Space: token of kind PKI.</summary>
    public const string GcpConfidentialSpace = "gcp-confidential-space";

    /// <summary>Azure confidential VM: hardware report and quote of the virtual TPM.</summary>
    public const string AzureVtpm = "azure-vtpm";
}
