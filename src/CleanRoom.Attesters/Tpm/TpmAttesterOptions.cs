using System.Collections.Immutable;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Tpm;

/// <summary>How a TPM attests.</summary>
public sealed class TpmAttesterOptions
{
    /// <summary>Gets the PCRs that a quote covers.</summary>
    /// <value>Default <see cref="PcrSelection.Default"/>.</value>
    public PcrSelection Pcrs { get; init; } = PcrSelection.Default;

    /// <summary>Gets the file of the firmware's event log, which is added when it is there and has at most 131,072 bytes.</summary>
    /// <value>Default <c>/sys/kernel/security/tpm0/binary_bios_measurements</c>.</value>
    public string EventLogPath { get; init; } = "/sys/kernel/security/tpm0/binary_bios_measurements";

    /// <summary>Gets the issuers of the attestation key's certificate, DER each, nearest first.</summary>
    /// <value>Default none: then the relying party needs them from elsewhere.</value>
    public ImmutableArray<Bytes> Issuers { get; init; } = [];
}
