namespace CleanRoom.Attestation;

/// <summary>Names of kinds of evidence that the appraisal treats in a way of their own.</summary>
public static class TeeNames
{
    /// <summary>The simulated TEE of development: it proves nothing about the machine.</summary>
    public const string Simulated = "simulated";

    /// <summary>AMD SEV-SNP: an attestation report of the guest.</summary>
    public const string AmdSevSnp = "amd-sev-snp";

    /// <summary>AMD SEV and SEV-ES before SNP: the platform's certificate chain, without a report of the guest.</summary>
    public const string AmdSev = "amd-sev";

    /// <summary>Intel TDX: a quote of the trust domain.</summary>
    public const string IntelTdx = "intel-tdx";

    /// <summary>Intel SGX DCAP: a quote of an enclave.</summary>
    public const string IntelSgx = "intel-sgx";

    /// <summary>AWS Nitro Enclaves: an attestation document.</summary>
    public const string AwsNitro = "aws-nitro";

    /// <summary>A TPM 2.0 quote in this product's envelope.</summary>
    public const string Tpm = "tpm";

    /// <summary>Google's Shielded VMs: TPM quotes in the go-tpm-tools message.</summary>
    public const string GoogleVtpm = "gcp-vtpm";

    /// <summary>Azure's confidential VMs: a hardware report that binds the vTPM's key, and its quote.</summary>
    public const string AzureVtpm = "azure-vtpm";

    /// <summary>Microsoft Azure Attestation: a signed token about SGX, SNP, TDX or VBS.</summary>
    public const string AzureAttestation = "azure-attestation";

    /// <summary>Google Confidential Space and Google Cloud Attestation: a signed token.</summary>
    public const string ConfidentialSpace = "gcp-confidential-space";

    /// <summary>Windows VBS (VSM) enclaves.</summary>
    public const string WindowsVbs = "windows-vbs";

    /// <summary>Arm PSA attestation tokens.</summary>
    public const string ArmPsa = "arm-psa";

    /// <summary>Arm CCA attestation tokens of realms.</summary>
    public const string ArmCca = "arm-cca";

    /// <summary>Android key attestation (TrustZone, StrongBox).</summary>
    public const string AndroidKeyMint = "android-keymint";

    /// <summary>Open Enclave reports and evidence over SGX.</summary>
    public const string OpenEnclave = "open-enclave";

    /// <summary>Asylo's assertion-generator certificates over SGX.</summary>
    public const string Asylo = "asylo";

    /// <summary>A TLS certificate that carries SGX or TDX evidence about its key.</summary>
    public const string RaTls = "ra-tls";
}
