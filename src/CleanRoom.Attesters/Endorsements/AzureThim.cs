namespace CleanRoom.Attesters.Endorsements;

/// <summary>Questions to Azure's Trusted Hardware Identity Management. Intel's collateral is at <see cref="IntelPcs.Azure"/>.</summary>
public static class AzureThim
{
    /// <summary>The one address without TLS: it is link-local, so that the host of the machine answers. Verifiers believe none of the hosts anyway.</summary>
    internal static Uri CertificationAddress { get; } = new("http://169.254.169.254/metadata/THIM/amd/certification");

    /// <summary>Gets the question for VCEK, ASK and ARK of the machine that asks. They are kept in PEM, in that order.</summary>
    public static EndorsementRequest AmdCertification { get; } = new()
    {
        Name = "azure-amd-chain",
        Address = CertificationAddress,
        Form = EndorsementForm.AzureCertification,
    };
}
