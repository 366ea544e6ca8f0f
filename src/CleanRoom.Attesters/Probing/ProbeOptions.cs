using System.Collections.Immutable;
using CleanRoom.Attestation;
using CleanRoom.Attesters.ConfidentialSpace;
using CleanRoom.Attesters.ConfigfsTsm;
using CleanRoom.Attesters.Tpm;
using CleanRoom.Attesters.Tpm.Wire;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Probing;

/// <summary>Where a probe looks.</summary>
public sealed class ProbeOptions
{
    /// <summary>The word that takes the first TEE that the machine has.</summary>
    public const string Auto = "auto";

    /// <summary>Gets the wanted TEE: a name of <see cref="TeeNames"/>, or <see cref="Auto"/>.</summary>
    public string Tee { get; init; } = Auto;

    /// <summary>Gets the way to the TPM.</summary>
    /// <value>Default <c>/dev/tpmrm0</c>.</value>
    public ITpmTransport Tpm { get; init; } = new TpmDevice();

    /// <summary>Gets the PCRs that are quoted and sealed to.</summary>
    public PcrSelection Pcrs { get; init; } = PcrSelection.Default;

    /// <summary>Gets the issuers of the TPM's attestation certificate in DER, nearest first.</summary>
    public ImmutableArray<Bytes> Issuers { get; init; } = [];

    /// <summary>Gets the directory of the kernel's reports.</summary>
    public string TsmPath { get; init; } = TsmAttester.DefaultPath;

    /// <summary>Gets the socket of Confidential Space's launcher.</summary>
    public string LauncherSocket { get; init; } = ConfidentialSpaceAttester.DefaultSocketPath;

    /// <summary>Gets the device of SEV-SNP.</summary>
    public string SnpDevice { get; init; } = SevGuest.SnpDevice.Path;

    /// <summary>Gets the device of Nitro.</summary>
    public string NsmDevice { get; init; } = Nitro.NsmDevice.Path;

    /// <summary>Gets the client for Azure's metadata service.</summary>
    public required HttpClient AzureMetadata { get; init; }
}
